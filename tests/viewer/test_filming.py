"""Ways of a camera, and pictures at any size without a window."""

from itertools import pairwise

import numpy as np
import pytest
from PIL import Image

from lexel.errors import CancelledError, InputError
from lexel.progress import Silent
from lexel.query.paint import Paint
from lexel.viewer.drawing.camera import Camera, default_lens
from lexel.viewer.drawing.cloud import arrange
from lexel.viewer.drawing.moves import Direction, orbit, seen_from
from lexel.viewer.drawing.scenery import Dress, Scenery
from lexel.viewer.filming import camera_path, save_film, save_picture, turntable

BOX = np.array([[-1.0, -1, 0], [1, 1, 1]])
CAMERA = seen_from(Direction.CORNER, BOX, (160, 120))
POINTS = np.random.default_rng(0).uniform(*BOX, (5000, 3)).astype(np.float32)
PAINT = Paint(
    np.zeros(5000, np.int32), np.zeros((1, 4), np.uint8), np.full((5000, 3), 200, np.uint8)
)


def scenery():
    return Scenery(arrange(POINTS), CAMERA)


def test_a_turntable_goes_round_once_and_keeps_its_distance():
    cameras = turntable(CAMERA, BOX.mean(axis=0), 2.0)
    assert len(cameras) == 48
    away = [np.linalg.norm(camera.eye_m - BOX.mean(axis=0)) for camera in cameras]
    np.testing.assert_allclose(away, away[0])
    steps = np.linalg.norm(np.diff([c.eye_m for c in [*cameras, cameras[0]]], axis=0), axis=1)
    np.testing.assert_allclose(steps, steps[0])


def test_a_path_begins_and_ends_at_its_views_and_stays_rigid():
    keys = [CAMERA, orbit(CAMERA, [0, 0, 0], 2.5, 0.2), orbit(CAMERA, [0, 0, 0], 4.0, -0.1)]
    cameras = camera_path(keys, 3.0)
    for camera, key in ((cameras[0], keys[0]), (cameras[-1], keys[-1])):
        np.testing.assert_allclose(camera.world_from_camera, key.world_from_camera, atol=1e-9)
    for camera in cameras:
        rotation = camera.world_from_camera[:3, :3]
        np.testing.assert_allclose(rotation @ rotation.T, np.eye(3), atol=1e-9)
    turned = [a.forward @ b.forward for a, b in pairwise(cameras)]
    assert min(turned) > np.cos(0.2)  # never a jump


def test_a_path_needs_two_views():
    with pytest.raises(InputError, match="at least two"):
        camera_path([CAMERA], 1.0)


@pytest.mark.parametrize("size_px", [(50, 40), (333, 201)])
def test_pictures_come_in_any_size_with_a_transparent_ground(tmp_path, size_px):
    larger = Scenery(arrange(POINTS), CAMERA.resized(size_px))
    save_picture(tmp_path / "a.png", larger, PAINT, Dress(background=None))
    image = np.asarray(Image.open(tmp_path / "a.png"))
    assert image.shape == (size_px[1], size_px[0], 4)
    assert (image[..., 3] == 0).any() and (image[..., 3] == 255).any()
    save_picture(tmp_path / "b.png", larger, PAINT, Dress(background=(10, 20, 30)))
    solid = np.asarray(Image.open(tmp_path / "b.png"))
    assert (solid[..., 3] == 255).all() and tuple(solid[0, 0, :3]) == (10, 20, 30)


def test_a_cancelled_film_leaves_nothing(tmp_path):
    class Stop(Silent):
        def advance(self, steps=1):
            raise CancelledError

    cameras = turntable(CAMERA, BOX.mean(axis=0), 0.2)
    with pytest.raises(CancelledError):
        save_film(tmp_path / "turn.mp4", cameras, scenery(), PAINT, Dress(), Stop())
    assert not list(tmp_path.iterdir())
    odd = [Camera(CAMERA.world_from_camera, (33, 21), default_lens((33, 21)))]
    film = save_film(tmp_path / "odd.mp4", odd, scenery(), PAINT, Dress(background=None), Silent())
    assert film.stat().st_size > 500
