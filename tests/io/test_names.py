"""Any text becomes one safe, unique name inside its folder."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexel.errors import LabelError
from lexel.io.names import check_label, is_safe_name, one_line, safe_name, safe_names, title


@given(st.text(max_size=200))
def test_any_text_becomes_a_safe_name(text: str) -> None:
    name = safe_name(text)
    assert is_safe_name(name)
    assert 1 <= len(name) <= 60
    assert (Path("folder") / name).parent == Path("folder")


@given(
    st.lists(st.sampled_from(["a", "A", "a-2", "a 2", "ä", "", "!", "label", "x" * 99, "x" * 60]))
)
def test_names_are_unique_and_safe_whatever_collides(texts: list[str]) -> None:
    names = safe_names(texts)
    assert len({name.lower() for name in names}) == len(texts)
    assert all(is_safe_name(name) for name in names)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Woven Chair", "woven-chair"),
        ("../../x", "x"),
        ("C:\\con", "c-con"),
        ("con", "label-con"),
        ("COM1", "label-com1"),
        ("椅子", "label-e57f49ca"),
        ("椅子 2", "2-1430c27b"),
        ("café crème", "cafe-creme"),
        ("Straße 7", "strae-7"),
        ("...", "label-ab5df625"),
        ("x" * 59 + " y", "x" * 59),
    ],
)
def test_examples(text: str, name: str) -> None:
    assert safe_name(text) == name


@pytest.mark.parametrize(
    "pair", [("部屋", "台所"), ("部屋 1", "台所 1"), ("Кухня", "Ванна"), ("", "?")]
)
def test_texts_of_which_nothing_survives_are_told_apart(pair: tuple[str, str]) -> None:
    first, second = map(safe_name, pair)
    assert first != second
    assert is_safe_name(first) and is_safe_name(second)


def test_a_name_is_the_same_however_its_accents_are_stored() -> None:
    for text in ("が", "ё", "é"):
        assert safe_name(unicodedata.normalize("NFD", text)) == safe_name(text)


@given(st.text(st.characters()))
def test_a_title_can_stand_in_any_text_file(text: str) -> None:
    clean = title(text)
    assert clean.encode("utf-8")
    assert clean == one_line(clean)
    assert 1 <= len(clean) <= 100


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("k\udcfcche", "k che"),
        (" a\tb\n", "a b"),
        ("", "scene"),
        ("\udcff", "scene"),
        ("部屋", "部屋"),
    ],
)
def test_titles(text: str, clean: str) -> None:
    assert title(text) == clean


def test_a_number_is_appended_on_collision() -> None:
    assert safe_names(["mug", "Mug!", "mug 2", "MUG"]) == ["mug", "mug-2", "mug-2-2", "mug-3"]
    assert safe_name("mug", taken=["MUG"]) == "mug-2"


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=500)
)
def test_ordinary_labels_pass_unchanged(text: str) -> None:
    assert check_label(text) == text


@pytest.mark.parametrize(
    "text", ["", "   ", "\u200b", "x" * 501, "x" * 10_000, "a\nb", "a\x00b", "\ud800", 7, None]
)
def test_labels_that_are_none_are_refused(text: object) -> None:
    with pytest.raises(LabelError) as caught:
        check_label(text)
    assert len(str(caught.value)) < 300


@given(st.text())
def test_one_line_is_one_line(text: str) -> None:
    assert len(one_line(text).splitlines()) <= 1
