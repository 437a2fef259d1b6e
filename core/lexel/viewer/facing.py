"""Surfaces that are seen from behind: left out, one looks over walls into a room. Without Qt.

Normals of a scan point to where the cameras stood. Those of other clouds may point anywhere, so
it is tried first whether they do.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lexel.pipelines.ask import AskableField
from lexel.viewer.drawing.camera import Camera

_SAMPLE = 20_000
_MOSTLY = 0.75
_BLOCK = 1 << 18  # points at a time
_MOST_VIEWS = 32


def turned_away(field: AskableField, camera: Camera) -> npt.NDArray[np.bool_] | None:
    """(N,) points whose surface is seen from behind; None: the field has no normals."""
    points = field.points
    if points.normals is None:
        return None
    away = np.empty(len(points), bool)
    eye_m = camera.eye_m.astype(np.float32)
    for start in range(0, len(points), _BLOCK):
        part = slice(start, start + _BLOCK)
        if camera.orthographic:
            along = np.broadcast_to(camera.forward.astype(np.float32), points.normals[part].shape)
        else:
            along = points.xyz_m[part] - eye_m
        away[part] = np.einsum("ij,ij->i", along, points.normals[part]) > 0
    return away


def normals_point_inwards(field: AskableField) -> bool:
    """Whether most surfaces face the cameras that the field was built from."""
    points, stored = field.points, field.stored
    if points.normals is None or not stored.num_views:
        return False
    views = stored.views[:: -(-stored.num_views // _MOST_VIEWS)]
    eye_m = np.mean([view.world_from_camera[:3, 3] for view in views], axis=0)
    rows = slice(None, None, -(-len(points) // _SAMPLE))
    to_eye = eye_m - points.xyz_m[rows]
    return bool((np.einsum("ij,ij->i", to_eye, points.normals[rows]) > 0).mean() > _MOSTLY)
