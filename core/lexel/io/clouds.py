"""Point clouds as binary little-endian `.ply` in Lexel's column order, and a strict reader of them.

open3d drops `uint`, `short` and `char` columns without a word and Blender reads `int` as exact
floats, so only `float`, `uchar` and `int` are used (`spec/formats.md`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from lexel.errors import SceneError
from lexel.io.names import one_line

Vertices = npt.NDArray[np.void]  # structured, columns named and ordered as below

# Every column a Lexel cloud may have, in the order it must have.
_COLUMNS: dict[str, str] = {
    "x": "float",
    "y": "float",
    "z": "float",
    "red": "uchar",
    "green": "uchar",
    "blue": "uchar",
    "nx": "float",
    "ny": "float",
    "nz": "float",
    "code": "int",
    "code_part": "int",
    "code_whole": "int",
    "instance": "int",
    "origin": "uchar",
    "confidence": "float",
    "score": "float",
}
_REQUIRED = ("x", "y", "z", "red", "green", "blue")
_NUMPY_TYPES = {"float": "<f4", "uchar": "u1", "int": "<i4"}
_MAX_HEADER_BYTES = 64 * 1024
_ROWS_AT_ONCE = 1 << 17
_FORMAT = "format binary_little_endian 1.0"


def vertex_table(
    points_m: npt.NDArray[np.floating[Any]],
    rgb: npt.NDArray[np.uint8],
    *,
    normals: npt.NDArray[np.floating[Any]] | None = None,
    **columns: npt.ArrayLike,
) -> Vertices:
    """The table `write_ply` writes: (N, 3) positions and colours, and any of `_COLUMNS`."""
    given: dict[str, Any] = dict(zip("xyz", points_m.T, strict=True))
    given |= dict(zip(("red", "green", "blue"), rgb.T, strict=True))
    if normals is not None:
        given |= dict(zip(("nx", "ny", "nz"), normals.T, strict=True))
    given |= columns
    names = [name for name in _COLUMNS if name in given]
    assert len(names) == len(given), f"unknown columns in {sorted(given)}"
    table = np.empty(len(points_m), _dtype(names))
    for name in names:
        table[name] = given[name]
    return table


def points_of(table: Vertices) -> npt.NDArray[np.float32]:
    """(N, 3) positions, metres."""
    return np.stack([table[name] for name in "xyz"], axis=1)


def write_ply(path: Path, table: Vertices, comments: Sequence[str] = ()) -> Path:
    """Write `table`; `comments` stand in the header, one line each."""
    names = table.dtype.names or ()
    lines = ["ply", _FORMAT, *(f"comment {one_line(line)}" for line in comments)]
    lines += [f"element vertex {len(table)}"]
    lines += [f"property {_COLUMNS[name]} {name}" for name in names]
    lines += ["end_header", ""]
    with path.open("wb") as file:
        file.write("\n".join(lines).encode("utf-8"))
        file.write(np.ascontiguousarray(table).data)
    return path


@dataclass(frozen=True)
class PlyHeader:
    """What the head of a cloud promises, and the file's size keeps.

    Attributes:
        num_points: rows of the table.
        names: of its columns.
        start: the byte at which the table begins.
    """

    num_points: int
    names: tuple[str, ...]
    start: int

    @property
    def dtype(self) -> np.dtype[np.void]:
        return _dtype(self.names)


def read_ply_header(path: Path) -> PlyHeader:
    """The head of a cloud written by `write_ply`; anything else is a `SceneError`.

    This is for no scans: only Lexel's own columns, types and order pass, and the size of the file
    must be exactly what the header promises.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            data = file.read(_MAX_HEADER_BYTES)
    except OSError as error:
        raise SceneError("the point cloud cannot be read", where=path, got=error) from error
    lines, start = _header(data, path)
    num_points, names = _promise(lines, path)
    needed = num_points * _dtype(names).itemsize
    if size - start != needed:
        raise _damaged(path, f"{num_points} points need {needed} bytes", f"{size - start} bytes")
    return PlyHeader(num_points, tuple(names), start)


def read_ply(path: Path) -> Vertices:
    """Read a cloud written by `write_ply`, which see; positions are finite."""
    header = read_ply_header(path)
    table = np.fromfile(path, header.dtype, header.num_points, offset=header.start)
    if not all(np.isfinite(table[axis]).all() for axis in "xyz"):
        raise _damaged(path, "a position is no finite number", None)
    return table


def map_ply(path: Path) -> Vertices:
    """The table of a cloud as memory-mapped, read-only rows; nothing but the header is read."""
    header = read_ply_header(path)
    if header.num_points == 0:  # nothing cannot be mapped
        return np.empty(0, header.dtype)
    return np.memmap(path, header.dtype, "r", header.start, (header.num_points,))


def read_column(path: Path, name: str) -> npt.NDArray[Any]:
    """(N,) one column of a cloud; the others never stand in memory together."""
    header = read_ply_header(path)
    if name not in header.names:
        raise _damaged(path, f"it has no column '{name}'", ", ".join(header.names))
    column = np.empty(header.num_points, header.dtype[name])
    with path.open("rb") as file:
        file.seek(header.start)
        for begin in range(0, header.num_points, _ROWS_AT_ONCE):
            rows = column[begin : begin + _ROWS_AT_ONCE]
            rows[:] = np.fromfile(file, header.dtype, len(rows))[name]
    return column


def _dtype(names: Sequence[str]) -> np.dtype[np.void]:
    return np.dtype([(name, _NUMPY_TYPES[_COLUMNS[name]]) for name in names])


def _header(data: bytes, path: Path) -> tuple[list[str], int]:
    end_mark = b"\nend_header\n"
    end = data.find(end_mark)
    if not data.startswith(b"ply\n") or end < 0:
        raise _damaged(path, "it has no ply header of ours", data[:16])
    try:
        lines = data[:end].decode("utf-8").split("\n")
    except UnicodeDecodeError as error:
        raise _damaged(path, "its header is no text", data[:16]) from error
    return lines[1:], end + len(end_mark)


def _promise(lines: list[str], path: Path) -> tuple[int, list[str]]:
    """Number of points and names of columns, from the header's lines after `ply`."""
    words = [line.split(" ") for line in lines if not line.startswith("comment")]
    if len(words) < 2 or " ".join(words[0]) != _FORMAT:
        raise _damaged(path, "it is not binary little-endian", " ".join(words[0]) if words else "")
    count = words[1][2] if len(words[1]) == 3 and words[1][:2] == ["element", "vertex"] else ""
    if not (count.isascii() and count.isdigit() and len(count) <= 12):
        raise _damaged(path, "its first element is not a list of points", " ".join(words[1]))
    names = [_column(word, path) for word in words[2:]]
    ordered = [name for name in _COLUMNS if name in names]
    if names != ordered or not set(_REQUIRED) <= set(names):
        raise _damaged(path, "its columns are not those of Lexel, in their order", names)
    return int(count), names


def _column(words: list[str], path: Path) -> str:
    if len(words) != 3 or words[0] != "property" or _COLUMNS.get(words[2]) != words[1]:
        raise _damaged(path, "it has a column Lexel does not write", " ".join(words))
    return words[2]


def _damaged(path: Path, what: str, got: object) -> SceneError:
    return SceneError(
        f"this is no point cloud as Lexel writes it: {what}",
        where=path,
        got=got,
        do="Make it again, or open it with the program that wrote it.",
    )
