"""Whether the thing is there at all."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexel.evaluation.simulated_fields import World
from lexel.query.engine import prepare
from lexel.query.language import parse
from lexel.query.presence import PresenceModel, log_odds, probability, span_of
from lexel.query.spread import spread_of
from lexel.query.vectors import TextVectors
from lexel.scene import Scoring
from tests.query.fields import SCORING, codebook, texts

WORDS = texts("mug", "cup", "table")


def presence(text, book=None, words=WORDS, scoring=SCORING, **options):
    engine = prepare(book or codebook(), scoring)
    return engine.ask(parse(text), words, **options).presence


@given(st.integers(0, 1000), st.floats(0.01, 0.5))
def test_what_stands_out_more_is_there_more_surely(seed, rise):
    contrast = np.random.default_rng(seed).normal(0, 0.05, 80).astype(np.float32)
    contrast[0] = contrast.max()
    higher = contrast.copy()
    higher[0] += np.float32(rise)
    told = [log_odds(c, spread_of(c), 0.2, PresenceModel()).max() for c in (contrast, higher)]
    assert told[1] > told[0]


@given(st.integers(0, 1000))
def test_of_two_codes_the_one_with_the_greater_contrast_is_the_thing_more_surely(seed):
    contrast = np.random.default_rng(seed).normal(0, 0.1, 80).astype(np.float32)
    told = log_odds(contrast, spread_of(contrast), 0.2, PresenceModel())
    assert (np.diff(told[np.argsort(contrast)]) >= 0).all()


@pytest.mark.parametrize("factor", [0.25, 4])
def test_the_scale_of_cosines_does_not_matter(factor):
    contrast = np.random.default_rng(0).normal(0, 0.1, 80).astype(np.float32)
    expected = log_odds(contrast, spread_of(contrast), 0.2, PresenceModel())
    scaled = contrast * np.float32(factor)
    got = log_odds(scaled, spread_of(scaled), 0.2 * factor, PresenceModel())
    np.testing.assert_allclose(got, expected, rtol=1e-5)


def test_neither_the_scale_of_scores_nor_the_length_of_vectors_matters():
    expected = presence("mug; mug -cup; mug and not table")
    for scale in (1.0, 300.0):
        got = presence("mug; mug -cup; mug and not table", scoring=replace(SCORING, scale=scale))
        np.testing.assert_allclose(got, expected, atol=1e-5)
    longer = TextVectors(WORDS.texts, 100 * WORDS.visual)
    np.testing.assert_allclose(presence("mug", words=longer), expected[:1], atol=1e-5)


@pytest.fixture(scope="module")
def field():
    """Twelve things are there, and half of twelve phrases is about them."""
    return World(5).field(300, 12, num_asked=12)


def ask_field(field, *asks):
    return prepare(field.codebook, Scoring()).ask(parse("; ".join(asks)), field.texts).presence


def test_operators_ask_for_one_code_that_fulfils_them(field):
    told = ask_field(field, *field.asked)
    mug, cup = np.argsort(-told)[:2]
    assert told[cup] > 0.9 and not (field.truth[mug] & field.truth[cup]).any()
    a, b = field.asked[mug], field.asked[cup]
    both, either, cup_no_mug, no_mug = ask_field(
        field, f"{a} and {b}", f"{a} or {b}", f"{b} and not {a}", f"not {a}"
    )
    assert both < 0.5
    assert either == pytest.approx(max(told), abs=1e-6)
    assert min(cup_no_mug, no_mug) > 0.9


@pytest.mark.parametrize("num_quantiles", [0, 5])
def test_without_a_stored_background_presence_is_not_told(field, num_quantiles):
    nothing = np.zeros((2, num_quantiles), np.float32)
    bare = replace(field, codebook=replace(field.codebook, background=nothing))
    assert np.isnan(ask_field(bare, *field.asked)).all()


def test_a_relation_needs_both_of_its_things():
    mug, table, related = presence("mug; table; the mug on the table")
    assert related == pytest.approx(min(mug, table), abs=1e-6)


def test_names_are_calibrated_by_their_own_background():
    """Text-text cosines are far higher than those of pictures with texts, and spread further."""
    book = codebook(200)
    book.modality[:100] = 1
    wide = replace(book, background=book.background * np.array([[1.0], [3.0]], np.float32))
    assert presence("mug", wide) <= presence("mug", book)
    only_pictures = replace(
        wide,
        clip=book.clip[100:],
        modality=book.modality[100:],
        count=book.count[100:],
        sentence=None,
    )
    assert presence("mug", wide) >= presence("mug", only_pictures)


def test_the_span_is_read_from_the_quantiles():
    quantiles = np.linspace(0.1, 0.5, 1001)
    assert span_of(quantiles) == pytest.approx(0.4 * 0.499)
    assert span_of(np.zeros(5)) == 0


@pytest.mark.parametrize(("odds", "expected"), [(0, 0.5), (1e9, 1), (-1e9, 0)])
def test_probabilities_do_not_overflow(odds, expected):
    assert probability(odds) == pytest.approx(expected)
