"""Depth of a real, hand-held scan fused: 50 frames of 7-Scenes' red kitchen."""

import numpy as np
import pytest

from lexel.geometry.cameras import project
from lexel.io.readers import open_recording
from lexel.pipelines.build_geometry import fuse_depth
from lexel.pipelines.posed_views import pose_views
from lexel.pipelines.workshop import Workshop
from lexel.progress import Silent
from tests.fields.box_room import camera_frame

VOXEL_M = 0.02
NEAR_M = 3.0
SAME_M = 2 * VOXEL_M  # a depth further from a point is of something else


@pytest.fixture(scope="module")
def fused(shared_data, tmp_path_factory):
    views = pose_views(open_recording(shared_data / "redkitchen"), Silent())
    workshop = Workshop(tmp_path_factory.mktemp("fused") / "kitchen", {}, Silent())
    return views, fuse_depth(views, VOXEL_M, workshop, Silent())


def test_points_lie_within_a_centimetre_of_the_depth_they_came_from(fused):
    views, points = fused
    away = []
    for index in range(0, len(views), 5):
        view = views.get(index)
        camera = camera_frame(view, points.xyz_m)
        u, v, z = project(camera, view.intrinsics).T
        height, width = view.depth_m.shape
        inside = (z > 0) & (u >= 0) & (u < width) & (v >= 0) & (v < height)
        depth = view.depth_m[v[inside].astype(int), u[inside].astype(int)]
        gap = np.abs(depth - z[inside])
        own = (depth > 0) & (depth < NEAR_M) & (gap < SAME_M)
        along = np.linalg.norm(camera[inside], axis=1) / z[inside]
        away.append((gap * along)[own])
    assert len(np.concatenate(away)) > 100_000
    assert np.median(np.concatenate(away)) < 0.0095


def test_the_kitchen_stands_on_its_floor(fused):
    _, points = fused
    assert len(points) > 50_000
    level = points.normal[:, 2] > 0.9
    assert (np.abs(points.xyz_m[level, 2]) < 0.05).mean() > 0.1
    assert np.quantile(points.xyz_m[:, 2], 0.01) > -0.15
