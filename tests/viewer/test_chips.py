"""Chips: each edit changes just its part of the query."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexel.errors import LabelError
from lexel.query.language import parse
from lexel.viewer.chips import Role, chips_of, with_part, without

TEXT = "red mug -table -sofa; the mug on the table; cup or glass; -wall"
WORDS = st.sampled_from(["mug", "red chair", "table leg", "plant in a pot"])


def test_every_part_of_a_query_is_a_chip():
    chips = chips_of(parse(TEXT))
    assert [(chip.role, chip.parts) for chip in chips] == [
        (Role.WANT, ("red mug",)),
        (Role.NEGATIVE, ("table",)),
        (Role.NEGATIVE, ("sofa",)),
        (Role.WANT, ("mug", "on", "table")),
        (Role.WANT, ("cup or glass",)),
        (Role.NEGATIVE_OF_ALL, ("wall",)),
    ]
    assert [chip.spatial for chip in chips] == [False, False, False, True, False, False]


@pytest.mark.parametrize(
    ("chip", "left"),
    [
        (0, "the mug on the table; cup or glass; -wall"),
        (1, "red mug -sofa; the mug on the table; cup or glass; -wall"),
        (3, "red mug -table -sofa; cup or glass; -wall"),
        (5, "red mug -table -sofa; the mug on the table; cup or glass"),
    ],
)
def test_a_chip_is_taken_away(chip, left):
    query = parse(TEXT)
    assert without(query, chips_of(query)[chip]) == left
    assert with_part(query, chips_of(query)[chip], 0, "  ") == left


@pytest.mark.parametrize(
    ("part", "words", "parts"),
    [
        (0, "cup", ("cup", "on", "table")),
        (1, "behind", ("mug", "behind", "table")),
        (2, "big shelf", ("mug", "on", "big shelf")),
    ],
)
def test_each_part_of_a_relation_is_edited_by_itself(part, words, parts):
    query = parse("the mug on the table")
    edited = parse(with_part(query, chips_of(query)[0], part, words))
    assert chips_of(edited)[0].parts == parts


@given(chip=st.integers(0, 5), words=WORDS)
def test_an_edited_chip_leaves_all_others_as_they_are(chip, words):
    query = parse(TEXT)
    before = chips_of(query)
    words = words if before[chip].role is Role.WANT else words.replace("in a", "with")
    after = chips_of(parse(with_part(query, before[chip], 0, f'"{words}"')))
    assert len(after) == len(before)
    changed = [one for one, other in zip(after, before, strict=True) if one != other]
    assert len(changed) <= 1 and all(words in one.parts[0] for one in changed)


def test_what_cannot_stand_in_a_chip_is_refused():
    query = parse("mug -table")
    for chip in chips_of(query):
        with pytest.raises(LabelError):
            with_part(query, chip, 0, "a; b")


def test_words_in_a_negative_are_taken_literally():
    query = parse("mug -table")
    assert with_part(query, chips_of(query)[1], 0, "salt or pepper") == 'mug -"salt or pepper"'
