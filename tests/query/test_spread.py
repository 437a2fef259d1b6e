"""Background, ranges and thresholds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lexel.evaluation.simulated_fields import World
from lexel.query.engine import prepare
from lexel.query.language import parse
from lexel.query.spread import heat_range, quantile_place, spread_of, suggest_threshold
from lexel.scene import Scoring

values = arrays(np.float32, st.integers(1, 300), elements=st.floats(0, 1, width=16))


@given(values)
def test_a_spread_is_in_order_and_made_of_values(scores):
    spread = spread_of(scores)
    assert spread.lowest <= spread.median <= spread.high <= spread.top
    assert spread.deviation >= 0
    assert {spread.lowest, spread.median, spread.high, spread.top} <= set(scores.tolist())


@given(values)
def test_a_threshold_lies_between_median_and_top(scores):
    spread = spread_of(scores)
    threshold = suggest_threshold(scores, spread)
    assert spread.median - 1e-6 <= threshold <= spread.top + 1e-6


@given(values, st.sampled_from([0.25, 2, 1024]))
def test_a_threshold_goes_with_the_unit_of_the_scores(scores, factor):
    scaled = scores * np.float32(factor)
    expected = factor * suggest_threshold(scores, spread_of(scores))
    assert suggest_threshold(scaled, spread_of(scaled)) == expected


def test_quantiles_without_interpolation():
    assert [quantile_place(p, 5) for p in (0, 0.16, 0.5, 0.999, 1)] == [0, 1, 2, 4, 4]
    assert quantile_place(0.999, 10_000) == 9989


def test_where_nothing_rises_nothing_glows():
    spread = spread_of(np.linspace(0.4, 0.5, 1001, dtype=np.float32))
    assert heat_range(spread, 0.0) == (pytest.approx(0.45), pytest.approx(0.4999))
    assert heat_range(spread, 0.3) == (pytest.approx(0.45), pytest.approx(0.75))


@pytest.mark.parametrize("share", [0.003, 0.01, 0.1, 0.3])
def test_two_clusters_are_divided_however_small_the_upper_one(share):
    random = np.random.default_rng(0)
    upper = int(4000 * share)
    scores = np.concatenate(
        [random.normal(0.4, 0.03, 4000 - upper), random.normal(0.7, 0.03, upper)]
    )
    threshold = suggest_threshold(scores.astype(np.float32), spread_of(scores.astype(np.float32)))
    assert ((scores >= threshold) == (np.arange(4000) >= 4000 - upper)).mean() > 0.99


def test_on_simulated_fields_the_threshold_selects_the_thing():
    agreement, stray = [], []
    for seed in (11, 12):
        field = World(seed).field(800, 25, num_asked=24)
        engine = prepare(field.codebook, Scoring())
        got = engine.ask(parse("; ".join(field.asked)), field.texts)
        for number, truth in enumerate(field.truth):
            selected = got.selected(number)
            if field.present[number]:
                both = (selected & truth).sum()
                agreement.append(2 * both / (selected.sum() + truth.sum()))
            else:
                stray.append(selected.mean())
    assert np.mean(agreement) > 0.7  # the best threshold for each phrase gives 0.9
    assert np.mean(stray) < 0.03
