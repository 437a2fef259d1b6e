"""The drawing order: everything once, evenly, and what cannot be drawn left out."""

from __future__ import annotations

import numpy as np
import pytest

from lexel.errors import CancelledError
from lexel.progress import Silent
from lexel.viewer.drawing.cloud import arrange
from tests.viewer.drawing.clouds import points

MANY = 600_000


def test_each_point_is_drawn_once() -> None:
    xyz_m = points(1000)
    cloud = arrange(xyz_m)
    assert np.array_equal(np.sort(cloud.ids), np.arange(1000))
    assert cloud.local_m.T + cloud.middle_m == pytest.approx(xyz_m[cloud.ids], abs=1e-6)
    assert cloud.box_m == pytest.approx(np.stack([xyz_m.min(0), xyz_m.max(0)]))


def test_points_that_are_not_finite_are_left_out() -> None:
    xyz_m = points(50)
    xyz_m[7, 1], xyz_m[30, 2] = np.nan, np.inf
    cloud = arrange(xyz_m)
    assert set(range(50)) - set(cloud.ids.tolist()) == {7, 30}
    assert np.isfinite(cloud.box_m).all()


@pytest.mark.parametrize("number", [0, 1])
def test_a_cloud_may_be_empty_or_a_single_point(number: int) -> None:
    assert len(arrange(points(number))) == number
    assert len(arrange(np.full((number, 3), np.nan, np.float32))) == 0


def test_the_first_points_are_an_even_sample() -> None:
    cloud = arrange(points(MANY))
    octants = (cloud.local_m > 0).T @ [1, 2, 4]
    first = np.bincount(octants[: MANY // 2], minlength=8) / (MANY // 2)
    assert first == pytest.approx(np.bincount(octants, minlength=8) / MANY, abs=0.002)


def test_neighbours_in_space_are_neighbours_in_memory() -> None:
    cloud = arrange(points(20_000))
    steps = np.linalg.norm(np.diff(cloud.local_m, axis=1), axis=0)
    assert np.median(steps) < 0.1, "at random it would be 1.3"


def test_flags_follow_their_points() -> None:
    cloud, flags = arrange(points(100)), np.arange(100) % 3 == 0
    ordered = cloud.in_drawing_order(flags)
    assert ordered is not None
    assert np.array_equal(np.sort(cloud.ids[ordered]), np.flatnonzero(flags))
    assert cloud.in_drawing_order(np.zeros(100, bool)) is None
    assert cloud.in_drawing_order(None) is None


def test_arranging_can_be_cancelled() -> None:
    class Stop(Silent):
        def advance(self, steps: int = 1) -> None:
            raise CancelledError

    with pytest.raises(CancelledError):
        arrange(points(10), Stop())
