"""Cameras: projection undoes back-projection, and pixel centres are at +0.5."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from lexel.geometry import cameras
from lexel.geometry.transforms import apply
from tests.geometry.strategies import intrinsics, rigids

Array = np.ndarray
SIZE = (12, 9)  # width, height


@given(intrinsics, st.floats(0.2, 10), st.integers(0, 2**31))
@settings(max_examples=50)
def test_project_undoes_back_project(k: Array, near: float, seed: int) -> None:
    depth = near + np.random.default_rng(seed).random(SIZE[::-1]).astype(np.float32)
    uvz = cameras.project(cameras.back_project(depth, k), k)
    centres = np.stack(np.meshgrid(np.arange(SIZE[0]), np.arange(SIZE[1])), axis=-1) + 0.5
    np.testing.assert_allclose(uvz[..., :2], centres, atol=1e-3)
    np.testing.assert_allclose(uvz[..., 2], depth, rtol=1e-6)


@given(rigids, intrinsics.map(lambda k: np.array([[k[0, 0], 0, 6], [0, k[1, 1], 4.5], [0, 0, 1]])))
@settings(max_examples=50)
def test_what_a_camera_sees_is_in_its_frustum(pose: Array, k: Array) -> None:
    depth = np.full(SIZE[::-1], 2.0, np.float32)
    seen = apply(pose, cameras.back_project(depth, k).astype(np.float64))
    assert cameras.in_frustum(seen, k, pose, SIZE).all()
    behind = apply(pose, -cameras.back_project(depth, k).astype(np.float64))
    assert not cameras.in_frustum(behind, k, pose, SIZE).any()


def test_the_frustum_ends_at_the_image_edge() -> None:
    k = np.array([[10.0, 0, 6], [0, 10, 4.5], [0, 0, 1]])
    edge = np.array([[-0.6, 0, 1], [-0.6001, 0, 1], [0.5999, 0, 1], [0.6, 0, 1], [0, 0, 0]])
    inside = cameras.in_frustum(edge, k, np.eye(4), SIZE)
    assert inside.tolist() == [True, False, True, False, False]


def test_camera_axes_are_right_down_forward() -> None:
    k = np.array([[10.0, 0, 6], [0, 10, 4.5], [0, 0, 1]])
    points = cameras.back_project(np.ones(SIZE[::-1], np.float32), k)
    assert points[0, -1, 0] > 0 > points[0, 0, 0]
    assert points[-1, 0, 1] > 0 > points[0, 0, 1]
    assert (points[..., 2] == 1).all()


@given(intrinsics)
def test_published_intrinsics_are_half_a_pixel_off_and_back(k: Array) -> None:
    published = cameras.published_intrinsics(k)
    np.testing.assert_allclose((k - published)[:2, 2], 0.5)
    np.testing.assert_allclose(cameras.intrinsics_from_published(published), k, atol=1e-12)


@given(intrinsics, st.integers(1, 5), st.integers(1, 5))
def test_scaled_intrinsics_see_the_same(k: Array, sx: int, sy: int) -> None:
    point = np.array([0.3, -0.2, 1.5])
    before = cameras.project(point, k)[:2]
    after = cameras.project(point, cameras.scale_intrinsics(k, sx, sy))[:2]
    np.testing.assert_allclose(after, before * (sx, sy))
