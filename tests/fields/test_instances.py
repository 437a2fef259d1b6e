import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexel.fields.instances import InstanceSettings, group_superpoints, oriented_box
from tests.fields.test_smoothing import MUG, TABLE, chain


def test_touching_superpoints_of_one_meaning_are_one_object():
    meaning = np.stack([MUG, MUG, TABLE, TABLE, MUG])
    size = np.full(5, 10)
    whole = group_superpoints(meaning, size, chain([0, 0, 0, 0]), InstanceSettings())
    assert whole.tolist() == [0, 0, 1, 1, 2]


def test_a_strong_border_parts_two_of_the_same_kind():
    meaning = np.stack([MUG, MUG, TABLE])
    whole = group_superpoints(meaning, np.full(3, 10), chain([2, 0]), InstanceSettings())
    assert whole.tolist() == [0, 1, 2]


@given(st.floats(0, np.pi), st.integers(0, 100))
def test_an_upright_box_holds_its_points_and_turns_with_them(angle, seed):
    rng = np.random.default_rng(seed)
    c, s = np.cos(angle), np.sin(angle)
    turn = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])
    corners = np.array(list(np.ndindex(2, 2, 2))) * [2.0, 0.5, 1.0]
    points = ((np.concatenate([corners, rng.random((50, 3)) * [2, 0.5, 1]])) @ turn.T + 3).astype(
        np.float32
    )
    box = oriented_box(points)
    np.testing.assert_allclose(box.axes @ box.axes.T, np.eye(3), atol=1e-6)
    inside = np.abs((points - box.centre) @ box.axes.T)
    assert (inside <= box.extent / 2 + 1e-4).all()
    assert box.extent.prod() == pytest.approx(1.0, rel=0.12)  # turns go in steps of two degrees
