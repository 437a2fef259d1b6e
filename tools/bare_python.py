"""A fresh Python that has numpy and one package, as Blender has it, and nothing else of ours."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np

_START = """
import sys

class Only:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] not in sys.stdlib_module_names | {allowed!r}:
            raise ImportError(name + " is not there")

sys.meta_path.insert(0, Only())
sys.path[:0] = {path!r}
"""


def run_bare(package: Path, code: str, *, timeout_s: float = 300, **environment: str) -> str:
    """What `code` prints; `import NAME` gives it the package in the folder NAME.

    Raises:
        RuntimeError: it failed; with what it said.
    """
    path = [str(package.parent), str(Path(np.__file__).parents[1])]
    start = _START.format(allowed={"numpy", package.name}, path=path)
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", start + code],
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=timeout_s,
        env={name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}
        | environment,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout
