"""What a benchmark says: figures beside their targets, as a table and as JSON."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.measure import Spent


@dataclass(frozen=True)
class Options:
    """How to measure.

    Attributes:
        threads: torch's threads, on both sides.
        full: measure Lexel's side of the relevancy in full instead of projecting it.
    """

    threads: int
    full: bool = False


@dataclass(frozen=True)
class Figure:
    """One line of the table.

    Attributes:
        what: is compared.
        how: each number was got; `projected` where it was not measured in full.
        unit: of baseline and lexel.
        baseline, lexel: the published way's and Lexel's number; None where there is none.
        cpu_ratio: baseline's CPU seconds over Lexel's, which other processes disturb less.
        at_least: target of baseline / lexel.
        at_most: target of lexel.
        limits: a profile of Lexel's side, where the target is missed.
    """

    what: str
    how: str
    unit: str = "s"
    baseline: float | None = None
    lexel: float | None = None
    cpu_ratio: float | None = None
    at_least: float | None = None
    at_most: float | None = None
    limits: str = ""

    @property
    def ratio(self) -> float | None:
        if self.baseline is None or not self.lexel:
            return None
        return self.baseline / self.lexel

    @property
    def met(self) -> bool | None:
        """None where there is no target; of wall and CPU ratio, the lower one counts."""
        if self.at_least is not None:
            ratios = [ratio for ratio in (self.ratio, self.cpu_ratio) if ratio is not None]
            return bool(ratios) and min(ratios) >= self.at_least
        if self.at_most is not None:
            return self.lexel is not None and self.lexel <= self.at_most
        return None

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "ratio": self.ratio, "met": self.met}


def compare(
    what: str, baseline: Spent, lexel: Spent, how: str, at_least: float | None = None
) -> Figure:
    """A figure of two times."""
    return Figure(
        what,
        how,
        baseline=baseline.wall_s,
        lexel=lexel.wall_s,
        cpu_ratio=baseline.cpu_s / lexel.cpu_s,
        at_least=at_least,
    )


def machine(options: Options) -> dict[str, Any]:
    """On what this was measured."""
    import torch

    return {
        "cpu": _cpu_name(),
        "cores": os.cpu_count(),
        "threads": options.threads,
        "torch": torch.__version__,
        "python": platform.python_version(),
        "system": platform.platform(),
        "load_average": [round(x, 2) for x in os.getloadavg()] if hasattr(os, "getloadavg") else [],
    }


def table(figures: Sequence[Figure]) -> str:
    """All figures, aligned."""
    head = ("what", "baseline", "lexel", "ratio", "CPU ratio", "target", "met?")
    rows = [head, *(_row(figure) for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    rows.insert(1, tuple("-" * width for width in widths))
    lines = []
    for row in rows:
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def _row(figure: Figure) -> tuple[str, ...]:
    met = {True: "yes", False: "NO", None: ""}[figure.met]
    return (
        figure.what,
        _number(figure.baseline, figure.unit),
        _number(figure.lexel, figure.unit),
        _number(figure.ratio, "x"),
        _number(figure.cpu_ratio, "x"),
        _target(figure),
        met,
    )


def _target(figure: Figure) -> str:
    if figure.at_least is not None:
        return f">= {figure.at_least:g} x"
    if figure.at_most is not None:
        return f"<= {figure.at_most:g} {figure.unit}".rstrip()
    return ""


def _number(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    if unit == "s" and abs(value) < 1:
        return f"{value * 1000:.0f} ms"
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:.{digits}f} {unit}".rstrip() if abs(value) >= 0.01 else f"{value:.1e} {unit}"


def _cpu_name() -> str:
    information = Path("/proc/cpuinfo")
    if information.is_file():
        for line in information.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor()
