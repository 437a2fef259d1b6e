"""Types and shapes that named arrays, or the header of a tensor file, must have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from lexel.io.fields.layout import Fault
from lexel.io.tensor_files import TensorPlace, map_tensor, read_places
from lexel.scene import Codebook, Evidence, FieldPoints

Tensors: TypeAlias = dict[str, npt.NDArray[Any]]
Shapes: TypeAlias = dict[str, tuple[type[np.generic], tuple[int, ...]]]


def columns_of(table: FieldPoints | Codebook | Evidence) -> Tensors:
    """The columns that there are, by name, as they are."""
    columns = {column.name: getattr(table, column.name) for column in fields(table)}
    return {name: column for name, column in columns.items() if column is not None}


def read_checked_places(path: Path, shapes: Shapes) -> dict[str, TensorPlace]:
    """The header of a tensor file, held against `shapes`; no number is read."""
    places = read_places(path)
    check_tensors(places, shapes, Fault(path))
    return places


def map_tensors(path: Path, shapes: Shapes) -> Tensors:
    """The tensors of `shapes` from a file that has exactly these; values are not looked at."""
    places = read_checked_places(path, shapes)
    return {name: map_tensor(path, place) for name, place in places.items()}


def check_tensors(
    tensors: Mapping[str, npt.NDArray[Any]] | Mapping[str, TensorPlace],
    shapes: Shapes,
    fault: Fault,
) -> None:
    """A `SceneError` unless these are the tensors of `shapes`; -1 stands for any size."""
    if missing := sorted(set(shapes) - set(tensors)):
        raise fault(f"'{missing[0]}' is missing")
    if unknown := sorted(set(tensors) - set(shapes)):
        raise fault(f"'{unknown[0]}' has no place in it")
    for name, (dtype, shape) in shapes.items():
        found = tensors[name]
        fits = len(found.shape) == len(shape) and all(
            want in (-1, got) for want, got in zip(shape, found.shape, strict=True)
        )
        if found.dtype != dtype or not fits:
            size = " x ".join("any" if n < 0 else str(n) for n in shape)
            raise fault(
                f"'{name}' should be {size} numbers of type {np.dtype(dtype)}",
                f"{' x '.join(map(str, found.shape))}, {found.dtype}",
            )
