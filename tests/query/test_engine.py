"""The engine: what its scores obey, whatever the field."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lexel.errors import CancelledError, EncoderError, InputError, LabelError, SceneError
from lexel.query.engine import prepare
from lexel.query.examples import example_of_codes
from lexel.query.language import parse
from lexel.query.newest import Newest
from lexel.query.tree import Query
from lexel.query.vectors import Example, TextVectors, texts_to_encode
from lexel.scene import Modality
from tests.query.fields import DIM, SCORING, codebook, texts

WORDS = texts("mug", "cup", "table", "shelf")
ENGINE = prepare(codebook(), SCORING)
seeds = st.integers(0, 2**32 - 1)


def ask(text, engine=ENGINE, words=WORDS, **options):
    return engine.ask(parse(text), words, **options)


def test_relevancy_is_the_least_pair_softmax_as_it_is_written():
    rows = ENGINE.rows.visual.astype(np.float64)
    unit = WORDS.visual / np.linalg.norm(WORDS.visual, axis=1, keepdims=True)
    v = np.exp(SCORING.scale * unit @ rows.T)
    expected = (v[0] / (v[0] + v[4:])).min(axis=0)
    np.testing.assert_allclose(ask("mug").scores[0], expected, atol=1e-6)


@given(seeds, st.floats(0.1, 10_000), st.floats(0, 1))
@settings(max_examples=25)
def test_scores_are_probabilities_whatever_the_scale(seed, scale, balance):
    engine = prepare(codebook(seed=seed), replace(SCORING, scale=scale))
    got = ask("mug; not cup; mug and cup -table; shelf^100 or table^0.01", engine, balance=balance)
    for numbers in (got.scores, got.range, got.threshold, got.margin, got.presence):
        assert numbers.dtype == np.float32
        assert np.isfinite(numbers).all()
    assert got.scores.min() >= 0 and got.scores.max() <= 1
    assert got.presence.min() >= 0 and got.presence.max() <= 1
    assert (got.range[..., 0] <= got.range[..., 1]).all()


@given(seeds)
@settings(max_examples=25)
def test_a_negative_more_never_raises_a_score_and_a_weight_does(seed):
    engine = prepare(codebook(seed=seed), SCORING)
    scores = ask("mug; mug -table; mug -table^4; mug^2; mug^4", engine).scores
    assert (np.diff(scores[:3], axis=0) <= 0).all()
    assert (np.diff(scores[[0, 3, 4]], axis=0) > 0).all()


def test_a_weight_multiplies_the_odds():
    plain, doubled = ask("mug; mug^2").scores
    np.testing.assert_allclose(doubled / (1 - doubled), 2 * plain / (1 - plain), rtol=1e-4)


def test_operators_are_min_max_and_one_minus():
    got = ask("mug; cup; mug and cup; mug or cup; not mug; not (mug or not cup)").scores
    np.testing.assert_array_equal(got[2], np.minimum(got[0], got[1]))
    np.testing.assert_array_equal(got[3], np.maximum(got[0], got[1]))
    np.testing.assert_allclose(got[4], 1 - got[0], atol=1e-6)
    np.testing.assert_allclose(got[5], np.minimum(1 - got[0], got[1]), atol=1e-6)


def test_negatives_of_all_are_negatives_of_each():
    np.testing.assert_array_equal(
        ask("mug; cup; -table").scores, ask("mug -table; cup -table").scores
    )
    np.testing.assert_array_equal(
        ask("mug; -table").scores, ask("mug", negatives=[*SCORING.negatives, "table"]).scores
    )


def test_the_length_of_vectors_and_phrases_more_make_no_difference():
    longer = TextVectors(WORDS.texts, WORDS.visual * 7, WORDS.sentence * 0.1)
    more = texts("zebra", "mug", "table")
    for words in (longer, more):
        got, expected = ask("mug -table", words=words, balance=0.4), ask("mug -table", balance=0.4)
        np.testing.assert_allclose(got.scores, expected.scores, atol=1e-6)


def test_the_best_query_and_its_lead():
    got = ask("mug; cup; table")
    ordered = np.sort(got.scores, axis=0)
    np.testing.assert_array_equal(got.best, got.scores.argmax(axis=0))
    np.testing.assert_allclose(got.margin, ordered[2] - ordered[1], atol=1e-7)
    np.testing.assert_array_equal(ask("mug").margin, ask("mug").scores[0])


def test_balance_leads_from_the_visual_half_to_that_of_the_sentences():
    visual, half, sentence = (ask("mug", balance=b).scores[0] for b in (0, 0.5, 1))
    np.testing.assert_allclose(half, (visual + sentence) / 2, atol=1e-6)
    assert np.abs(visual - sentence).max() > 0.1


def test_codes_without_a_sentence_use_the_visual_half():
    book = codebook()
    book.sentence[::2] = 0
    got = ask("mug -table", prepare(book, SCORING), balance=1)
    np.testing.assert_array_equal(got.scores[0, ::2], ask("mug -table").scores[0, ::2])
    assert (got.scores[0, 1::2] != ask("mug -table").scores[0, 1::2]).any()


@pytest.mark.parametrize("missing", ["texts", "codes", "rows"])
def test_without_sentences_on_either_side_the_visual_half_answers(missing):
    book = codebook(sentence=missing != "codes")
    if missing == "rows":
        book.sentence[:] = 0
    words = replace(WORDS, sentence=None) if missing == "texts" else WORDS
    got = ask("mug", prepare(book, SCORING), words, balance=0.7)
    assert got.balance == 0
    np.testing.assert_array_equal(got.scores, ask("mug").scores)


def test_pictures_and_names_are_read_apart():
    pictures, names = codebook(seed=3), codebook(seed=4, modality=Modality.TEXT)
    both = replace(
        pictures,
        clip=np.concatenate([pictures.clip, names.clip]),
        modality=np.concatenate([pictures.modality, names.modality]),
        count=np.concatenate([pictures.count, names.count]),
        sentence=None,
    )
    got = ask("mug; cup -table", prepare(both, SCORING))
    for number, book in enumerate((pictures, names)):
        alone = ask("mug; cup -table", prepare(book, SCORING))
        np.testing.assert_array_equal(got.range[:, number], alone.range[:, number])
        np.testing.assert_array_equal(got.threshold[:, number], alone.threshold[:, number])
        codes = slice(50 * number, 50 * number + 50)
        np.testing.assert_array_equal(got.heat(0)[codes], alone.heat(0))
        np.testing.assert_array_equal(got.selected(1)[codes], alone.selected(1))
        assert (got.presence >= alone.presence - 1e-6).all()


def test_an_example_finds_itself_and_half_of_all_codes_are_no_more_like_it_than_chance():
    book = codebook()
    example = example_of_codes(ENGINE, [7, 7, 7], name="this one")
    got = ask("mug", examples=[example, Example("picture", book.clip[9])], balance=0.5)
    assert got.names == ("mug", "this one", "picture")
    assert got.scores[1].argmax() == 7 and got.scores[2].argmax() == 9
    np.testing.assert_array_equal(got.presence[1:], [np.nan, np.nan])
    alone = ENGINE.ask(Query(()), WORDS, examples=[example])
    assert (alone.scores[0] >= 0.5).sum() in (25, 26)


def test_picks_are_weighed_and_negative_ones_lead_away():
    towards = example_of_codes(ENGINE, [1, 2], [3, 1])
    mean = 3 * ENGINE.rows.visual[1] + ENGINE.rows.visual[2]
    np.testing.assert_allclose(towards.visual, mean / np.linalg.norm(mean), atol=1e-6)
    away = example_of_codes(ENGINE, [1, 2], [3, -1])
    scores = ENGINE.ask(Query(()), WORDS, examples=[towards, away]).scores
    assert scores[1, 2] < scores[0, 2]


@pytest.mark.parametrize(
    ("codes", "weights", "told"),
    [
        ([], None, "no points were picked"),
        ([50], None, "has a code"),
        ([-1], None, "has a code"),
        ([3, 3], [1, -1], "cancel each other"),
        ([3, 4], [1], "one weight"),
    ],
)
def test_picks_that_cannot_be_meant(codes, weights, told):
    with pytest.raises(InputError, match=told):
        example_of_codes(ENGINE, codes, weights)


def test_what_has_to_be_encoded():
    query = parse("mug -table; the mug on a shelf and not cup; -wall")
    expected = ("mug", "shelf", "cup", "table", "wall", "object")
    assert texts_to_encode(query, ["object", "mug"]) == expected


def test_codes_that_are_all_the_same_are_no_trouble():
    book = codebook(30)
    book.clip[:] = book.clip[0]
    got = ask("mug; cup", prepare(book, SCORING))
    assert np.isfinite(got.presence).all()
    assert not got.heat(0).any()


def test_one_code_is_enough():
    assert ask("mug; cup and mug", prepare(codebook(1), SCORING)).scores.shape == (2, 1)


def test_a_newer_query_cancels_an_older_one_on_its_way():
    newest = Newest()
    turn = newest.begin()
    steps = []

    def check():
        steps.append(0)
        if len(steps) == 2:
            newest.begin()
        turn.check()

    with pytest.raises(CancelledError, match="a newer query came"):
        ask("mug; cup; table", check=check)
    assert len(steps) == 2


@pytest.mark.parametrize(
    ("fault", "error", "told"),
    [
        (lambda: ask("zebra"), LabelError, "not encoded"),
        (lambda: ask("mug", balance=1.5), InputError, "between 0 and 1"),
        (lambda: ENGINE.ask(Query(()), WORDS), InputError, "nothing is asked for"),
        (
            lambda: ask("mug", words=TextVectors(WORDS.texts, WORDS.visual[:, 1:])),
            EncoderError,
            "fit",
        ),
        (
            lambda: ask("mug", words=TextVectors(WORDS.texts, WORDS.visual * np.nan)),
            EncoderError,
            "none",
        ),
        (lambda: TextVectors(WORDS.texts, WORDS.visual[1:]), EncoderError, "one vector for each"),
        (lambda: ask("mug", examples=[Example("x", np.ones(DIM + 1))]), EncoderError, "fit"),
        (lambda: prepare(codebook(0), SCORING), SceneError, "no codes"),
    ],
)
def test_what_does_not_fit_is_told(fault, error, told):
    with pytest.raises(error, match=told):
        fault()


def test_codes_that_no_point_has_are_scored_but_set_no_standard():
    """Finer and coarser regions have codes of their own; the background is seen without them."""
    book = codebook()
    extreme = np.concatenate([book.clip, WORDS.visual[:1].astype(np.float16)])
    more = replace(
        book,
        clip=extreme,
        modality=np.zeros(len(extreme), np.uint8),
        count=np.append(book.count, 0).astype(np.int32),
        sentence=None,
    )
    got = ask("mug", prepare(more, SCORING))
    alone = ask("mug", prepare(replace(book, sentence=None), SCORING))
    np.testing.assert_allclose(got.scores[:, :-1], alone.scores, atol=1e-6)
    assert got.scores[0, -1] > alone.scores.max()
    for told in ("range", "threshold", "presence"):
        np.testing.assert_allclose(getattr(got, told), getattr(alone, told), atol=1e-6)
