"""Quantised features: as close as asked for, the same for the same seed, small things included."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lexel.errors import CancelledError, InputError
from lexel.fields import spherical
from lexel.fields.codebook import MAX_CODES, Quantised, quantise
from lexel.fields.growing import Closeness, measure
from lexel.fields.spherical import Centres, make_centres, nearest, sum_by_code
from lexel.geometry.vectors import unit_rows
from lexel.progress import Silent

DIM = 24


def make_features(
    num_things: int, rows_per_thing: int, spread: float, seed: int = 0, dtype: type = np.float32
) -> np.ndarray:
    """Rows around a few directions, of any length."""
    rng = np.random.default_rng(seed)
    things = unit_rows(rng.normal(size=(num_things, DIM)))
    noise = rng.normal(size=(num_things, rows_per_thing, DIM)) * spread / np.sqrt(DIM)
    rows = (things[:, None] + noise).reshape(-1, DIM)
    return (rows * rng.uniform(0.5, 20, (len(rows), 1))).astype(dtype)


def cosines(features: np.ndarray, found: Quantised) -> np.ndarray:
    return np.einsum("nd,nd->n", unit_rows(features), found.rows[found.code])


@given(st.integers(1, 30), st.integers(1, 20), st.floats(0, 0.6), st.integers(0, 5))
@settings(max_examples=25)
def test_the_target_is_met_and_told(things: int, rows: int, spread: float, seed: int) -> None:
    features = make_features(things, rows, spread, seed)
    target = Closeness(0.97, 0.9, 5)
    found = quantise(features, target=target, seed=seed)
    assert target.met_by(found.closeness)
    told, cosine = found.closeness, cosines(features, found)
    assert told.mean == pytest.approx(min(cosine.mean(), 1), abs=1e-4)
    assert (cosine < told.low - 1e-5).mean() <= 0.05
    assert np.allclose(np.linalg.norm(found.rows, axis=1), 1, atol=1e-5)
    assert set(found.code.tolist()) == set(range(len(found.rows)))
    assert (found.agreement > 0).all() and (found.agreement <= 1).all()


def test_the_same_seed_gives_the_same_codes() -> None:
    features = make_features(20, 30, 0.5)
    one, same, other = (quantise(features, seed=seed) for seed in (3, 3, 4))
    assert np.array_equal(one.code, same.code) and np.array_equal(one.rows, same.rows)
    assert not (np.array_equal(one.code, other.code) and np.array_equal(one.rows, other.rows))


def test_a_closer_target_takes_more_codes() -> None:
    features = make_features(5, 400, 0.8)
    counts = [len(quantise(features, target=Closeness(mean, 0)).rows) for mean in (0.7, 0.85, 0.95)]
    assert counts[0] < counts[1] < counts[2]


def test_few_things_take_few_codes() -> None:
    found = quantise(make_features(12, 200, 0))
    assert len(found.rows) == 12
    assert found.closeness.mean == pytest.approx(1, abs=1e-5)


def test_a_few_rows_among_very_many_get_a_code() -> None:
    """Three rows of 20,000 count in no percentile, but they are somebody's mug."""
    features = make_features(3, 6_666, 0.1, dtype=np.float16)
    mug = np.zeros((3, DIM), np.float16)
    mug[:, 0] = 1
    features = np.concatenate([features, mug])
    found = quantise(features, target=Closeness(0.9, 0.9, 1))
    assert cosines(features, found)[-3:].min() > 0.9


def test_the_number_of_codes_has_a_limit() -> None:
    features = make_features(200, 2, 0.9)
    found = quantise(features, target=Closeness(1, 1), max_codes=50)
    assert len(found.rows) <= 50
    assert not Closeness(1, 1).met_by(found.closeness)
    assert MAX_CODES == 65_536


def test_every_row_may_have_its_own_code() -> None:
    features = make_features(40, 1, 0)
    found = quantise(features, target=Closeness(1, 1))
    assert len(found.rows) == 40
    assert cosines(features, found).min() > 0.999


def test_heavy_rows_pull_their_code() -> None:
    features = np.array([[1, 0], [0, 1.0]], np.float32)
    heavy = quantise(
        features, weights=np.array([9, 1.0], np.float32), target=Closeness(0, 0), max_codes=1
    )
    assert heavy.rows[0] == pytest.approx(unit_rows(np.array([9.0, 1])), abs=1e-5)
    assert heavy.closeness.mean == pytest.approx(heavy.rows[0] @ [0.9, 0.1], abs=1e-5)


@given(st.integers(1, 60), st.floats(0, 100), st.integers(0, 99))
def test_measuring_is_a_weighted_percentile(count: int, percentile: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    cosine, times = rng.random(count).astype(np.float32), rng.integers(1, 5, count)
    told = measure(cosine, times.astype(np.float32), percentile)
    repeated = np.repeat(cosine, times)
    assert told.mean == pytest.approx(repeated.mean(), abs=1e-5)
    assert (repeated < told.low).mean() <= percentile / 100 + 1e-9


def test_groups_find_nearly_what_comparing_all_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = unit_rows(make_features(300, 10, 0.4))
    centres = rows[::2]
    exact, best = nearest(rows, Centres(centres))
    monkeypatch.setattr(spherical, "_MAX_EXACT", 100)
    grouped = make_centres(centres)
    assert grouped.pivots is not None
    assert sorted(np.concatenate(grouped.members)) == list(range(len(centres)))
    found, cosine = nearest(rows, grouped)
    assert cosine == pytest.approx(np.einsum("nd,nd->n", rows, centres[found]), abs=1e-5)
    assert (found == exact).mean() > 0.9
    assert (best - cosine).mean() < 0.02


@given(st.integers(0, 30), st.integers(1, 8), st.integers(0, 9))
def test_sums_are_those_of_a_loop(num_rows: int, num_codes: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(num_rows, 4)).astype(np.float32)
    code = rng.integers(0, num_codes, num_rows).astype(np.int32)
    weight = rng.random(num_rows).astype(np.float32)
    sums, total = sum_by_code(rows, code, num_codes, weight)
    for k in range(num_codes):
        assert sums[k] == pytest.approx((rows * weight[:, None])[code == k].sum(0), abs=1e-5)
        assert total[k] == pytest.approx(weight[code == k].sum(), abs=1e-5)


def test_a_target_beyond_a_cosine_is_refused() -> None:
    with pytest.raises(InputError, match=r"0\.\.1"):
        Closeness(1.2)


class StopsIn(Silent):
    """Cancels the work at the first step of a stage."""

    def __init__(self, stage: str) -> None:
        self.stage, self.now = stage, ""

    def begin(self, stage: str, total: int | None) -> None:
        self.now = stage

    def advance(self, steps: int = 1) -> None:
        if self.now.startswith(self.stage):
            raise CancelledError


@pytest.mark.parametrize("stage", ["making", "giving", "averaging", "measuring"])
def test_every_stage_can_be_cancelled(stage: str) -> None:
    with pytest.raises(CancelledError):
        quantise(make_features(9, 9, 0.5), progress=StopsIn(stage))
