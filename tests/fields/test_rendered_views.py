import numpy as np
import pytest

from lexel.fields.rendered_views import photographer_of, surface_sample
from lexel.fields.viewpoints import choose_viewpoints
from lexel.geometry.cameras import back_project, look_at
from lexel.geometry.transforms import apply
from lexel.scene import Geometry

CUBE = np.array(list(np.ndindex(2, 2, 2)), np.float32) - [0.5, 0.5, 0]
# Two triangles a side, by the corners' numbers above.
FACES = np.array(
    [
        *[[0, 1, 3], [0, 3, 2], [4, 7, 5], [4, 6, 7], [0, 5, 1], [0, 4, 5]],
        *[[2, 3, 7], [2, 7, 6], [0, 2, 6], [0, 6, 4], [1, 5, 7], [1, 7, 3]],
    ],
    np.int32,
)
RED = np.tile(np.array([[200, 30, 30]], np.uint8), (8, 1))
MESH = Geometry("cube", "mesh", CUBE.astype(np.float32), RED, faces=FACES)
FRONT = look_at(np.array([-2.0, 0, 0.5]), np.array([0.0, 0, 0.5]))


def test_a_mesh_is_photographed_where_it_is():
    view = photographer_of(MESH)(FRONT)
    seen = view.depth_m > 0
    points = apply(FRONT, back_project(view.depth_m, view.intrinsics))[seen]
    np.testing.assert_allclose(points[:, 0], -0.5, atol=1e-5)
    assert np.abs(points[:, 1]).max() == pytest.approx(0.5, abs=0.01)
    assert (view.rgb[seen] == [200, 30, 30]).all()
    assert (view.rgb[~seen] == 255).all()


def test_without_colours_its_shape_is_shaded():
    bare = Geometry("cube", "mesh", MESH.points_m, faces=FACES)
    aside = look_at(np.array([-2.0, -1.5, 1.5]), np.array([0.0, 0, 0.5]))
    view = photographer_of(bare)(aside)
    assert len(np.unique(view.rgb[view.depth_m > 0])) > 3


def test_a_cloud_looks_like_the_mesh_its_points_lie_on():
    points = surface_sample(MESH)
    cloud = Geometry("cube", "cloud", points, np.tile(RED[:1], (len(points), 1)))
    one, other = photographer_of(MESH)(FRONT), photographer_of(cloud)(FRONT)
    both = (one.depth_m > 0) & (other.depth_m > 0)
    assert both.sum() > 0.95 * (one.depth_m > 0).sum()
    assert np.median(np.abs(one.depth_m - other.depth_m)[both]) < 0.01


def test_the_sample_covers_every_side_by_its_area():
    points = surface_sample(MESH)
    for axis, side in ((0, -0.5), (1, 0.5), (2, 0), (2, 1)):
        share = (np.abs(points[:, axis] - side) < 1e-6).mean()
        assert share == pytest.approx(1 / 6, abs=0.01)


def test_small_things_are_walked_around_and_rooms_into():
    around = choose_viewpoints(surface_sample(MESH))
    assert len(around) == 16
    room = Geometry("room", "mesh", MESH.points_m * np.float32([5, 4, 2.5]), faces=FACES)
    poses = choose_viewpoints(surface_sample(room))
    within = [pose for pose in poses if (np.abs(pose[:3, 3]) < [2.5, 2, 2.5]).all()]
    assert len(within) == 30
    for pose in poses:
        np.testing.assert_allclose(pose[:3, :3] @ pose[:3, :3].T, np.eye(3), atol=1e-9)
        assert pose[2, 1] < 0  # upright: image-down points down


def test_all_of_a_thing_fits_the_picture():
    for pose in choose_viewpoints(surface_sample(MESH)):
        depth = photographer_of(MESH)(pose).depth_m
        assert (depth > 0).mean() > 0.02
        assert not (depth[0] > 0).any()
        assert not (depth[:, 0] > 0).any()
