"""Meshes as Semantic Abstraction's program publishes them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skimage import measure

from lexel.geometry.voxels import VoxelGrid
from lexel.io import load_geometry
from lexel.io.unit_cube import is_unit_cube, scene_from_unit_cube
from tests.io.published_meshes import unit_cube_mesh, write_published

LATTICE = VoxelGrid((-1, -1, -0.1), (1, 1, 1.9), (240, 240, 240))


@given(low=st.tuples(*[st.integers(1, 230)] * 3), size=st.integers(1, 9))
def test_every_published_box_is_recognised_and_placed_where_it_was_asked(low, size):
    vertices, _ = unit_cube_mesh(low, (size,) * 3)
    assert is_unit_cube(vertices)
    corners = LATTICE.lattice_points(np.ravel_multi_index(np.array(low), (240,) * 3)[None])
    placed = scene_from_unit_cube(vertices)
    step = 2 / 239
    np.testing.assert_allclose(placed.min(axis=0), corners[0] - step / 2, atol=1e-5)


def test_other_small_meshes_are_left_alone():
    sphere = measure.marching_cubes(np.random.default_rng(0).random((9, 9, 9)), 0.5)[0]
    assert not is_unit_cube(sphere / 240)
    assert not is_unit_cube(np.array([[0.5, 0.5, 0.5]] * 3))
    assert not is_unit_cube(np.full((20, 3), 0.7))


def test_a_published_file_comes_home_aloud(tmp_path):
    file = write_published(tmp_path / "mug.obj", (120, 60, 12), (20, 20, 30))
    mesh = load_geometry(file)
    np.testing.assert_allclose(np.ptp(mesh.points_m, axis=0), np.array([20, 20, 30]) * 2 / 239)
    assert mesh.points_m[:, 2].min() == pytest.approx(-0.1 + 11.5 * 2 / 239)
    assert any("unit cube" in finding.what for finding in mesh.findings)


def test_lexel_s_own_meshes_are_in_place_already(tmp_path):
    file = tmp_path / "mug.obj"
    write_published(file, (120, 60, 12), (20, 20, 30))
    file.write_text(file.read_text().replace("v 0.0", "v 0.0031"))
    assert not any("unit cube" in finding.what for finding in load_geometry(file).findings)
