"""Answers tier by tier, and what is painted of them."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from lexel.io.fields import add_layers
from lexel.io.layers import Layer
from lexel.pipelines.ask import open_field
from lexel.scene import LayerNote
from lexel.scene.recipe import Mode
from lexel.viewer.asking import ask_in_tiers, question, understand
from lexel.viewer.choices import Choices
from lexel.viewer.drawing.camera import Camera, default_lens
from lexel.viewer.painting import paint, shown_layer, shown_query
from lexel.viewer.wording import presence_in_words, suggested_threshold, tiers_of
from tests.pipelines.askable import EACH

NAME = "completion/mug"


@pytest.fixture(scope="module")
def completed(kitchen, tmp_path_factory):
    """The field with a layer in which a network found mugs among the table's points."""
    path = tmp_path_factory.mktemp("completed") / "kitchen.lexel"
    shutil.copytree(kitchen, path)
    score = np.linspace(-3, 3, EACH, dtype=np.float32)
    where = np.arange(2 * EACH, 3 * EACH, dtype=np.int32)
    note = LayerNote(NAME, 3, "Mug", None, (-3.0, 3.0))
    add_layers(path, [(note, Layer(score, where))])
    return open_field(path)


def answers(field, text, **choices):
    asked = question(Choices(text=text, **choices), text, field.known_phrases, True, True)
    return list(ask_in_tiers(field, asked, lambda: None))


def test_codes_come_first_then_what_networks_left_for_the_same_words(completed):
    first, last = answers(completed, "table; the mug")
    assert (first.tier, first.layers) == (1, ())
    assert last.tier == 3 and last.codes is first.codes
    assert [[note.name for note in notes] for notes in last.layers] == [[], [NAME]]
    assert tiers_of(first, 1) == [(1, "codes")]
    assert tiers_of(last, 1) == [(1, "codes"), (3, "completion")]


def test_more_tiers_can_be_added(completed):
    asked = question(Choices(), "mug", (), True, True)

    def slow(field, answered, check):
        from dataclasses import replace

        check()
        return replace(answered, tier=2)

    tiers = [answer.tier for answer in ask_in_tiers(completed, asked, lambda: None, [slow])]
    assert tiers == [1, 2]


@pytest.mark.parametrize(
    ("choices", "layer"),
    [
        ({"query": 1}, NAME),
        ({"query": 7}, NAME),
        ({"query": 1, "tier": 1}, None),
        ({"query": 0}, None),
        ({"query": 0, "layer": NAME}, NAME),
    ],
)
def test_heat_shows_the_highest_tier_that_is_allowed(completed, choices, layer):
    *_, answered = answers(completed, "table; mug")
    choices = Choices(**choices)
    assert shown_layer(choices, answered) == layer
    bar = paint(completed, choices, answered).bar
    text = answered.codes.queries[shown_query(choices, answered)].text
    assert bar.title == ("Mug" if layer else text)


def test_without_an_answer_points_have_their_own_colours(completed):
    for mode in (Mode.HEAT, Mode.LABEL, Mode.RGB):
        painting = paint(completed, Choices(mode=mode), None)
        np.testing.assert_array_equal(painting.paint.colours(), completed.rgb)
        assert painting.bar is None and painting.entries == ()
    assert paint(completed, Choices(layer=NAME), None).bar.title == "Mug"
    assert shown_query(Choices(query=3), None) == 0


def test_only_a_query_that_needs_it_depends_on_who_looks(completed):
    camera = Camera(np.eye(4), (64, 48), default_lens((64, 48)))
    known = completed.known_phrases
    for text, needed in (("mug on the table", False), ("mug behind the table", True)):
        asked = question(Choices(camera=camera), text, known, True, True)
        assert (asked.camera is camera) == needed
    assert question(Choices(balance=0.5), "mug", known, False, True).balance == 0
    assert understand("  ", known).asks == ()


def test_a_label_needs_the_chosen_threshold(completed):
    *_, answered = answers(completed, "mug; table")
    suggested = suggested_threshold(answered.codes.codes, 0)
    assert 0 < suggested < 1
    found = [
        np.count_nonzero(
            (
                paint(
                    completed, Choices(mode=Mode.LABEL, threshold=least), answered
                ).paint.colours()
                != completed.rgb
            ).any(axis=1)
        )
        for least in (0.0, suggested, 1.0)
    ]
    assert found[0] >= found[1] > found[2]


def test_presence_in_words(completed):
    *_, answered = answers(completed, "mug")
    words = presence_in_words(answered.codes.queries[0])
    assert words.startswith("in this scene, ") and words.endswith(" %")
