import numpy as np

from lexel.fields.visibility import see_points
from tests.fields.box_room import around, camera_frame, shoot

VOXEL_M = 0.02
UP = np.array([[0.0, 0, 1]], np.float32)


def test_a_point_is_seen_where_the_depth_says_and_hidden_behind():
    (shot,) = around(1)  # looks from +x
    on_top = np.array([[0.25, 0, 0.3]], np.float32)
    behind = np.array([[-0.7, 0, 0]], np.float32)  # on the floor, in the shadow of the red box
    assert len(see_points(shot.view, on_top, UP, VOXEL_M).index) == 1
    assert len(see_points(shot.view, behind, UP, VOXEL_M).index) == 0


def test_what_faces_away_or_lies_outside_is_not_seen():
    (shot,) = around(1)
    on_top = np.array([[0.25, 0, 0.3]], np.float32)
    assert len(see_points(shot.view, on_top, -UP, VOXEL_M).index) == 0
    assert len(see_points(shot.view, on_top + 50, UP, VOXEL_M).index) == 0


def test_seen_points_fall_into_their_pixels_and_near_ones_weigh_more():
    near, far = np.eye(4), np.eye(4)
    for pose, height in ((near, 1.0), (far, 3.0)):
        pose[:3, :3] = np.diag([1.0, -1, -1])
        pose[:3, 3] = [0.9, 0, height]
    point = np.array([[0.91, 0.05, 0]], np.float32)
    seen = [see_points(shoot(pose).view, point, UP, VOXEL_M) for pose in (near, far)]
    assert seen[0].weight[0] > seen[1].weight[0] > 0
    view = shoot(near).view
    at = view.intrinsics @ camera_frame(view, point)[0]
    assert seen[0].pixel[0] == int(at[1] / at[2]) * 64 + int(at[0] / at[2])
