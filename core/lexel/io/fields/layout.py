"""The files of a field, and what is said of one that is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from lexel.errors import SceneError

FORMAT = 1
SUFFIX = ".lexel"
MANIFEST = "field.json"
POINTS = "points.ply"
CODEBOOK = "codebook.safetensors"
INSTANCES = "instances.json"
PHRASES = "phrases.json"
PHRASE_VECTORS = "phrases.safetensors"
VIEWS = "views/views.json"
EVIDENCE = "views/evidence.safetensors"
IMAGE_SUFFIX = ".jpg"
LAYERS = "layers"

REQUIRED = (POINTS, CODEBOOK, INSTANCES)
MAX_CODES = 1 << 16
MAX_POINTS = (1 << 31) - 1  # layers count points with int32

_ROWS_AT_ONCE = 1 << 16


class Fault:
    """`fault(what, got)` is the error about one file of a field."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __call__(self, what: str, got: object = None) -> SceneError:
        return SceneError(what, where=self.path, got=got, do="Build the field again.")

    def unless(self, good: bool | np.bool_, what: str, got: object = None) -> None:
        """Raise, unless all is well."""
        if not good:
            raise self(what, got)


def in_blocks(num_rows: int) -> Iterator[slice]:
    """Slices that cover the rows of a large array, so that checking it takes little memory."""
    for begin in range(0, num_rows, _ROWS_AT_ONCE):
        yield slice(begin, min(begin + _ROWS_AT_ONCE, num_rows))


def all_rows(
    values: npt.NDArray[Any], holds: Callable[[npt.NDArray[Any]], npt.NDArray[np.bool_]]
) -> bool:
    """Whether `holds` is true of every entry, block by block; NaN makes comparisons false."""
    return all(bool(holds(values[rows]).all()) for rows in in_blocks(len(values)))


_UNIT_TOLERANCE = 0.01  # float16 keeps three digits


def are_unit(rows: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """(M,) whether each row is a unit vector, as far as float16 can tell."""
    norm = np.linalg.norm(rows.astype(np.float32), axis=1)
    return np.asarray(np.abs(norm - 1) <= _UNIT_TOLERANCE)


def are_unit_or_zero(rows: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """(M,) whether each row is a unit vector, or zeros where there is none."""
    return are_unit(rows) | ~rows.astype(bool).any(axis=1)
