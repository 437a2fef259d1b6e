"""A field handed on to other programs as plain arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from lexel.io.fields.tensor_checks import columns_of

if TYPE_CHECKING:
    from lexel.io.fields.stored import StoredField


def to_numpy(field: StoredField) -> dict[str, npt.NDArray[Any]]:
    """Copies of all arrays of a field, by name.

    Columns over the N points as in `FieldPoints`; `codebook_clip` (K, D) and the other columns of
    `Codebook`, float16 as float32; `layer/NAME` (N,) float32, NaN where a layer says nothing.
    `codebook_clip[code]` are the dense features.
    """
    points, codebook = columns_of(field.points), columns_of(field.codebook)
    arrays = {name: np.array(column) for name, column in points.items()}
    for name, column in codebook.items():
        dtype = np.float32 if column.dtype == np.float16 else column.dtype
        arrays[f"codebook_{name}"] = column.astype(dtype)
    for note in field.layers:
        arrays[f"layer/{note.name}"] = dense_layer(field, note.name)
    return arrays


def dense_layer(field: StoredField, name: str) -> npt.NDArray[np.float32]:
    """(N,) the scores of a layer, NaN where it says nothing."""
    layer = field.layer(name)
    if layer.index is None:
        return layer.score
    scores = np.full(field.num_points, np.nan, np.float32)
    scores[layer.index] = layer.score
    return scores
