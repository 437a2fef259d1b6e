"""On which object of the scene each point of a field lies, told from the photographs.

Letters: N points, H rows, W columns.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from lexel.geometry.cameras import in_frustum, project
from lexel.geometry.transforms import apply, invert

from .photograph import Photograph


def things_of_points(
    xyz_m: npt.NDArray[np.float32], photographs: Iterable[Photograph], apart_m: float
) -> npt.NDArray[np.int32]:
    """(N,) the object whose surface was seen nearest to each point; 0 where none was seen.

    Args:
        xyz_m: (N, 3) metres, world.
        photographs: that the points were made of.
        apart_m: a surface farther from a point along the view is another one.
    """
    thing = np.zeros(len(xyz_m), np.int32)
    nearest = np.full(len(xyz_m), apart_m, np.float32)
    for photograph in photographs:
        points, ids, apart = _seen(xyz_m, photograph)
        better = (apart < nearest[points]) & (ids > 0)
        thing[points[better]] = ids[better]
        nearest[points[better]] = apart[better]
    return thing


def _seen(
    xyz_m: npt.NDArray[np.float32], photograph: Photograph
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.int32], npt.NDArray[np.float32]]:
    """Points in the picture, what is at their pixels, and how far before or behind it they are."""
    height, width = photograph.ids.shape
    k, pose = photograph.intrinsics, photograph.world_from_camera
    points = np.flatnonzero(in_frustum(xyz_m, k, pose, (width, height)))
    uvz = project(apply(invert(pose), xyz_m[points]), k)
    pixel = uvz[:, 1].astype(np.intp), uvz[:, 0].astype(np.intp)
    apart = np.abs(uvz[:, 2] - photograph.depth_m[pixel])
    return points, photograph.ids[pixel], apart.astype(np.float32)
