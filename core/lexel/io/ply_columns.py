"""Columns of a `.ply` as vectors: positions, colours, faces, whatever they are called."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from lexel.io.ply_rows import Columns, Lists

_COLOURS = (
    ("red", "green", "blue"),
    ("diffuse_red", "diffuse_green", "diffuse_blue"),
    tuple("rgb"),
)
_FACES = ("vertex_indices", "vertex_index")


def stacked(columns: Columns, names: tuple[str, ...]) -> npt.NDArray[np.floating] | None:
    """(N, len(names)) of columns of numbers; None when one is missing."""
    found = [columns.get(name) for name in names]
    if any(column is None or isinstance(column, Lists) for column in found):
        return None
    stacked: npt.NDArray[Any] = np.stack([np.asarray(column) for column in found], axis=1)
    return stacked if stacked.dtype.kind == "f" else stacked.astype(np.float64)


def colours_of(columns: Columns) -> npt.NDArray[np.uint8] | None:
    """(N, 3); floats are shares of one, 16-bit numbers shares of 65535."""
    for names in _COLOURS:
        if not all(isinstance(columns.get(name), np.ndarray) for name in names):
            continue
        values: npt.NDArray[Any] = np.stack([np.asarray(columns[name]) for name in names], axis=1)
        if values.dtype.kind == "f":
            whole = np.nan_to_num(values, nan=0.0, posinf=1.0, neginf=0.0).clip(0, 1) * 255
            return np.rint(whole).astype(np.uint8)
        if values.dtype.itemsize == 2 and values.max(initial=0) > 255:
            values = values.clip(0) >> 8
        return values.clip(0, 255).astype(np.uint8)
    return None


def faces_of(columns: Columns) -> Lists | None:
    """The corners of polygons; None where there are none."""
    listed = next((columns[name] for name in _FACES if name in columns), None)
    return listed if isinstance(listed, Lists) and len(listed.counts) else None
