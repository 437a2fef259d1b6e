"""A field handed on to open3d."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from lexel.io.fields.handing_on import dense_layer
from lexel.io.fields.tensor_checks import columns_of

if TYPE_CHECKING:
    import open3d

    from lexel.io.fields.stored import StoredField


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
        cloud.point[note.name] = _tensor(dense_layer(field, note.name))
    return cloud


def _tensor(column: npt.NDArray[Any]) -> Any:
    import open3d

    rows = np.ascontiguousarray(column)
    return open3d.core.Tensor.from_numpy(rows if rows.ndim == 2 else rows[:, None]).clone()
