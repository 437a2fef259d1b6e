"""`.xyz`: a point a line, and what follows its position by the number of columns.

3: position. 4: and an intensity. 6: and a colour, in 0..255 or 0..1, or a unit normal. 7: position,
intensity, colour. 9: position, colour, normal. Columns stand apart by blanks, commas or semicolons;
a first line that is one number alone is how many points there are.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from lexel.errors import SceneError
from lexel.io.notes import Notes
from lexel.io.raw_geometry import MAX_WHOLE_BYTES, RawGeometry

_COMMENTS = ("#", "//")
_MAX_COMMENTS = 100
_UNIT_NORMAL = 0.05  # how far the length of normals may be from 1

Float = npt.NDArray[np.float64]


def read_xyz_geometry(file: Path, _: Notes) -> RawGeometry:
    """The cloud of a file."""
    comments, skipped, delimiter = _look(file)
    try:
        table = np.loadtxt(
            file,
            comments=list(_COMMENTS),
            delimiter=delimiter,
            skiprows=skipped,
            ndmin=2,
            encoding="utf-8",
        )
    except (OSError, ValueError) as cause:
        raise SceneError("is not rows of numbers", where=file, got=cause) from cause
    if table.shape[1] not in (3, 4, 6, 7, 9):
        raise SceneError(
            "should have 3, 4, 6, 7 or 9 columns", where=file, got=f"{table.shape[1]} columns"
        )
    rgb, normals = _meaning(table)
    return RawGeometry("point cloud", table[:, :3], rgb, normals, comments=comments)


def _look(file: Path) -> tuple[tuple[str, ...], int, str | None]:
    """Comments at the head, how many lines to skip, and what stands between columns."""
    comments, rows = list[str](), list[tuple[int, str]]()
    try:
        if file.stat().st_size > MAX_WHOLE_BYTES:
            raise SceneError("is larger than 1 GB", where=file, do="Save it as binary .ply.")
        with file.open(encoding="utf-8") as text:
            for number, line in enumerate(text):
                if line.lstrip().startswith(_COMMENTS):
                    if len(comments) < _MAX_COMMENTS:
                        comments.append(line.strip("#/ \r\n"))
                elif line.strip():
                    rows.append((number, line.strip()))
                if len(rows) == 2:
                    break
    except (OSError, ValueError) as cause:
        raise SceneError("cannot be read as text", where=file, got=cause) from cause
    alone = bool(rows) and len(rows[0][1].replace(",", " ").replace(";", " ").split()) == 1
    if len(rows) < 1 + alone:
        raise SceneError("holds no points", where=file, do="Export it again.")
    delimiter = next((mark for mark in (",", ";") if mark in rows[-1][1]), None)
    return tuple(comments), rows[0][0] + 1 if alone else 0, delimiter


def _meaning(table: Float) -> tuple[npt.NDArray[np.uint8] | None, Float | None]:
    """Colours and normals."""
    width = table.shape[1]
    if width == 9:
        return _colours(table[:, 3:6]), table[:, 6:]
    if width == 7:
        return _colours(table[:, 4:]), None
    if width == 6 and _are_normals(table[:, 3:]):
        return None, table[:, 3:]
    return (_colours(table[:, 3:]) if width == 6 else None), None


def _are_normals(values: Float) -> bool:
    with np.errstate(all="ignore"):
        off = np.abs(np.linalg.norm(values, axis=1) - 1)
    return bool((values < 0).any() and off.max(initial=0) < _UNIT_NORMAL)


def _colours(values: Float) -> npt.NDArray[np.uint8] | None:
    """None when the numbers are no colours."""
    finite = np.nan_to_num(values, nan=0.0, posinf=256.0, neginf=-1.0)
    if finite.min(initial=0) < 0 or finite.max(initial=0) > 255:
        return None
    share = 255 if finite.max(initial=0) <= 1 else 1
    return np.rint(finite * share).astype(np.uint8)
