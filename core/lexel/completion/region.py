"""Where in the box a completion may answer: what the camera looked at and did not see through."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lexel.geometry.cameras import in_frustum, published_intrinsics
from lexel.geometry.tsdf import compute_tsdf
from lexel.geometry.voxels import VoxelGrid
from lexel.scene import View


def answerable(view: View, grid: VoxelGrid, *, reference: bool = False) -> npt.NDArray[np.bool_]:
    """bool (X, Y, Z) over the lattice: inside the view's frustum and not in observed free space.

    `reference` keeps two published slips: the free space is computed on a grid whose spacing is
    extent/n, not extent/(n - 1), and the frustum is cut half a pixel off.
    """
    spacing = grid.voxel_size_m if reference else grid.lattice_step_m
    tsdf = compute_tsdf(
        view.depth_m,
        view.intrinsics,
        view.world_from_camera,
        np.array(grid.lower_m),
        float(spacing[0]),
        grid.shape,
    )
    region = tsdf <= 0
    intrinsics = published_intrinsics(view.intrinsics) if reference else view.intrinsics
    x, y, z = grid.lattice_axes()
    plane = np.stack(np.meshgrid(y, z, indexing="ij"), axis=-1)
    points = np.concatenate([np.empty((*plane.shape[:2], 1)), plane], axis=-1)
    for i, x_i in enumerate(x):
        points[..., 0] = x_i
        region[i] &= in_frustum(
            points, intrinsics, view.world_from_camera, (view.width_px, view.height_px)
        )
    return region
