"""Which surfaces are seen from behind."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lexel.geometry.transforms import from_rotation
from lexel.geometry.vectors import unit_rows
from lexel.io.fields import save_field
from lexel.pipelines.ask import open_field
from lexel.scene.recipe import Projection
from lexel.viewer.drawing.camera import Camera, default_lens
from lexel.viewer.facing import normals_point_inwards, turned_away
from tests.io.fields.samples import make_content, make_view

SIZE = (64, 48)


def a_ball(folder, sign, views=1):
    """A field whose points lie on a ball; its normals point outwards (1) or inwards (-1)."""
    content = make_content()
    random = np.random.default_rng(0)
    ball = unit_rows(random.standard_normal((len(content.points), 3))).astype(np.float32)
    points = replace(content.points, xyz_m=ball, normals=sign * ball)
    pictures = tuple(make_view(100) for _ in range(views))
    pictures = tuple(replace(view, world_from_camera=np.eye(4)) for view in pictures)
    path = save_field(
        folder / "ball.lexel", replace(content, points=points, views=pictures, evidence=None)
    )
    return open_field(path), ball


def camera_at(*eye):
    return Camera(from_rotation(np.eye(3), np.array(eye, float)), SIZE, default_lens(SIZE))


@pytest.mark.parametrize("sign", [1, -1])
def test_from_far_away_half_a_ball_is_seen_from_behind(tmp_path, sign):
    field, ball = a_ball(tmp_path, sign)
    away = turned_away(field, camera_at(0, 0, -1000))
    np.testing.assert_array_equal(away, sign * ball[:, 2] > 0)
    flat = replace(camera_at(5, 5, -5), projection=Projection.ORTHOGRAPHIC)
    np.testing.assert_array_equal(turned_away(field, flat), sign * ball[:, 2] > 0)


def test_from_the_middle_all_of_a_room_is_seen_and_nothing_of_a_thing(tmp_path):
    (tmp_path / "room").mkdir()
    room, _ = a_ball(tmp_path / "room", -1)
    thing, _ = a_ball(tmp_path, 1)
    assert not turned_away(room, camera_at(0, 0, 0)).any()
    assert turned_away(thing, camera_at(0, 0, 0)).all()
    assert normals_point_inwards(room) and not normals_point_inwards(thing)


def test_without_normals_nothing_can_be_told(kitchen):
    field = open_field(kitchen)
    assert turned_away(field, camera_at(0, 0, 0)) is None
    assert not normals_point_inwards(field)
