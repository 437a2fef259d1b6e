"""What is under the mouse, and within a lasso."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexel.viewer.drawing.cloud import arrange
from lexel.viewer.drawing.grow import Discs
from lexel.viewer.drawing.pick import id_at, ids_inside, ids_seen, place_at, within
from lexel.viewer.drawing.splat import Shown, id_pass
from tests.viewer.drawing.clouds import SIZE_PX, camera, points

LEFT_HALF = [(0, 0), (32, 0), (32, 48), (0, 48)]


def test_each_point_is_found_where_it_is_seen() -> None:
    xyz_m, eye = points(100), camera()
    seen = id_pass(arrange(xyz_m), eye, Discs(0.5))
    for row, column in zip(*np.nonzero(seen.ids >= 0), strict=True):
        assert id_at(seen, (column + 0.5, row + 0.5)) == seen.ids[row, column]


def test_a_click_beside_a_point_finds_it_within_reach() -> None:
    eye = camera()
    middle = np.zeros((1, 3), np.float32)
    seen = id_pass(arrange(middle), eye, Discs(0.5))
    assert id_at(seen, (32.5 + 3, 24.5 + 2)) == 0
    assert id_at(seen, (32.5 + 4, 24.5 + 4)) == -1
    assert id_at(seen, (5, 5)) == -1


@pytest.mark.parametrize("pixel", [(-50, 3), (3, -50), (500, 3), (3, 500), (-1, -1), (64, 48)])
def test_the_mouse_may_leave_the_picture(pixel: tuple[float, float]) -> None:
    seen = id_pass(arrange(points(300)), camera(), Discs(0.5))
    assert id_at(seen, pixel) in range(-1, 300)


def test_the_place_under_the_mouse_is_that_of_the_point() -> None:
    eye, xyz_m = camera(), np.array([[0.2, 0.1, -0.3]], np.float32)
    seen = id_pass(arrange(xyz_m), eye)
    pixel = eye.pixel_of(xyz_m[0])
    assert pixel is not None
    assert place_at(seen, pixel) == pytest.approx(xyz_m[0], abs=1e-5)
    assert place_at(seen, (2, 2)) is None


@given(
    st.tuples(st.floats(-20, 90), st.floats(-20, 70)),
    st.tuples(st.floats(-20, 90), st.floats(-20, 70)),
)
def test_a_rectangle_takes_the_pixels_whose_centres_are_in_it(
    one: tuple[float, float], other: tuple[float, float]
) -> None:
    (u0, v0), (u1, v1) = one, other
    mask = within([(u0, v0), (u1, v0), (u1, v1), (u0, v1)], SIZE_PX)
    u, v = np.arange(SIZE_PX[0]) + 0.5, np.arange(SIZE_PX[1]) + 0.5
    columns = (u >= min(u0, u1)) & (u < max(u0, u1))
    rows = (v >= min(v0, v1)) & (v < max(v0, v1))
    assert np.array_equal(mask, rows[:, None] & columns)


def test_a_lasso_that_crosses_itself_leaves_the_middle_out() -> None:
    """Even-odd: the inner of two windings round the same way."""
    outer = [(5, 5), (45, 5), (45, 45), (5, 45)]
    inner = [(15, 15), (35, 15), (35, 35), (15, 35)]
    mask = within([*outer, outer[0], *inner, inner[0]], SIZE_PX)
    assert mask[10, 10]
    assert not mask[25, 25]


def test_a_lasso_takes_what_is_seen_or_all() -> None:
    xyz_m, eye = points(3000), camera()
    cloud = arrange(xyz_m)
    mask = within(LEFT_HALF, SIZE_PX)
    visible = ids_seen(id_pass(cloud, eye), mask)
    everything = ids_inside(cloud, eye, mask)
    pixels = [eye.pixel_of(point) for point in xyz_m]
    left = [i for i, p in enumerate(pixels) if p and 0 <= p[0] < 31.9 and 0 <= p[1] < 48]
    assert set(left) <= set(everything.tolist())
    assert len(everything) < len(left) + 20
    assert len(visible) < len(everything) / 2
    assert (np.diff(visible) > 0).all()


def test_a_lasso_leaves_what_is_not_drawn() -> None:
    cloud, eye = arrange(points(500)), camera()
    hidden = np.arange(500) % 2 == 0
    found = ids_inside(cloud, eye, np.ones((48, 64), bool), Shown(cloud.in_drawing_order(hidden)))
    assert (found % 2 == 1).all()
    assert len(found) == 250
