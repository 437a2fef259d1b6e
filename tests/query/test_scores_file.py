"""The engine gives the numbers of `tests/data/scores.json`, which others are held to as well."""

from __future__ import annotations

import json

import numpy as np
import pytest

from lexel.query.colour import heat_colours
from lexel.query.engine import prepare
from lexel.query.language import parse
from lexel.query.presence import PresenceModel
from lexel.query.tree import And, Ask, Not, Or, Phrase, Query
from lexel.query.vectors import Example, TextVectors
from lexel.scene import Codebook, Scoring
from tests.data import make_scores

KEPT = json.loads(make_scores.FILE.read_text(encoding="utf-8"))
CASES = {case["name"]: case for case in KEPT["cases"]}
TOLERANCE = 1e-5


def engine_for(field, scale):
    return prepare(
        Codebook(
            clip=np.array(field["clip"], np.float16),
            modality=np.array(field["modality"], np.uint8),
            count=np.ones(len(field["clip"]), np.int32),
            agreement=np.ones(len(field["clip"]), np.float32),
            background=np.array(field["background"], np.float32),
            sentence=np.array(field["sentence"], np.float16),
        ),
        Scoring(scale=scale),
    )


def tree_of(node):
    kind, *parts = node
    if kind == "phrase":
        return Phrase(*parts)
    inside = tuple(map(tree_of, parts))
    return Not(*inside) if kind == "not" else {"and": And, "or": Or}[kind](inside)


def query_of(case):
    asks = (Ask(tree_of(want), tuple(map(tree_of, own))) for want, own in case["asks"])
    return Query(tuple(asks), tuple(map(tree_of, case["everywhere"])))


def answer(case):
    field = KEPT["fields"][case["field"]]
    texts = TextVectors(
        tuple(field["texts"]), np.array(field["visual"]), np.array(field["sentences"])
    )
    examples = [Example(KEPT["example"], texts.visual[-1], texts.sentence[-1])]
    return engine_for(field, case["scale"]).ask(
        query_of(case),
        texts,
        negatives=case["negatives"],
        balance=case["balance"],
        examples=examples if case["example"] else (),
    )


@pytest.mark.parametrize("name", CASES)
def test_the_engine_gives_the_numbers_of_the_file(name):
    case, got = CASES[name], answer(CASES[name])
    for what in ("scores", "margin", "range", "threshold", "presence"):
        expected = np.array(case["expected"][what], np.float64)
        np.testing.assert_allclose(
            getattr(got, what), expected, rtol=0, atol=TOLERANCE, err_msg=what
        )
    clear = np.array(case["expected"]["margin"]) > TOLERANCE  # both may be 0 or 1 to all digits
    np.testing.assert_array_equal(got.best[clear], np.array(case["expected"]["best"])[clear])


@pytest.mark.parametrize("name", CASES)
def test_the_colours_are_those_of_the_file(name):
    got = answer(CASES[name])
    for number, expected in enumerate(CASES[name]["expected"]["heat_rgb"]):
        np.testing.assert_array_equal(heat_colours(got.heat(number))[:, :3], expected)


@pytest.mark.parametrize("name", CASES)
def test_the_text_says_what_the_tree_does(name):
    assert parse(CASES[name]["text"]) == query_of(CASES[name])


def test_the_file_is_what_its_script_writes():
    assert json.loads(json.dumps(make_scores.build())) == KEPT, "run tests/data/make_scores.py"


def test_the_file_has_the_default_calibration():
    assert PresenceModel(**KEPT["model"]) == PresenceModel()
