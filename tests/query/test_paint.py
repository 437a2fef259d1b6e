"""Colours over the points' own, in whole numbers."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from lexel.query.paint import Paint


def paint(seed, over_rgb, num_points=500, rows=40):
    random = np.random.default_rng(seed)
    return Paint(
        random.integers(-1, rows, num_points).astype(np.int32),
        random.integers(0, 256, (rows, 4)).astype(np.uint8),
        random.integers(0, 256, (num_points, 3)).astype(np.uint8),
        over_rgb,
    )


@given(st.integers(0, 1000), st.floats(0, 1))
def test_a_colour_lies_over_the_points_own_as_much_as_it_is_opaque(seed, over_rgb):
    shown = paint(seed, over_rgb)
    rows = shown.table[shown.index].astype(np.float32)
    opacity = np.floor(rows[:, 3:] * np.float32(over_rgb) + np.float32(0.5))
    share = opacity.astype(np.float64) / 255
    exact = share * rows[:, :3] + (1 - share) * shown.rgb
    assert np.abs(shown.colours() - exact).max() <= 0.5 + 1e-6


def test_some_points_have_the_colours_they_have_among_all():
    shown, some = paint(1, 0.7), np.array([7, 3, 3, 499])
    np.testing.assert_array_equal(shown.colours(some), shown.colours()[some])
    np.testing.assert_array_equal(shown.colours(slice(5, 9)), shown.colours()[5:9])


def test_uncovered_points_keep_their_colours():
    shown = paint(2, 0.0)
    np.testing.assert_array_equal(shown.colours(), shown.rgb)
