"""Lenses bend as published, and where they fold is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexel.geometry.lenses import (
    STRAIGHT,
    Lens,
    bent_pixels,
    corner_radius,
    is_straight,
    shift_px,
    usable_radius,
)

K = np.array([[500.0, 0, 320], [0, 500, 240], [0, 0, 1]])
SIZE = (640, 480)
small = st.floats(-0.1, 0.1)
places = st.tuples(st.floats(-0.6, 0.6), st.floats(-0.6, 0.6)).map(np.array)


@given(places)
def test_a_straight_lens_and_the_middle_of_any_move_nothing(xy: np.ndarray) -> None:
    np.testing.assert_array_equal(STRAIGHT.bend(xy), xy)
    lens = Lens(radial=(0.3, -0.2), tangential=(0.01, 0.02), fisheye=True)
    np.testing.assert_array_equal(lens.bend(np.zeros(2)), np.zeros(2))


@given(places, small, small, small, small, small)
def test_brown_s_model_term_by_term(
    xy: np.ndarray, k1: float, k2: float, k3: float, p1: float, p2: float
) -> None:
    x, y = xy
    r2 = x * x + y * y
    radial = 1 + k1 * r2 + k2 * r2**2 + k3 * r2**3
    expected = [
        x * radial + 2 * p1 * x * y + p2 * (r2 + 2 * x * x),
        y * radial + p1 * (r2 + 2 * y * y) + 2 * p2 * x * y,
    ]
    lens = Lens(radial=(k1, k2, k3), tangential=(p1, p2))
    np.testing.assert_allclose(lens.bend(xy), expected, atol=1e-12)


@given(places, small, small)
def test_a_denominator_of_the_same_terms_undoes_them(xy: np.ndarray, k1: float, k2: float) -> None:
    lens = Lens(radial=(k1, k2), denominator=(k1, k2))
    np.testing.assert_allclose(lens.bend(xy), xy, atol=1e-12)


@given(st.floats(0.01, 1.4), st.floats(0, 6.28))
def test_an_ideal_fisheye_shows_the_angle(angle: float, around: float) -> None:
    direction = np.array([np.cos(around), np.sin(around)])
    bent = Lens(fisheye=True).bend(np.tan(angle) * direction)
    np.testing.assert_allclose(bent, angle * direction, rtol=1e-9, atol=1e-12)


def test_where_a_lens_folds() -> None:
    # r - r³ is greatest at 1 / sqrt 3.
    wide = np.array([[100.0, 0, 320], [0, 100, 240], [0, 0, 1]])
    assert usable_radius(Lens(radial=(-1.0,)), wide, SIZE) == pytest.approx(3**-0.5, abs=0.002)
    assert usable_radius(Lens(radial=(0.2,)), wide, SIZE) == corner_radius(wide, SIZE)
    assert corner_radius(K, SIZE) == pytest.approx(np.hypot(0.64, 0.48))


def test_what_nobody_would_see_is_straight() -> None:
    lens = Lens(radial=(1e-4,))
    # At the corner: 500 px * 0.64 * 1e-4 * 0.64.
    assert shift_px(lens, K, SIZE) == pytest.approx(500 * 0.64 * 1e-4 * 0.64, rel=1e-6)
    assert is_straight(lens, K, SIZE)
    assert is_straight(STRAIGHT, K, SIZE)
    assert not is_straight(Lens(radial=(0.1,)), K, SIZE)
    assert not is_straight(Lens(radial=(1e300, 1e300)), K, SIZE)


def test_pixels_go_from_one_camera_to_the_other() -> None:
    half = np.diag([0.5, 0.5, 1.0]) @ K
    pixels = np.array([[0.0, 0.0], [320, 240], [640, 480]])
    np.testing.assert_allclose(bent_pixels(pixels, K, half, STRAIGHT), pixels / 2)
