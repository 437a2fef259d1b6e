"""Codes pooled over things and cells, and back to points."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexel.errors import SceneError
from lexel.query.colour import expand
from lexel.query.places import NOWHERE, places_of_instances, places_of_points, table_over_ids
from lexel.scene import Box, FieldPoints, Instance


def instance(number, codes, lower=(0, 0, 0), upper=(1, 1, 1)):
    aabb = np.array([lower, upper], np.float32)
    centre = aabb.mean(axis=0)
    obb = Box(centre, np.eye(3, dtype=np.float32), aabb[1] - aabb[0])
    return Instance(number, "thing", 0.3, codes, 10, centre, aabb, obb)


def test_things_pool_their_codes_by_how_many_points_have_them():
    counts = np.array([10, 30, 7, 0])
    places = places_of_instances([instance(4, (0, 1)), instance(2, (3,), upper=(3, 1, 1))], counts)
    np.testing.assert_allclose(places.pool(np.float32([0, 1, 9, 5])), [0.75, 5])
    np.testing.assert_array_equal(places.centre[1], [1.5, 0.5, 0.5])
    assert places.ids.tolist() == [4, 2]


def test_no_things_at_all():
    with pytest.raises(SceneError, match="no objects"):
        places_of_instances([], np.ones(3))


@given(st.integers(0, 10_000))
def test_cells_hold_their_points_and_pool_to_their_means(seed):
    random = np.random.default_rng(seed)
    points = FieldPoints(
        random.uniform(-1, 1, (200, 3)).astype(np.float32),
        np.zeros((200, 3), np.uint8),
        random.integers(0, 12, 200).astype(np.int32),
    )
    places, cell = places_of_points(points, 0.5)
    assert (points.xyz_m >= places.lower[cell]).all() and (points.xyz_m <= places.upper[cell]).all()
    assert (places.upper - places.lower).max() <= 0.5
    values = random.random(12).astype(np.float32)
    means = np.bincount(cell, values[points.code]) / np.bincount(cell)
    np.testing.assert_allclose(places.pool(values), means, atol=1e-6)


def test_scores_of_things_reach_their_points_and_nobody_elses():
    places = places_of_instances([instance(4, (0,)), instance(2, (1,))], np.ones(2, int))
    table = table_over_ids(places, np.array([0.5, 0.25], np.float32))
    points = np.array([2, NOWHERE, 4, 4, NOWHERE, 0], np.int32)
    np.testing.assert_array_equal(expand(table, points), np.float32([0.25, 0, 0.5, 0.5, 0, 0]))
