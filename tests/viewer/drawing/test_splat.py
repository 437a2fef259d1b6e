"""The id pass against a plain one that knows no tricks."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lexel.errors import CancelledError
from lexel.scene.recipe import Projection
from lexel.viewer.drawing.camera import Camera
from lexel.viewer.drawing.cloud import arrange
from lexel.viewer.drawing.grow import Discs
from lexel.viewer.drawing.splat import NEAR_M, IdPass, Shown, id_pass, id_passes
from tests.viewer.drawing.clouds import camera, plane, points, projections

discs_of_all_kinds = st.one_of(
    st.builds(Discs, st.sampled_from([0.5, 1.0, 1.5, 2.0, 3.2])),
    st.builds(lambda radius: Discs(radius_m=radius), st.sampled_from([0.01, 0.05, 0.2])),
)


def plain_pass(
    xyz_m: npt.NDArray[np.float32], eye: Camera, discs: Discs
) -> npt.NDArray[np.float64]:
    """(H, W) depth of what is seen: every point over every pixel."""
    width, height = eye.size_px
    depth = np.full((height, width), np.inf)
    rows, columns = np.mgrid[:height, :width]
    for point in xyz_m.astype(np.float64):
        z = float((eye.camera_from_world @ [*point, 1.0])[2])
        pixel = eye.pixel_of(point)
        if z <= NEAR_M or pixel is None:
            continue
        per_m = eye.pixels_per_m(z)
        radius_px = discs.radius_px if discs.radius_m is None else discs.radius_m * per_m + 0.5
        radius_m = max(radius_px, 0.5) / per_m if discs.radius_m is None else discs.radius_m
        squared = (rows - math.floor(pixel[1])) ** 2 + (columns - math.floor(pixel[0])) ** 2
        covered = (squared == 0) | (squared <= radius_px**2)
        deeper = z + squared / (2 * radius_m * per_m**2)
        depth[covered] = np.minimum(depth[covered], deeper[covered])
    return depth


@settings(max_examples=60)
@given(st.integers(0, 80), st.integers(0, 1000), projections, discs_of_all_kinds)
def test_it_sees_what_a_plain_pass_sees(
    number: int, seed: int, projection: Projection, discs: Discs
) -> None:
    xyz_m, eye = points(number, seed), camera(projection=projection)
    seen = id_pass(arrange(xyz_m), eye, discs)
    wanted = plain_pass(xyz_m, eye, discs)
    close = np.isclose(seen.depth_m, wanted, rtol=1e-4)
    # In float32 a point may fall into the pixel beside: then its rim is elsewhere.
    assert close.mean() > 0.99
    assert np.array_equal(np.isinf(seen.depth_m), seen.ids < 0)


@pytest.mark.parametrize("projection", Projection)
def test_ids_lie_where_their_points_are(projection: Projection) -> None:
    xyz_m, eye = points(300), camera(projection=projection)
    seen = id_pass(arrange(xyz_m), eye, Discs(0.5))
    rows, columns = np.nonzero(seen.ids >= 0)
    assert len(rows) > 100
    for row, column in zip(rows, columns, strict=True):
        pixel = eye.pixel_of(xyz_m[seen.ids[row, column]])
        assert pixel == pytest.approx((column + 0.5, row + 0.5), abs=0.501)


def test_the_nearer_point_wins() -> None:
    eye = camera()
    along = [eye.eye_m + t * eye.forward for t in (2.0, 1.0, 3.0)]
    seen = id_pass(arrange(np.array(along, np.float32)), eye)
    assert set(np.unique(seen.ids)) == {-1, 1}


def test_a_surface_has_no_holes() -> None:
    """Discs of three quarters of the spacing, as a field is drawn."""
    eye = camera((2.0, 0.2, 0.1), size_px=(200, 200))
    seen = id_pass(arrange(plane(60, 0.02)), eye, Discs(radius_m=0.015))
    assert (seen.ids[60:140, 60:140] >= 0).all()


def test_near_points_are_large_and_far_ones_one_pixel() -> None:
    eye = camera()
    near, far = eye.eye_m + 0.5 * eye.forward, eye.eye_m + 500 * eye.forward
    for place, at_least, at_most in ((near, 60, 300), (far, 1, 1)):
        seen = id_pass(arrange(np.array([place], np.float32)), eye, Discs(radius_m=0.05))
        assert at_least <= np.count_nonzero(seen.ids == 0) <= at_most


def test_discs_reach_in_over_the_edge() -> None:
    eye = camera()
    outside = eye.at((-1.5, 20.0), 2.0)
    seen = id_pass(arrange(outside[None].astype(np.float32)), eye, Discs(4.0))
    assert (seen.ids[:, 0] == 0).any()


def test_nothing_behind_the_eye_is_drawn() -> None:
    eye = camera()
    behind = np.stack([eye.eye_m - eye.forward, eye.eye_m]).astype(np.float32)
    assert (id_pass(arrange(behind), eye).ids == -1).all()


def test_hidden_points_show_what_lies_behind() -> None:
    eye = camera()
    two = np.stack([eye.eye_m + t * eye.forward for t in (1.0, 2.0)]).astype(np.float32)
    cloud = arrange(two)
    hidden = cloud.in_drawing_order(np.array([True, False]))
    assert set(np.unique(id_pass(cloud, eye, shown=Shown(hidden)).ids)) == {-1, 1}


def test_a_clip_box_leaves_what_is_inside() -> None:
    xyz_m = points(500)
    box = np.array([[-0.5, -0.5, -0.5], [0.2, 1.0, 0.6]])
    seen = id_pass(arrange(xyz_m), camera(), shown=Shown(clip_m=box))
    drawn = np.unique(seen.ids[seen.ids >= 0])
    assert len(drawn) > 20
    assert ((xyz_m[drawn] >= box[0]) & (xyz_m[drawn] <= box[1])).all()


def test_far_from_the_origin_points_keep_their_pixels() -> None:
    """A scan in a country's coordinates: float32 has steps of centimetres there."""
    xyz_m, eye = plane(20, 0.25), camera()
    away = np.array([400_000.0, 100_000.0, 0.0])
    pose = eye.world_from_camera.copy()
    pose[:3, 3] += away
    there = Camera(pose, eye.size_px, eye.intrinsics)
    near = id_pass(arrange(xyz_m), eye)
    far = id_pass(arrange((xyz_m + away).astype(np.float32)), there)
    assert (near.ids == far.ids).mean() > 0.98


def _many(number: int = 600_000) -> tuple[IdPass, list[IdPass]]:
    cloud, eye = arrange(points(number)), camera(size_px=(160, 120))
    return id_pass(cloud, eye), list(id_passes(cloud, eye, first_s=0.0))


def test_pictures_become_finer_and_end_as_the_whole() -> None:
    whole, passes = _many()
    shares = [seen.share for seen in passes]
    assert shares == sorted(shares)
    assert shares[0] < 1
    assert passes[-1].share == 1
    assert np.array_equal(passes[-1].ids, whole.ids)


def test_the_first_picture_covers_the_whole_already() -> None:
    whole, passes = _many()
    covered = (passes[0].ids >= 0) & (whole.ids >= 0)
    assert covered.sum() > 0.97 * (whole.ids >= 0).sum()


def test_the_first_picture_comes_even_if_it_is_no_longer_wanted() -> None:
    def unwanted() -> None:
        raise CancelledError

    cloud = arrange(points(600_000))
    passes = id_passes(cloud, camera(), first_s=0.0, check=unwanted)
    assert next(passes).share < 1
    with pytest.raises(CancelledError):
        next(passes)
