"""Transforms keep the axioms: identity, inverse, composition, and the frames they lead to."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexel.geometry import transforms as tf
from tests.geometry.strategies import (
    directions,
    is_rigid,
    rigids,
    rotations,
    similarities,
    vectors,
)

Array = np.ndarray


@given(similarities)
def test_inverse_undoes_both_ways(matrix: Array) -> None:
    np.testing.assert_allclose(matrix @ tf.invert(matrix), np.eye(4), atol=1e-9)
    np.testing.assert_allclose(tf.invert(matrix) @ matrix, np.eye(4), atol=1e-9)


@given(similarities, similarities, vectors)
def test_composition_is_one_after_the_other(a: Array, b: Array, point: Array) -> None:
    np.testing.assert_allclose(
        tf.apply(a @ b, point), tf.apply(a, tf.apply(b, point)), rtol=1e-9, atol=1e-7
    )


@given(rigids, rigids)
def test_rigid_transforms_are_closed(a: Array, b: Array) -> None:
    assert is_rigid(a @ b)
    assert is_rigid(tf.invert(a))


@given(rigids, st.floats(0.1, 10), vectors)
def test_a_similarity_splits_into_a_rigid_camera_and_a_scaled_depth(
    rigid: Array, scale: float, point: Array
) -> None:
    found, factor = tf.split_similarity(rigid @ tf.scaling(scale))
    assert is_rigid(found)
    assert factor == pytest.approx(scale)
    np.testing.assert_allclose(
        tf.apply(rigid @ tf.scaling(scale), point), tf.apply(found, factor * point), atol=1e-9
    )


@given(directions, directions)
def test_rotation_between_takes_one_direction_to_the_other(a: Array, b: Array) -> None:
    rotation = tf.rotation_between(a, b)
    assert is_rigid(tf.from_rotation(rotation))
    np.testing.assert_allclose(rotation @ a, b, atol=1e-6)


@given(directions)
def test_rotation_between_opposites_is_half_a_turn(a: Array) -> None:
    np.testing.assert_allclose(tf.rotation_between(a, -a) @ a, -a, atol=1e-9)


@given(directions, st.floats(-3, 3), vectors)
def test_level_puts_the_floor_at_zero_and_up_at_z(up: Array, height: float, p: Array) -> None:
    matrix = tf.level(up, height)
    assert is_rigid(matrix)
    assert tf.apply(matrix, p)[2] == pytest.approx(p @ up - height, abs=1e-6)


@given(rotations, st.floats(-0.01, 0.01))
def test_nearest_rotation_is_one_and_near(rotation: Array, noise: float) -> None:
    spoilt = rotation + noise * np.arange(9).reshape(3, 3) / 8
    repaired = tf.nearest_rotation(spoilt)
    assert is_rigid(tf.from_rotation(repaired))
    assert np.abs(repaired - rotation).max() <= 0.03


def test_nearest_rotation_never_mirrors() -> None:
    assert np.linalg.det(tf.nearest_rotation(np.diag([1.0, 1.0, -1.0]))) == pytest.approx(1)


def test_yaw_turns_x_to_y_by_a_quarter() -> None:
    np.testing.assert_allclose(tf.apply(tf.yaw(np.pi / 2), [1.0, 0, 0]), [0, 1, 0], atol=1e-12)


def test_quaternion_is_wxyz() -> None:
    half = np.sqrt(0.5)
    turned = tf.from_quaternion((half, 0, 0, half)) @ [1, 0, 0]  # 90 degrees about z
    np.testing.assert_allclose(turned, [0, 1, 0], atol=1e-12)


def test_float32_points_stay_float32() -> None:
    assert tf.apply(np.eye(4), np.ones((2, 3), np.float32)).dtype == np.float32
