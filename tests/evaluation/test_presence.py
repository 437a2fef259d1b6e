"""Presence on simulated fields: told apart, calibrated, and fitted again."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexel.errors import InputError
from lexel.evaluation.presence import (
    Observations,
    area_under_roc,
    calibration_error,
    fit,
    observe,
    predict,
)
from lexel.evaluation.simulated_fields import World
from lexel.geometry.vectors import unit_rows
from lexel.query.engine import prepare
from lexel.query.language import parse
from lexel.query.presence import PresenceModel
from lexel.scene import Scoring

SIZES = ((60, 3), (150, 15), (600, 30))


def fields(seeds, text_share=0.0):
    worlds = (World(seed) for seed in seeds)
    return [world.field(*size, text_share=text_share) for world in worlds for size in SIZES]


@pytest.fixture(scope="module")
def unseen():
    """Of worlds that the defaults were not fitted on."""
    return observe(fields(range(200, 206)))


def test_simulated_cosines_are_like_those_of_a_real_clip():
    field = World(3).field(500, 25)
    cosines = field.texts.visual[: len(field.asked)] @ unit_rows(field.codebook.clip).T
    assert 0.15 < np.median(cosines) < 0.25
    assert 0.24 < np.median(cosines[field.truth]) < 0.35
    named = World(3).field(500, 25, text_share=1.0)
    cosines = named.texts.visual[: len(field.asked)] @ unit_rows(named.codebook.clip).T
    assert np.median(cosines) > 0.7


def test_what_is_there_is_told_from_what_is_not(unseen):
    told = predict(PresenceModel(), unseen)
    assert area_under_roc(told, unseen.present) > 0.9
    assert calibration_error(told, unseen.present) < 0.1


def test_the_same_calibration_serves_names():
    seen = observe(fields(range(200, 203), text_share=1.0))
    told = predict(PresenceModel(), seen)
    assert area_under_roc(told, seen.present) > 0.9
    assert calibration_error(told, seen.present) < 0.12


def test_the_engine_says_what_was_measured():
    field = World(9).field(150, 15, num_asked=10)
    got = prepare(field.codebook, Scoring()).ask(parse("; ".join(field.asked)), field.texts)
    told = predict(PresenceModel(), observe([field]))
    np.testing.assert_allclose(got.presence, told, atol=1e-5)


def test_a_fit_of_its_own_is_hardly_better_than_the_defaults(unseen):
    ours, fitted = (predict(model, unseen) for model in (PresenceModel(), fit(unseen)))
    assert _log_loss(ours, unseen.present) < _log_loss(fitted, unseen.present) + 0.06


@given(st.integers(0, 100))
def test_a_fit_finds_the_truth_behind_the_observations(seed):
    random = np.random.default_rng(seed)
    statistics = random.normal(size=(4000, 4))
    chance = 1 / (1 + np.exp(-(statistics @ [2, 1, 0.5, -1] + 0.3)))
    model = fit(Observations(statistics, random.random(4000) < chance))
    got = (model.outlier, model.rise, model.level, model.luck, model.bias)
    np.testing.assert_allclose(got, (2, 1, 0.5, -1, 0.3), atol=0.3)


def test_a_fit_never_falls_with_what_stands_out():
    random = np.random.default_rng(0)
    statistics = random.normal(size=(1000, 4))
    model = fit(Observations(statistics, statistics @ [3, -1, 0, 0] > 0))
    assert model.outlier > 0 == model.rise


@pytest.mark.parametrize("present", [True, False])
def test_one_sided_observations_teach_nothing(present):
    with pytest.raises(InputError, match="things that are not"):
        fit(Observations(np.zeros((5, 4)), np.full(5, present)))


def test_the_measures_on_known_numbers():
    assert area_under_roc([1, 2, 3, 4], [0, 0, 1, 1]) == 1
    assert area_under_roc([1, 1, 1, 1], [0, 1, 0, 1]) == 0.5
    assert area_under_roc([1, 2, 2, 3], [0, 1, 0, 1]) == pytest.approx(0.875)
    assert calibration_error([0.9] * 10, [1] * 9 + [0]) == pytest.approx(0)
    assert calibration_error([0.9, 0.1], [0, 1]) == pytest.approx(0.9)


def _log_loss(told, present):
    return -np.log(np.where(present, told, 1 - told)).mean()
