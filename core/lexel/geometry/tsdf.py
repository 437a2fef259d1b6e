"""Truncated signed distance of one depth image: where a view saw free space."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lexel.geometry.cameras import published_intrinsics
from lexel.geometry.transforms import invert


def compute_tsdf(
    depth_m: npt.NDArray[np.floating],
    intrinsics: npt.NDArray[np.float64],
    world_from_camera: npt.NDArray[np.float64],
    origin: npt.ArrayLike,
    voxel_size_m: float,
    shape: tuple[int, int, int],
    truncation_voxels: float = 5.0,
) -> npt.NDArray[np.float32]:
    """(X, Y, Z) float32 in -1..1, positive in front of the surface, -1 where nothing was seen.

    Sample (i, j, k) lies at `origin + voxel_size_m * (i, j, k)`. It takes the nearest pixel's
    depth d and becomes clip((d - z) / truncation, -1, 1) where d > 0 and d - z >= -truncation.
    One slab of x at a time: the memory beyond the result is a few (Y, Z) planes.
    """
    camera_from_world = invert(world_from_camera)
    steps = camera_from_world[:3, :3] * voxel_size_m
    start = camera_from_world[:3, :3] @ np.asarray(origin, np.float64) + camera_from_world[:3, 3]
    k = published_intrinsics(intrinsics)
    tsdf = np.full(shape, -1.0, np.float32)
    # Homogeneous pixel coordinates are linear in i, j, k, so a slab is one sum of two rows.
    pixel_start, pixel_steps = k @ start, k @ steps
    plane = pixel_steps[:, 1, None, None] * np.arange(shape[1])[:, None] + pixel_steps[
        :, 2, None, None
    ] * np.arange(shape[2])
    for i in range(shape[0]):
        base = pixel_start + pixel_steps[:, 0] * i
        _fill_slab(tsdf[i], plane + base[:, None, None], depth_m, truncation_voxels * voxel_size_m)
    return tsdf


def _fill_slab(
    slab: npt.NDArray[np.float32],
    pixels: npt.NDArray[np.float64],
    depth_m: npt.NDArray[np.floating],
    truncation_m: float,
) -> None:
    height, width = depth_m.shape
    z = pixels[2]
    with np.errstate(divide="ignore", invalid="ignore"):
        u, v = np.rint(pixels[0] / z), np.rint(pixels[1] / z)
        inside = (z > 0) & (u >= 0) & (u < width) & (v >= 0) & (v < height)
    at = np.flatnonzero(inside)
    row, column = v.ravel()[at].astype(np.intp), u.ravel()[at].astype(np.intp)
    depth = depth_m[row, column].astype(np.float64)
    distance = depth - z.ravel()[at]
    seen = (depth > 0) & (distance >= -truncation_m)
    slab.reshape(-1)[at[seen]] = np.clip(distance[seen] / truncation_m, -1.0, 1.0)
