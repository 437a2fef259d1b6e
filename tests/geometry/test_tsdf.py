"""The TSDF of a wall in front of a camera, and that the frame does not matter."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings

from lexel.geometry.tsdf import compute_tsdf
from lexel.geometry.voxels import VoxelGrid
from tests.geometry.strategies import rigids

# No sample of the tests falls on the border between two pixels.
K = np.array([[40.0, 0, 20.0137], [0, 40, 20.0071], [0, 0, 1]])
WALL = np.full((40, 40), 1.0, np.float32)


def _by_hand(depth: np.ndarray, pose: np.ndarray, origin: tuple[float, ...]) -> np.ndarray:
    """The formula, one voxel at a time."""
    tsdf = np.full((6, 6, 6), -1.0)
    for index in np.ndindex(6, 6, 6):
        x, y, z = np.linalg.inv(pose)[:3] @ [*(np.array(origin) + 0.1 * np.array(index)), 1.0]
        if z <= 0:
            continue
        column, row = np.rint(40 * x / z + 19.5137), np.rint(40 * y / z + 19.5071)
        if 0 <= column < 40 and 0 <= row < 40:
            distance = depth[int(row), int(column)] - z
            if depth[int(row), int(column)] > 0 and distance >= -0.2:
                tsdf[index] = np.clip(distance / 0.2, -1, 1)
    return tsdf


@given(rigids)
@settings(max_examples=15)
def test_it_is_the_formula(pose: np.ndarray) -> None:
    depth = np.random.default_rng(0).uniform(0, 3, (40, 40)).astype(np.float32)
    depth[depth < 0.5] = 0
    origin = tuple(pose[:3, 3] + pose[:3, 2] - 0.25)
    tsdf = compute_tsdf(depth, K, pose, origin, 0.1, (6, 6, 6), truncation_voxels=2)
    np.testing.assert_allclose(tsdf, _by_hand(depth, pose, origin), atol=1e-5)


def test_a_wall_is_free_in_front_and_unknown_behind() -> None:
    tsdf = compute_tsdf(WALL, K, np.eye(4), (0, 0, 0.5), 0.05, (1, 1, 21))[0, 0]
    assert (tsdf[:10] > 0).all()
    assert abs(tsdf[10]) < 1e-6
    assert (tsdf[16:] == -1).all()


def test_no_depth_is_unknown() -> None:
    tsdf = compute_tsdf(WALL * 0, K, np.eye(4), (-1, -1, -1), 0.1, (20, 20, 20))
    assert (tsdf == -1).all()


def test_lattice_ends_on_the_bounds_and_the_grid_contains_it() -> None:
    grid = VoxelGrid(shape=(3, 4, 5))
    lattice = grid.lattice()
    assert lattice.shape == (3, 4, 5, 3)
    np.testing.assert_array_equal(lattice[0, 0, 0], grid.lower_m)
    np.testing.assert_array_equal(lattice[-1, -1, -1], grid.upper_m)
    assert grid.contains(lattice).all()
    assert not grid.contains(np.array(grid.upper_m) + 1e-9)
    flat = grid.lattice_points(np.arange(grid.num_voxels))
    np.testing.assert_allclose(flat, lattice.reshape(-1, 3), atol=1e-6)
