"""Which phrase is completed while one types."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexel.viewer.completing import phrase_at, suggest

PHRASES = ("chair", "office chair", "table", "chandelier")


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("cha", "cha"),
        ("red mug; cha", "cha"),
        ("red mug\ncha", "cha"),
        ("mug -cha", "cha"),
        ("-cha", "cha"),
        ("the mug on the cha", "cha"),
        ("the cha", "cha"),
        ("a mug in front of a cha", "cha"),
        ("mug and cha", "cha"),
        ("not cha", "cha"),
        ("(mug or cha", "cha"),
        ('"cha', "cha"),
        ("t-shirt", "t-shirt"),
        ("red office cha", "red office cha"),
        ("mug; ", ""),
        ("", ""),
    ],
)
def test_the_phrase_before_the_cursor(text, phrase):
    assert phrase_at(text, len(text)).phrase == phrase


def test_a_phrase_in_the_middle_ends_where_the_next_thing_begins():
    typed = phrase_at("mug; cha -sofa; lamp", 8)
    assert typed.phrase == "cha"
    assert typed.with_phrase("chair") == ("mug; chair -sofa; lamp", 10)


def test_what_is_typed_in_full_is_not_suggested():
    assert suggest("cha", 3, PHRASES) == ["chair", "chandelier", "office chair"]
    assert suggest("table", 5, PHRASES) == []
    assert suggest("mug; off", 8, PHRASES) == ["office chair"]
    assert suggest("", 0, PHRASES) == []


@given(text=st.text(alphabet='ab -;"(|^', max_size=20), at=st.integers(0, 20))
def test_only_the_phrase_is_replaced(text, at):
    typed = phrase_at(text, min(at, len(text)))
    assert 0 <= typed.start <= typed.end <= len(text)
    new, cursor = typed.with_phrase("x")
    assert new == text[: typed.start] + "x" + text[typed.end :]
    assert cursor == typed.start + 1
