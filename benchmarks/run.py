"""`make bench`: Lexel against the published schedule, on the real scene.

    python benchmarks/run.py [--only NAME ...] [--threads N] [--full] [--json FILE]

benchmarks/README.md says what is compared and how.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.figures import Figure, Options

PARTS = (
    "startup",
    "relevancy",
    "phrase",
    "completion",
    "localisation",
    "memory",
    "world",
    "query",
    "typing",
    "viewer",
    "service",
    "blender",
    "extension",
    "figure",
)


def main() -> int:
    # Run as a file, Python looks for modules beside it; `benchmarks` itself is one folder up.
    sys.path[0] = str(Path(__file__).resolve().parents[1])
    import torch

    from benchmarks.figures import Options, machine

    given = _arguments()
    torch.set_num_threads(given.threads)
    options = Options(given.threads, given.full)
    before = machine(options)
    figures = [figure for name in given.only or PARTS for figure in _run(name, options)]
    _print(before, figures)
    if given.json:
        told = {"machine": before, "figures": [figure.as_json() for figure in figures]}
        given.json.write_text(json.dumps(told, indent=2) + "\n")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", choices=PARTS, action="append", help="one part; may be repeated")
    parser.add_argument("--threads", type=int, default=os.cpu_count(), help="of both sides")
    parser.add_argument(
        "--full", action="store_true", help="measure Lexel's relevancy in full (10 minutes more)"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here too")
    return parser.parse_args()


def _run(name: str, options: Options) -> list[Figure]:
    from benchmarks.measure import tell
    from benchmarks.workload import Unavailable

    try:
        return importlib.import_module(f"benchmarks.parts.{name}").run(options)
    except Unavailable as reason:
        tell(f"{name}: left out, {reason}.")
        return []


def _print(before: dict[str, object], figures: list[Figure]) -> None:
    from benchmarks.figures import table

    print("  ".join(f"{key}: {value}" for key, value in before.items()))
    print(f"\n{table(figures)}\n")
    print("How each was got:")
    for figure in figures:
        print(f"- {figure.what.strip()}: {figure.how}.")
    for figure in figures:
        if figure.limits:
            print(f"\n{figure.what.strip()} misses its target. Lexel's side by operator:")
            print(figure.limits)


if __name__ == "__main__":
    sys.exit(main())
