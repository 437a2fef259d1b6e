"""Surfaces around sets of voxels."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lexel.geometry.voxels import VoxelGrid
from lexel.scene import Mesh


def surface(occupied: npt.NDArray[np.bool_], grid: VoxelGrid) -> Mesh:
    """The closed surface around lattice places that are `occupied` (X, Y, Z), in the grid's frame.

    Faces look outwards. Marching cubes half-way between occupied and empty places (Lewiner et
    al., 2003).
    """
    from skimage import measure

    corners = [np.flatnonzero(occupied.any(axis=tuple({0, 1, 2} - {a})))[[0, -1]] for a in range(3)]
    box = tuple(slice(first, last + 1) for first, last in corners)
    padded = np.pad(occupied[box], 1).astype(np.float32)
    vertices, faces, _, _ = measure.marching_cubes(padded, 0.5, gradient_direction="ascent")
    first = np.array([c[0] for c in corners])
    positions = np.array(grid.lower_m) + (vertices - 1 + first) * grid.lattice_step_m
    return Mesh(positions.astype(np.float32), np.ascontiguousarray(faces, np.int32))
