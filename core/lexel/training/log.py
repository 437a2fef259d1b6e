"""The numbers of a training, one line a report, in a CSV file that survives a kill."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

from lexel.io.atomic import replacing_file

LOG_NAME = "metrics.csv"


class MetricsLog:
    """Appends rows to `file`; lines after `step`, which a killed run wrote, are dropped first.

    Args:
        file: the CSV.
        columns: the first one is `step`.
        step: how many steps the checkpoint holds.
    """

    def __init__(self, file: Path, columns: tuple[str, ...], step: int) -> None:
        self._file, self._columns = file, columns
        kept = [row for row in _rows(file) if row and _as_int(row[0]) <= step]
        with replacing_file(file) as temporary, temporary.open("w", newline="") as stream:
            csv.writer(stream).writerows([list(columns), *kept])

    def write(self, values: Mapping[str, float]) -> None:
        """One row; columns without a value stay empty."""
        with self._file.open("a", newline="") as stream:
            csv.writer(stream).writerow([_text(values.get(c)) for c in self._columns])


def _rows(file: Path) -> list[list[str]]:
    if not file.exists():
        return []
    with file.open(newline="") as stream:
        return list(csv.reader(stream))[1:]


def _as_int(text: str) -> int:
    try:
        return int(text)
    except ValueError:  # a line that was cut off
        return 1 << 62


def _text(value: float | None) -> str:
    if value is None:
        return ""
    return str(value) if isinstance(value, int) else f"{value:.6g}"
