import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lexel.geometry.depth_camera import viewing_cosine
from lexel.geometry.sparse_tsdf import SparseTsdf, pack, unpack
from lexel.geometry.surface_points import SurfacePoints, find_surface
from tests.fields.box_room import BOXES, around, thing_of

VOXEL_M = 0.02


def fuse(shots, tsdf=None) -> SparseTsdf:
    tsdf = tsdf or SparseTsdf(VOXEL_M)
    for shot in shots:
        view = shot.view
        tsdf.integrate(view.rgb, view.depth_m, view.intrinsics, view.world_from_camera)
    return tsdf


@pytest.fixture(scope="module")
def surface() -> SurfacePoints:
    return find_surface(fuse(around(8)))


def distance_m(xyz) -> np.ndarray:
    """From the nearest surface of the room."""
    away = [np.abs(xyz[:, 2])]
    for low, high in BOXES:
        outside = np.linalg.norm(np.maximum(np.maximum(low - xyz, xyz - high), 0), axis=1)
        inside = np.minimum(xyz - low, high - xyz).min(axis=1)
        away.append(np.where(inside > 0, inside, outside))
    return np.min(away, axis=0)


def test_points_lie_on_the_surface_in_their_own_cells(surface):
    assert len(surface) > 3000
    assert np.median(distance_m(surface.xyz_m)) < 0.003
    assert np.quantile(distance_m(surface.xyz_m), 0.95) < VOXEL_M
    inside = surface.xyz_m / VOXEL_M - surface.cell
    assert inside.min() > -1e-3
    assert inside.max() < 1 + 1e-3
    assert len(np.unique(pack(surface.cell))) == len(surface)


def test_normals_point_out_of_things_and_colours_are_theirs(surface):
    floor = thing_of(surface.xyz_m) == 0
    open_floor = floor & (np.abs(surface.xyz_m[:, :2]).max(axis=1) > 0.7)
    assert np.median(surface.normal[open_floor, 2]) > 0.99
    top = (thing_of(surface.xyz_m) == 1) & (surface.xyz_m[:, 2] > 0.49)
    inner = top & (surface.xyz_m[:, 0] < -0.1) & (surface.xyz_m[:, 0] > -0.4)
    assert np.abs(surface.rgb[inner].astype(int) - [200, 40, 40]).max() <= 60
    np.testing.assert_allclose(np.linalg.norm(surface.normal, axis=1), 1, atol=1e-5)


def test_interrupted_fusion_gives_the_same_bytes():
    shots = around(4)
    whole = find_surface(fuse(shots))
    stored = {name: array.copy() for name, array in fuse(shots[:2]).state().items()}
    continued = find_surface(fuse(shots[2:], SparseTsdf.from_state(stored)))
    for name, column in vars(whole).items():
        np.testing.assert_array_equal(column, getattr(continued, name))


def test_memory_follows_the_surface_not_the_number_of_views():
    assert len(fuse(around(4) * 3)) == len(fuse(around(4)))


def test_nothing_seen_is_no_surface():
    assert len(find_surface(SparseTsdf(VOXEL_M))) == 0


def test_a_wall_seen_straight_on_has_cosine_one_and_one_from_the_side_less():
    depth = np.full((20, 30), 2, np.float32)
    k = np.array([[30.0, 0, 15], [0, 30, 10], [0, 0, 1]])
    assert viewing_cosine(depth, k)[10, 15] == pytest.approx(1, abs=1e-3)
    assert viewing_cosine(depth, k)[10, 0] == pytest.approx(30 / np.hypot(30, 14.5), abs=1e-3)


@given(arrays(np.int64, (5, 3), elements=st.integers(-(1 << 20), (1 << 20) - 1)))
def test_a_block_is_known_by_its_key(blocks):
    np.testing.assert_array_equal(unpack(pack(blocks)), blocks)
