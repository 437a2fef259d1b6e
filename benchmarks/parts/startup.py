"""How soon `lexel --help` answers."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from pathlib import Path

from benchmarks.figures import Figure, Options
from benchmarks.measure import timed

_TIMES = 5
_TARGET_S = 0.5


def run(options: Options) -> list[Figure]:
    """Median of several starts, each in a process of its own."""
    command = [_lexel(), "--help"]

    def start() -> None:
        subprocess.run(command, check=True, capture_output=True)

    start()  # bytecode and disk cache
    walls = [timed(start)[0].wall_s for _ in range(_TIMES)]
    slow = statistics.median(walls) > _TARGET_S
    return [
        Figure(
            "lexel --help",
            f"median of {_TIMES} starts, after one for the disk cache: "
            + ", ".join(f"{wall:.2f}" for wall in walls)
            + " s",
            lexel=statistics.median(walls),
            at_most=_TARGET_S,
            limits=_slowest_imports() if slow else "",
        )
    ]


def _lexel() -> str:
    return str(Path(sys.executable).with_name("lexel.exe" if os.name == "nt" else "lexel"))


def _slowest_imports(rows: int = 8) -> str:
    """Modules by their own import time, microseconds, as `-X importtime` has them."""
    code = "import lexel.cli; lexel.cli.main()"
    told = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", code, "--help"], capture_output=True, text=True
    ).stderr
    lines = [line for line in told.splitlines() if line.startswith("import time:")][1:]
    lines.sort(key=lambda line: -int(line.split(":")[1].split("|")[0]))
    return "\n".join(lines[:rows])
