"""Mouse and keys to cameras."""

from __future__ import annotations

import numpy as np
import pytest

from lexel.scene.recipe import Projection
from lexel.viewer.drawing.cloud import arrange
from lexel.viewer.drawing.navigating import Grip, Navigator
from lexel.viewer.drawing.splat import id_pass
from tests.viewer.drawing.clouds import camera, points

BOX = np.array([[-1.0, -1, -1], [1, 1, 1]])
SPOT = np.array([[0.3, 0.4, 0.2]], np.float32)


@pytest.mark.parametrize("projection", Projection)
@pytest.mark.parametrize("grip", [Grip.ORBIT, Grip.PAN])
def test_what_is_grabbed_stays_with_the_mouse(projection: Projection, grip: Grip) -> None:
    eye = camera(projection=projection)
    nav = Navigator.around(eye, BOX)
    start = eye.pixel_of(SPOT[0])
    assert start is not None
    nav.grab(start, id_pass(arrange(SPOT), eye))
    for step in range(1, 6):
        moved = nav.drag((start[0] + step, start[1] + 2 * step), grip)
    wanted = start if grip is Grip.ORBIT else (start[0] + 5, start[1] + 10)
    assert moved.pixel_of(SPOT[0]) == pytest.approx(wanted, abs=1e-3)
    assert moved.key != eye.key


def test_in_the_void_it_turns_about_the_middle() -> None:
    nav = Navigator.around(camera(), BOX)
    nav.grab((5, 5), None)
    nav.drag((9, 5), Grip.ORBIT)
    assert nav.camera.pixel_of(BOX.mean(axis=0)) == pytest.approx((32, 24))


def test_a_drag_turns_as_the_thing_would_be_turned_by_hand() -> None:
    """Dragging to the right brings what is near to the right: the eye goes to the left."""
    nav = Navigator.around(camera(), BOX)
    near = nav.camera.eye_m + nav.camera.forward
    nav.grab((30, 20), None)
    after = nav.drag((33, 20), Grip.ORBIT).pixel_of(near)
    assert after is not None
    assert after[0] > 32


@pytest.mark.parametrize("notches", [1.0, -1.0, 0.25])
def test_the_wheel_goes_to_what_is_under_the_mouse(notches: float) -> None:
    eye = camera()
    nav, start = Navigator.around(eye, BOX), eye.pixel_of(SPOT[0])
    assert start is not None
    moved = nav.wheel(start, notches, id_pass(arrange(SPOT), eye))
    assert moved.pixel_of(SPOT[0]) == pytest.approx(start, abs=1e-3)
    distance = np.linalg.norm(moved.eye_m - SPOT[0]) / np.linalg.norm(eye.eye_m - SPOT[0])
    assert distance == pytest.approx(1.2**-notches, rel=1e-3)


def test_keys_fly_for_as_long_as_they_are_down() -> None:
    nav = Navigator.around(camera(), BOX)
    start = nav.camera.eye_m
    forward = nav.fly({"w"}, 0.5, hurry=False).eye_m - start
    assert forward @ nav.camera.forward == pytest.approx(np.linalg.norm(forward))
    assert np.linalg.norm(forward) == pytest.approx(0.5 * 0.3 * np.linalg.norm(BOX[1] - BOX[0]))
    assert nav.fly({"s"}, 0.5, hurry=False).eye_m == pytest.approx(start)
    assert nav.fly({"a", "d"}, 1.0, hurry=True).eye_m == pytest.approx(start)


def test_looking_around_leaves_the_eye() -> None:
    nav = Navigator.around(camera(), BOX)
    before = nav.camera.eye_m
    nav.grab((10, 10), id_pass(arrange(points(100)), nav.camera))
    assert nav.drag((20, 12), Grip.LOOK).eye_m == pytest.approx(before)
