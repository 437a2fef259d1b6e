import numpy as np
import pytest

from lexel.geometry.depth_camera import DepthCamera
from lexel.geometry.settling import SettlingVotes
from lexel.geometry.transforms import invert

DOWN = np.diag([1.0, -1, -1, 1])  # a camera that looks down on the floor
K = np.array([[30.0, 0, 16], [0, 30, 12], [0, 0, 1]])
RGB = np.zeros((24, 32, 3), np.uint8)
POINTS = np.array([[0.1, 0.1, 0], [0, -0.2, 0], [9, 9, 0]], np.float32)  # the last is unseen
UP = np.tile(np.array([[0, 0, 1]], np.float32), (3, 1))


def vote(floors_m):
    """Votes of views from a metre above, each of which sees the floor at its own height."""
    votes = SettlingVotes(len(POINTS), 0.02)
    for floor in floors_m:
        pose = DOWN.copy()
        pose[2, 3] = 1.0
        depth = np.full(RGB.shape[:2], 1 - floor, np.float32)
        votes.add(DepthCamera(RGB, depth, K, invert(pose)), POINTS, UP, pose)
    return votes.shifts()


def test_the_median_wins_over_one_that_is_off():
    shifts = vote([0.01, 0.01, 0.01, -0.04])
    np.testing.assert_allclose(shifts, [0.01, 0.01, 0], atol=0.003)


def test_what_lies_far_off_is_another_surface():
    np.testing.assert_allclose(vote([0.01, 0.2, 0.2, 0.2]), [0.01, 0.01, 0], atol=0.003)


@pytest.mark.parametrize("floor_m", [-0.03, -0.01, 0.0, 0.02, 0.04])
def test_points_move_towards_the_surface(floor_m):
    np.testing.assert_allclose(vote([floor_m])[:2], floor_m, atol=0.003)


def test_unseen_points_stay():
    assert vote([]).tolist() == [0, 0, 0]
