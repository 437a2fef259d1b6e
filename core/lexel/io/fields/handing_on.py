"""A field handed on to other programs: plain arrays, or a cloud of open3d's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from lexel.io.fields.tensor_checks import columns_of

if TYPE_CHECKING:
    import open3d

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
        arrays[f"layer/{note.name}"] = _dense(field, note.name)
    return arrays


def to_open3d(field: StoredField) -> open3d.t.geometry.PointCloud:
    """The points as open3d has them: positions, colours, normals, and every other column and layer.

    open3d's tensors are columns: `code` is (N, 1) int32, a layer (N, 1) float32. Meaning is in the
    codebook, which a cloud has no place for: `field.codebook`.
    """
    import open3d

    cloud = open3d.t.geometry.PointCloud()
    names = {"xyz_m": "positions", "rgb": "colors"}
    for name, column in columns_of(field.points).items():
        cloud.point[names.get(name, name)] = _tensor(column)
    for note in field.layers:
        cloud.point[note.name] = _tensor(_dense(field, note.name))
    return cloud


def _dense(field: StoredField, name: str) -> npt.NDArray[np.float32]:
    """(N,) the scores of a layer, NaN where it says nothing."""
    layer = field.layer(name)
    if layer.index is None:
        return layer.score
    scores = np.full(field.num_points, np.nan, np.float32)
    scores[layer.index] = layer.score
    return scores


def _tensor(column: npt.NDArray[Any]) -> Any:
    import open3d

    rows = np.ascontiguousarray(column)
    return open3d.core.Tensor.from_numpy(rows if rows.ndim == 2 else rows[:, None]).clone()
