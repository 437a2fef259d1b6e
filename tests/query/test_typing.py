"""Completion while typing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lexel.fields.phrases import vocabulary
from lexel.query.typing import complete

PHRASES = ("office chair", "chair leg", "arm chair", "mug", "chair", "red office chair", "Charger")
WORDS = st.text("abc -", max_size=12)


def completions(typed: str, **limit: int) -> list[str]:
    return [PHRASES[row] for row in complete(typed, PHRASES, **limit)]


def test_beginnings_come_before_later_words_and_short_before_long():
    assert completions("cha") == [
        "chair",
        "Charger",
        "chair leg",
        "office chair",
        "arm chair",
        "red office chair",
    ]


def test_words_may_be_typed_in_any_order():
    assert completions("cha off") == ["office chair", "red office chair"]


def test_capitals_and_blanks_do_not_count():
    assert completions("  OFFICE   Ch") == ["office chair", "red office chair"]


def test_the_middle_of_a_word_is_no_beginning():
    assert completions("hair") == []


def test_nothing_typed_completes_to_nothing():
    assert completions(" ") == []


def test_limit():
    assert completions("c", limit=2) == ["chair", "Charger"]


@given(st.lists(WORDS, max_size=8), st.data())
def test_what_was_begun_is_found(phrases, data):
    chosen = data.draw(st.sampled_from(phrases)) if phrases else ""
    typed = " ".join(chosen.split())[: data.draw(st.integers(0, 12))]
    rows = complete(typed, phrases, limit=len(phrases))
    assert len(set(rows)) == len(rows)
    if typed.strip():
        assert chosen in [phrases[row] for row in rows]


def test_every_phrase_of_the_vocabulary_completes_itself_first():
    phrases = vocabulary()
    for row in range(0, len(phrases), 97):
        assert complete(phrases[row], phrases, limit=1) == [row]
