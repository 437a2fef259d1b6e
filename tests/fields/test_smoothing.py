import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexel.fields.smoothing import SmoothingSettings, fill_silent, smooth, spread_of
from lexel.geometry.growing import Borders
from lexel.geometry.vectors import unit_rows

MUG, TABLE = np.eye(2, dtype=np.float32)


def chain(costs) -> Borders:
    """Superpoints in a row, so much of a border between each two."""
    at = np.arange(len(costs))
    return Borders(np.stack([at, at + 1], axis=1), np.array(costs, float), np.ones(len(costs)))


def test_one_view_mistaken_is_outvoted_by_its_neighbours():
    wrong = unit_rows([0.6, 0.8])
    mean = np.stack([MUG, MUG, wrong, MUG, MUG])
    certainty = np.array([0.8, 0.8, 0.2, 0.8, 0.8], np.float32)
    smoothed = smooth(mean, certainty, chain([0, 0, 0, 0]), SmoothingSettings())
    assert smoothed[2] @ MUG > 0.95 > mean[2] @ MUG


def test_meaning_does_not_bleed_over_an_edge():
    mean = np.stack([MUG, MUG, TABLE, TABLE])
    certainty = np.full(4, 0.6, np.float32)
    smoothed = smooth(mean, certainty, chain([0, 2, 0]), SmoothingSettings())
    assert np.einsum("sd,sd->s", smoothed, mean).min() > 0.99


def test_more_of_a_border_lets_less_through():
    mean = np.stack([MUG, unit_rows([0.7, 0.7])])
    certainty = np.array([0.2, 0.8], np.float32)
    third = np.stack([*mean, MUG])
    heard = [
        smooth(third, np.append(certainty, 0.8).astype(np.float32), borders, SmoothingSettings())[0]
        for borders in (
            Borders(np.array([[0, 1], [0, 2]]), np.array([cost, 0.2]), np.ones(2))
            for cost in (0.0, 1.0)
        )
    ]
    assert heard[0] @ TABLE > heard[1] @ TABLE


def test_what_nobody_saw_takes_what_it_hears_and_else_the_nearest():
    silent = np.zeros(2, np.float32)
    mean = np.stack([MUG, silent, silent])
    certainty = np.array([0.9, 0, 0], np.float32)
    smoothed = smooth(mean, certainty, chain([0.0]), SmoothingSettings())
    np.testing.assert_allclose(smoothed, [MUG, MUG, silent], atol=1e-6)
    piece = np.array([0, 1, 2], np.int32)
    xyz = np.array([[0, 0, 0], [1, 0, 0], [5, 0, 0]], np.float32)
    np.testing.assert_allclose(fill_silent(smoothed, piece, xyz), [MUG, MUG, MUG], atol=1e-6)


def test_no_rounds_leave_everything_as_the_views_said():
    mean = np.stack([MUG, TABLE])
    settings = SmoothingSettings(rounds=0)
    np.testing.assert_array_equal(smooth(mean, np.ones(2, np.float32), chain([0]), settings), mean)


@given(st.integers(0, 1000))
def test_spread_is_one_less_the_mean_cosine_of_pairs(seed):
    rows = unit_rows(np.random.default_rng(seed).standard_normal((6, 3)))
    pairs = [rows[i] @ rows[j] for i in range(6) for j in range(6) if i != j]
    assert spread_of(rows) == pytest.approx(max(1e-3, 1 - np.mean(pairs)), abs=1e-5)
