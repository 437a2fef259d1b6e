"""Which points a view sees, where in its image, and how well."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lexel.geometry.transforms import invert
from lexel.scene import View

Floats = npt.NDArray[np.float32]

_AT_ONCE = 1 << 18
_SLACK_VOXELS = 2.0
_SLACK_OF_DEPTH = 0.015  # depth errors grow with distance
_MIN_COSINE = 0.1
_HALF_WEIGHT_M = 2.5  # from this far a view counts half of what it does from nearby


@dataclass(frozen=True, eq=False)
class Seen:
    """M points that a view sees.

    Attributes:
        index: (M,) int64, ascending, which points.
        pixel: (M,) int64, flat index of the pixel each falls into.
        weight: (M,) float32 in 0..1: by the angle of view and the distance.
    """

    index: npt.NDArray[np.int64]
    pixel: npt.NDArray[np.int64]
    weight: Floats


def see_points(view: View, xyz_m: Floats, normal: Floats, voxel_size_m: float) -> Seen:
    """The points (N, 3) that face the view and lie where its depth says a surface is."""
    parts = [
        _see_some(view, xyz_m[start : start + _AT_ONCE], normal[start : start + _AT_ONCE], start)
        for start in range(0, max(1, len(xyz_m)), _AT_ONCE)
    ]
    index, pixel, gap, weight = (np.concatenate(column) for column in zip(*parts, strict=True))
    depth = view.depth_m.reshape(-1)[pixel]
    near = (depth > 0) & (gap <= _SLACK_VOXELS * voxel_size_m + _SLACK_OF_DEPTH * depth)
    facing = near & (weight > 0)
    return Seen(index[facing], pixel[facing], weight[facing])


def _see_some(
    view: View, xyz_m: Floats, normal: Floats, start: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], Floats, Floats]:
    """Points in the image: their index, pixel, distance from its depth, and weight."""
    matrix = (view.intrinsics @ invert(view.world_from_camera)[:3]).astype(np.float32)
    uvz = xyz_m @ matrix[:, :3].T + matrix[:, 3]
    height, width = view.depth_m.shape
    with np.errstate(divide="ignore", invalid="ignore"):
        u, v = uvz[:, 0] / uvz[:, 2], uvz[:, 1] / uvz[:, 2]
        inside = (uvz[:, 2] > 0) & (u >= 0) & (u < width) & (v >= 0) & (v < height)
    at = np.flatnonzero(inside)
    pixel = v[at].astype(np.int64) * width + u[at].astype(np.int64)
    gap = np.abs(view.depth_m.reshape(-1)[pixel] - uvz[at, 2])
    ray = xyz_m[at] - view.world_from_camera[:3, 3].astype(np.float32)
    distance = np.linalg.norm(ray, axis=1)
    cosine = -(normal[at] * ray).sum(1) / np.maximum(distance, 1e-6)
    weight = np.where(cosine < _MIN_COSINE, 0, cosine) / (1 + (distance / _HALF_WEIGHT_M) ** 2)
    return at + start, pixel, gap, weight.astype(np.float32)
