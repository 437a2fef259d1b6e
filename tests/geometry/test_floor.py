"""A room in an unknown frame is levelled and placed in the box."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lexel.geometry.floor import find_floor, find_floor_height, guess_up
from lexel.geometry.placement import MIN_SHARE_IN_BOX, place_in_box, share_in_box
from lexel.geometry.transforms import apply, from_rotation, invert, level, rotation_between
from tests.geometry.strategies import rigids


def room(seed: int = 0) -> np.ndarray:
    """Floor at 0, a table at 0.7, two walls; Z up; 3 cm of noise at most."""
    rng = np.random.default_rng(seed)
    floor = np.c_[rng.uniform(-1.5, 1.5, (4000, 2)), np.zeros(4000)]
    table = np.c_[rng.uniform(0, 1, (1500, 2)), np.full(1500, 0.7)]
    wall = np.c_[np.full(2000, 1.5), rng.uniform(-1.5, 1.5, 2000), rng.uniform(0, 2, 2000)]
    side = np.c_[rng.uniform(-1.5, 1.5, 2000), np.full(2000, 1.5), rng.uniform(0, 2, 2000)]
    return np.concatenate([floor, table, wall, side]) + rng.normal(0, 0.004, (9500, 3))


def camera(yaw_rad: float = 0.0, pitch_rad: float = 0.4) -> np.ndarray:
    """World from an upright camera at (-1, -1, 1.5) that looks down by `pitch_rad`."""
    forward = np.array([np.cos(yaw_rad), np.sin(yaw_rad), 0.0])
    forward = np.cos(pitch_rad) * forward - np.sin(pitch_rad) * np.array([0, 0, 1.0])
    right = np.cross(forward, [0, 0, 1.0])
    right /= np.linalg.norm(right)
    return from_rotation(np.c_[right, np.cross(forward, right), forward], [-1, -1, 1.5])


@given(rigids, st.floats(0.1, 0.8))
@settings(max_examples=10)
def test_the_floor_is_found_in_any_frame(source_from_world: np.ndarray, pitch: float) -> None:
    pose = source_from_world @ camera(pitch_rad=pitch)
    points = apply(source_from_world, room())
    floor = find_floor(points, guess_up(pose), pose[:3, 3], max_tilt_rad=0.9)
    assert floor.seen
    assert floor.up @ source_from_world[:3, 2] > np.cos(np.radians(1.5))
    levelled = apply(level(floor.up, floor.height_m), points)
    assert abs(np.median(levelled[:4000, 2])) < 0.02


def test_up_comes_from_where_the_x_axes_lie() -> None:
    poses = [camera(yaw, 0.6) for yaw in (0.0, 0.7, 1.5, 2.5)]
    assert guess_up(poses)[2] == pytest.approx(1.0, abs=1e-6)
    assert guess_up(poses[:1])[2] == pytest.approx(np.cos(0.6), abs=1e-6)


def test_without_a_floor_the_lowest_points_stand_in() -> None:
    heights = np.random.default_rng(0).uniform(0, 3, 5000)
    height, seen = find_floor_height(np.c_[heights, heights, heights])
    assert not seen
    assert height == pytest.approx(0.03, abs=0.02)


def _patch(width: float, depth: float, num_points: int) -> np.ndarray:
    low, high = (-width / 2, -depth / 2), (width / 2, depth / 2)
    return np.c_[np.random.default_rng(1).uniform(low, high, (num_points, 2)), np.zeros(num_points)]


def _wall(height: float, num_points: int) -> np.ndarray:
    along, up = np.random.default_rng(2).uniform((-1, 0), (1, height), (num_points, 2)).T
    return np.c_[along, np.full(num_points, 0.9), up]


@pytest.mark.parametrize("num_points", [500, 5000])
@pytest.mark.parametrize("height", [0.5, 1.1, 2.5])
def test_a_bare_wall_is_no_floor(height: float, num_points: int) -> None:
    noise = np.random.default_rng(3).normal(0, 0.004, (num_points, 3))
    found, seen = find_floor_height(_wall(height, num_points) + noise)
    assert not seen
    assert found == pytest.approx(0.01 * height, abs=0.02)


def test_a_wall_in_rows_as_a_coarse_camera_sees_it_is_no_floor() -> None:
    along, up = np.meshgrid(np.arange(-1, 1, 0.07), np.arange(0, 1.1, 0.07))
    wall = np.c_[along.ravel(), np.full(along.size, 0.9), up.ravel()]
    assert not find_floor_height(wall)[1]


@pytest.mark.parametrize("lean_deg", [0.0, 3.0])
def test_floors_and_tables_are_seen(lean_deg: float) -> None:
    lean = from_rotation(rotation_between((0, 0, 1), (0, np.sin(np.radians(lean_deg)), 1)))
    height, seen = find_floor_height(apply(lean, room()))
    assert seen
    assert height == pytest.approx(0, abs=0.02 if lean_deg == 0 else 0.1)
    table = _patch(1.0, 0.6, 600) + np.array([0, 0, 0.7])
    height, seen = find_floor_height(apply(lean, np.concatenate([table, _wall(1.5, 3000)])))
    assert seen
    assert height == pytest.approx(0.7, abs=0.03)


def test_up_may_be_any_direction() -> None:
    turned = from_rotation(rotation_between((0, 0, 1), (1, 2, 2)))
    height, seen = find_floor_height(apply(turned, room() + np.array([0, 0, 1.3])), turned[:3, 2])
    assert seen
    assert height == pytest.approx(1.3, abs=0.01)


@given(st.floats(-3, 3), st.floats(0.2, 2.5))
@settings(max_examples=25)
def test_a_room_comes_into_the_box(yaw: float, size: float) -> None:
    points, pose = size * room(), camera(yaw)
    box_from_world = place_in_box(points, pose, 0.0)
    placed = apply(box_from_world, points)
    assert share_in_box(placed) >= MIN_SHARE_IN_BOX
    forward = box_from_world[:3, :3] @ pose[:3, 2]
    assert forward[0] > 0
    assert abs(forward[1]) < 1e-9
    assert apply(box_from_world, np.zeros(3))[2] == pytest.approx(0)  # floor stays floor
    assert np.linalg.norm(box_from_world[:3, 0]) <= 1 + 1e-9  # never enlarged
    np.testing.assert_allclose(apply(invert(box_from_world), placed), points, atol=1e-9)


def test_a_small_room_keeps_its_size() -> None:
    box_from_world = place_in_box(0.4 * room(), camera(), 0.0)
    assert np.linalg.norm(box_from_world[:3, 0]) == pytest.approx(1.0)
