"""Cameras: pixels to rays and back, windows of other sizes, recipes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexel.geometry.cameras import project
from lexel.scene.recipe import Projection
from lexel.viewer.drawing.camera import Camera, default_lens, from_recipe
from tests.viewer.drawing.clouds import camera, cameras

unit = st.floats(0, 1)


@given(cameras, unit, unit, st.floats(0.1, 50))
def test_what_a_pixel_shows_is_drawn_there(eye: Camera, u: float, v: float, depth: float) -> None:
    pixel = (u * eye.size_px[0], v * eye.size_px[1])
    point = eye.at(pixel, depth)
    assert eye.pixel_of(point) == pytest.approx(pixel, abs=1e-6)
    local = eye.camera_from_world @ np.array([*point, 1.0])
    assert local[2] == pytest.approx(depth)


def test_a_perspective_is_that_of_the_core() -> None:
    eye, point = camera(), np.array([0.3, -0.2, 0.4])
    local = eye.camera_from_world[:3] @ np.array([*point, 1.0])
    assert eye.pixel_of(point) == pytest.approx(project(local, eye.intrinsics)[:2])


def test_an_orthographic_view_is_as_wide_as_it_says() -> None:
    eye = camera(projection=Projection.ORTHOGRAPHIC, scale_m=3.0)
    width, height = eye.size_px
    across = eye.at((width, height / 2), 1.0) - eye.at((0, height / 2), 1.0)
    assert np.linalg.norm(across) == pytest.approx(3.0)
    assert eye.pixels_per_m(1.0) == eye.pixels_per_m(7.0) == pytest.approx(width / 3.0)


@pytest.mark.parametrize("projection", Projection)
def test_nothing_is_seen_behind_the_eye(projection: Projection) -> None:
    eye = camera(projection=projection)
    assert eye.pixel_of(eye.eye_m - eye.forward) is None


@given(cameras, st.integers(20, 300), st.integers(20, 300))
def test_another_window_shows_as_much_from_top_to_bottom(
    eye: Camera, width: int, height: int
) -> None:
    other = eye.resized((width, height))
    for row in (0.0, 0.5, 1.0):
        before = eye.at((eye.size_px[0] / 2, row * eye.size_px[1]), 2.0)
        assert other.at((width / 2, row * height), 2.0) == pytest.approx(before, abs=1e-9)


def test_a_window_of_the_same_size_changes_nothing() -> None:
    eye = camera()
    assert eye.resized(eye.size_px).key == eye.key


@given(cameras)
def test_a_recipe_keeps_what_is_seen(eye: Camera) -> None:
    again = from_recipe(eye.as_recipe(), eye.size_px)
    assert again.key == eye.key
    assert again.as_recipe().projection is eye.projection


def test_keys_tell_views_apart() -> None:
    eye = camera()
    others = [
        camera(eye_m=(3.0, -2.0, 1.6)),
        camera(projection=Projection.ORTHOGRAPHIC),
        camera(size_px=(64, 49)),
        Camera(eye.world_from_camera, eye.size_px, 2 * default_lens(eye.size_px)),
    ]
    assert len({eye.key, *(other.key for other in others)}) == 5
