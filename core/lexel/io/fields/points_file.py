"""`points.ply`: where the points are, and which code each has."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from lexel.io.clouds import map_ply, read_column, read_ply_header, vertex_table, write_ply
from lexel.io.fields.layout import POINTS, Fault, all_rows, are_unit_or_zero
from lexel.io.fields.tensor_checks import Shapes, check_tensors, columns_of
from lexel.scene import FieldPoints, Origin
from lexel.scene.field import Ints

# Columns that stand together as vectors, by the name of their first.
_VECTORS: dict[str, tuple[Any, ...]] = {
    "x": ("xyz_m", "<f4", 3),
    "red": ("rgb", "u1", 3),
    "nx": ("normals", "<f4", 3),
}
_MEMBERS = ("y", "z", "green", "blue", "ny", "nz")


def save_points(folder: Path, points: FieldPoints, comments: Sequence[str]) -> Path:
    columns = columns_of(points)
    table = vertex_table(columns.pop("xyz_m"), columns.pop("rgb"), **columns)
    return write_ply(folder / POINTS, table, comments)


def check_points_header(folder: Path, num_points: int) -> None:
    """A `SceneError` unless the header of `points.ply` promises that many points with codes."""
    path = folder / POINTS
    header, fault = read_ply_header(path), Fault(path)
    fault.unless("code" in header.names, "its points have no column 'code'")
    fault.unless("score" not in header.names, "it has a column 'score', which is no field's")
    good = header.num_points == num_points
    fault.unless(good, f"it should hold {num_points} points", header.num_points)


def map_points(folder: Path, num_points: int) -> FieldPoints:
    """Columns as memory-mapped views into the rows of the file; values are not looked at."""
    check_points_header(folder, num_points)
    table = map_ply(folder / POINTS)
    dtype = _vector_dtype(table.dtype)
    vectors = np.asarray(table).view(dtype)
    return FieldPoints(**{name: vectors[name] for name in dtype.names or ()})


def read_codes(folder: Path) -> Ints:
    """(N,) int32 the column `code` alone; values are not looked at."""
    return read_column(folder / POINTS, "code")


def check_points(points: FieldPoints, num_codes: int, where: Path) -> None:
    """A `SceneError` unless shapes, types and values are those of a field with K codes."""
    fault, columns = Fault(where), columns_of(points)
    shapes = {name: shape for name, shape in _shapes(len(points)).items() if name in columns}
    check_tensors(columns, shapes, fault)
    fault.unless(all_rows(points.xyz_m, np.isfinite), "a position is no finite number")
    for name in ("code", "code_part", "code_whole"):
        if name in columns:
            check_codes(columns[name], num_codes, fault, name)
    if points.normals is not None:
        good = all_rows(points.normals, are_unit_or_zero)
        fault.unless(good, "a normal is no unit vector")
    if points.instance is not None:
        good = all_rows(points.instance, lambda rows: rows >= -1)
        fault.unless(good, "an 'instance' is below -1")
    if points.origin is not None:
        good = all_rows(points.origin, lambda rows: rows < len(Origin))
        fault.unless(good, "an 'origin' is neither 0 nor 1")
    if points.confidence is not None:
        good = all_rows(points.confidence, lambda rows: (rows >= 0) & (rows <= 1))
        fault.unless(good, "a 'confidence' is not in 0..1")


def check_codes(codes: npt.NDArray[Any], num_codes: int, fault: Fault, name: str = "code") -> None:
    """A `SceneError` unless every code is a row of the codebook."""
    good = all_rows(codes, lambda rows: (rows >= 0) & (rows < num_codes))
    fault.unless(good, f"a '{name}' is not one of the {num_codes} codes")


def _shapes(num_points: int) -> Shapes:
    return {
        "xyz_m": (np.float32, (num_points, 3)),
        "rgb": (np.uint8, (num_points, 3)),
        "normals": (np.float32, (num_points, 3)),
        "code": (np.int32, (num_points,)),
        "code_part": (np.int32, (num_points,)),
        "code_whole": (np.int32, (num_points,)),
        "instance": (np.int32, (num_points,)),
        "origin": (np.uint8, (num_points,)),
        "confidence": (np.float32, (num_points,)),
    }


def _vector_dtype(flat: np.dtype[np.void]) -> np.dtype[np.void]:
    """The type of a row with x y z as one vector, and so on."""
    names = [name for name in flat.names or () if name not in _MEMBERS]
    vectors = [_VECTORS.get(name, (name, flat[name])) for name in names]
    return np.dtype([(name, *form) for name, *form in vectors])
