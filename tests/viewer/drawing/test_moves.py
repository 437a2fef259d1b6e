"""Moves: what stays where it is, and what comes back."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexel.geometry.transforms import rotation_error
from lexel.scene.recipe import Projection
from lexel.viewer.drawing.camera import Camera
from lexel.viewer.drawing.moves import (
    Direction,
    fly,
    frame,
    look_around,
    orbit,
    pan,
    seen_from,
    turned_to,
    with_projection,
    zoom,
)
from tests.viewer.drawing.clouds import camera, cameras, projections

angles = st.floats(-3, 3)
small = st.floats(-0.8, 0.8)
pivots = st.tuples(small, small, small).map(np.array)
BOX = np.array([[-1.0, -2.0, 0.0], [3.0, 1.0, 2.5]])
LOOKS = {
    Direction.FRONT: (0, 1, 0),
    Direction.BACK: (0, -1, 0),
    Direction.RIGHT: (-1, 0, 0),
    Direction.LEFT: (1, 0, 0),
    Direction.TOP: (0, 0, -1),
    Direction.BOTTOM: (0, 0, 1),
}


@given(cameras, pivots, angles, angles)
def test_orbit_keeps_its_pivot_in_place_and_stays_upright(
    eye: Camera, pivot: npt.NDArray[np.float64], yaw_rad: float, pitch_rad: float
) -> None:
    turned = orbit(eye, pivot, yaw_rad, pitch_rad)
    assert turned.camera_from_world @ [*pivot, 1] == pytest.approx(
        eye.camera_from_world @ [*pivot, 1], abs=1e-9
    )
    assert rotation_error(turned.world_from_camera[:3, :3]) < 1e-12
    assert turned.world_from_camera[2, 0] == pytest.approx(0, abs=1e-9), "right is level"
    assert turned.world_from_camera[2, 1] <= 1e-9, "down is down"


@given(cameras, pivots, angles)
def test_turning_back_comes_back(
    eye: Camera, pivot: npt.NDArray[np.float64], yaw_rad: float
) -> None:
    back = orbit(orbit(eye, pivot, yaw_rad, 0), pivot, -yaw_rad, 0)
    assert back.world_from_camera == pytest.approx(eye.world_from_camera, abs=1e-9)


def test_a_thousand_small_turns_are_one_great_one() -> None:
    eye = camera()
    for _ in range(1000):
        eye = orbit(eye, (0, 0, 0), 2 * np.pi / 1000, 0)
    assert eye.world_from_camera == pytest.approx(camera().world_from_camera, abs=1e-9)


@given(cameras, angles)
def test_looking_around_stays(eye: Camera, yaw_rad: float) -> None:
    assert look_around(eye, yaw_rad, 0.1).eye_m == pytest.approx(eye.eye_m)


@given(cameras, st.floats(-50, 50), st.floats(-50, 50), st.floats(0.2, 20))
def test_pan_moves_what_lies_at_the_depth_with_the_mouse(
    eye: Camera, right_px: float, down_px: float, depth_m: float
) -> None:
    pixel = (10.0, 12.0)
    held = eye.at(pixel, depth_m)
    moved = pan(eye, right_px, down_px, depth_m).pixel_of(held)
    assert moved == pytest.approx((10 + right_px, 12 + down_px), abs=1e-6)


@given(cameras, pivots, st.floats(0.2, 1.9))
def test_zoom_keeps_its_pivot_and_changes_its_size(
    eye: Camera, pivot: npt.NDArray[np.float64], factor: float
) -> None:
    before = eye.pixel_of(pivot)
    if before is None:
        return
    closer = zoom(eye, pivot, factor)
    assert closer.pixel_of(pivot) == pytest.approx(before, abs=1e-6)

    def scale(camera: Camera) -> float:
        return camera.pixels_per_m(float((pivot - camera.eye_m) @ camera.forward))

    assert scale(closer) == pytest.approx(factor * scale(eye))


def test_zoom_never_passes_its_pivot() -> None:
    eye = camera()
    for _ in range(200):
        eye = zoom(eye, (0, 0, 0), 1.5)
    assert 0 < float(-eye.eye_m @ eye.forward) <= 0.011


def test_flying_goes_along_the_gaze() -> None:
    eye = camera()
    assert fly(eye, 0, 0, 2.0).eye_m == pytest.approx(eye.eye_m + 2 * eye.forward)
    assert fly(fly(eye, 1, 2, 3), -1, -2, -3).eye_m == pytest.approx(eye.eye_m)


@pytest.mark.parametrize("direction", LOOKS)
def test_named_views_look_where_they_say(direction: Direction) -> None:
    for eye in (seen_from(direction, BOX, (80, 60)), turned_to(camera(), direction, (0, 0, 0))):
        assert eye.forward == pytest.approx(LOOKS[direction], abs=0.01)


def test_a_named_view_keeps_its_distance() -> None:
    eye = turned_to(camera(), Direction.TOP, (0.5, 0, 0))
    assert np.linalg.norm(eye.eye_m - [0.5, 0, 0]) == pytest.approx(
        np.linalg.norm(camera().eye_m - [0.5, 0, 0])
    )


def _fills(eye: Camera) -> float:
    """How much of the window a box takes; fails if it is not all in."""
    which = np.indices((2, 2, 2)).reshape(3, -1).T
    pixels = [eye.pixel_of(corner) for corner in BOX[which, np.arange(3)]]
    assert None not in pixels
    offset = np.abs(np.array(pixels, float) / eye.size_px - 0.5)
    assert offset.max() <= 0.5
    return float(2 * offset.max())


@given(cameras)
def test_a_framed_box_fills_the_window(eye: Camera) -> None:
    assert _fills(frame(eye, BOX)) > 0.9


def test_a_framed_point_is_seen() -> None:
    spot = np.array([[1.0, 2.0, 3.0]] * 2)
    eye = frame(camera(), spot)
    assert eye.pixel_of(spot[0]) == pytest.approx(np.array(eye.size_px) / 2)


@given(cameras, projections, st.floats(1, 10))
def test_the_other_projection_keeps_sizes_at_the_depth(
    eye: Camera, projection: Projection, depth_m: float
) -> None:
    other = with_projection(eye, projection, depth_m)
    centre = eye.eye_m + depth_m * eye.forward
    here = float((centre - other.eye_m) @ other.forward)
    assert other.projection is projection
    assert other.pixels_per_m(here) == pytest.approx(eye.pixels_per_m(depth_m))


@pytest.mark.parametrize("move", [lambda c: pan(c, 5, 5, 1), lambda c: fly(c, 0, 0, 1)])
def test_moves_keep_the_lens(move: Callable[[Camera], Camera]) -> None:
    eye = camera()
    assert move(eye).intrinsics is eye.intrinsics
    assert move(eye).size_px == eye.size_px
