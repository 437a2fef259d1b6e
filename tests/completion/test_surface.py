"""Surfaces around voxels are closed and where the voxels are."""

from __future__ import annotations

import numpy as np
import pytest
import trimesh
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from lexel.completion.surface import surface
from lexel.geometry.voxels import VoxelGrid

LOWER, UPPER = (-1.0, 0.5, 2.0), (1.0, 1.5, 2.8)


def grid_of(occupied):
    return VoxelGrid(LOWER, UPPER, occupied.shape)


def as_trimesh(mesh):
    return trimesh.Trimesh(mesh.vertices_m, mesh.faces, process=True)


volumes = hnp.arrays(bool, st.tuples(*[st.integers(2, 7)] * 3)).filter(lambda v: v.any())


@given(volumes)
def test_it_is_closed_and_half_a_step_around_the_voxels(occupied):
    """Every edge has as many faces one way as the other, so it bounds a volume."""
    grid = grid_of(occupied)
    mesh = surface(occupied, grid)
    assert (mesh.vertices_m.dtype, mesh.faces.dtype) == (np.float32, np.int32)
    assert mesh.faces.min() == 0
    assert mesh.faces.max() == len(mesh.vertices_m) - 1
    edges = np.concatenate([mesh.faces[:, [0, 1]], mesh.faces[:, [1, 2]], mesh.faces[:, [2, 0]]])
    _, count = np.unique(np.sort(edges, axis=1), axis=0, return_counts=True)
    assert (count % 2 == 0).all()
    places = grid.lattice()[occupied]
    half = grid.lattice_step_m / 2
    np.testing.assert_allclose(mesh.vertices_m.min(0), places.min(0) - half, atol=1e-5)
    np.testing.assert_allclose(mesh.vertices_m.max(0), places.max(0) + half, atol=1e-5)


@pytest.mark.parametrize("place", [(0, 0, 0), (3, 2, 4), (6, 5, 4), (0, 5, 2)])
def test_a_single_voxel_has_a_surface_wherever_it_stands(place):
    occupied = np.zeros((7, 6, 5), bool)
    occupied[place] = True
    grid = grid_of(occupied)
    mesh = as_trimesh(surface(occupied, grid))
    assert mesh.is_watertight
    np.testing.assert_allclose(mesh.centroid, grid.lattice()[place], atol=1e-5)
    # Marching cubes makes an octahedron of it: a sixth of the cell.
    np.testing.assert_allclose(abs(mesh.volume), grid.lattice_step_m.prod() / 6, rtol=1e-4)


def test_a_full_box_is_closed_at_its_faces():
    occupied = np.ones((5, 4, 6), bool)
    mesh = as_trimesh(surface(occupied, grid_of(occupied)))
    assert mesh.is_watertight
    half = grid_of(occupied).lattice_step_m / 2
    np.testing.assert_allclose(
        mesh.bounds, [np.array(LOWER) - half, np.array(UPPER) + half], atol=1e-5
    )


def test_a_ball_faces_outwards_and_has_its_volume():
    x, y, z = np.mgrid[-12:13, -12:13, -12:13]
    occupied = x**2 + y**2 + z**2 <= 10**2
    grid = VoxelGrid((0, 0, 0), (2.4, 2.4, 2.4), occupied.shape)
    mesh = as_trimesh(surface(occupied, grid))
    assert mesh.is_watertight
    assert mesh.volume == pytest.approx(4 / 3 * np.pi, rel=0.05)  # positive: faces look outwards


def test_parts_stay_apart():
    occupied = np.zeros((9, 3, 3), bool)
    occupied[[1, 6]] = True
    assert len(as_trimesh(surface(occupied, grid_of(occupied))).split()) == 2
