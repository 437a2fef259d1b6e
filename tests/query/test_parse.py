"""From typed text to labels and descriptions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexel.errors import LabelError
from lexel.query.parse import parse_description, split_labels
from lexel.scene import RELATIONS, Description

LETTERS = "abcdefghijklmnopqrstuvwxyzéß"
# No article at the front and no relation within: those words need bars.
nouns = st.lists(
    st.text(LETTERS, min_size=1, max_size=8).filter(
        lambda word: word not in {"the", "a", "an", "in", "on", "behind", "inside"}
    ),
    min_size=1,
    max_size=3,
).map(" ".join)
descriptions = st.builds(Description, nouns, st.sampled_from(RELATIONS), nouns)
labels = st.text(min_size=1).filter(lambda t: t == t.strip() and t and not set(t) & {";", "\n"})


@given(descriptions)
def test_what_a_description_says_is_parsed_to_itself(description):
    assert parse_description(str(description)) == description


@given(
    descriptions, st.sampled_from(["", "the ", "a ", "An "]), st.sampled_from(["", "the ", "a "])
)
def test_articles_do_not_count(description, first, second):
    text = f"{first}{description.target} {description.relation} {second}{description.reference}"
    assert parse_description(text) == description


@given(descriptions)
def test_bars_say_the_same(description):
    text = f"{description.target}|{description.relation} | the {description.reference}"
    assert parse_description(text) == description


@given(descriptions, st.sampled_from([str.upper, str.title]))
def test_relations_are_known_in_any_case(description, case):
    text = f"{description.target} {case(description.relation)} the {description.reference}"
    assert parse_description(text).relation == description.relation


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the mug on the left of the sofa", Description("mug", "on the left of", "sofa")),
        ("mug  in front of  an  old sofa", Description("mug", "in front of", "old sofa")),
        ("the plant in a pot behind the sofa", Description("plant in a pot", "behind", "sofa")),
        ("mug to the Left of the sofa", Description("mug", "on the left of", "sofa")),
        ("mug on top of the table", Description("mug", "on", "table")),
        ("the spoon inside a mug", Description("spoon", "in", "mug")),
        ("the thermos", None),
        ("the indoor onion", None),
        ("plant in a pot | behind | sofa", Description("plant in a pot", "behind", "sofa")),
        ("cup|ON|the plate", Description("cup", "on", "plate")),
    ],
)
def test_examples(text, expected):
    if expected is None:
        with pytest.raises(LabelError, match="needs a relation"):
            parse_description(text)
    else:
        assert parse_description(text) == expected


@pytest.mark.parametrize("text", ["plant in pot behind sofa", "the cup on the tray in the kitchen"])
def test_two_relations_are_not_guessed_between(text):
    with pytest.raises(LabelError, match=r"more than one relation.*bars"):
        parse_description(text)


@pytest.mark.parametrize("text", [" on the sofa", "the mug on the ", "the on the sofa", "|on|sofa"])
def test_a_side_must_not_be_empty(text):
    with pytest.raises(LabelError):
        parse_description(text)


@pytest.mark.parametrize("text", ["mug | sofa", "a | b | c", "mug | on | sofa | on", "|", "a|on"])
def test_bars_must_separate_three_parts(text):
    with pytest.raises(LabelError, match="bars must separate"):
        parse_description(text)


@given(st.text())
def test_any_text_is_parsed_or_refused_with_a_sentence(text):
    try:
        description = parse_description(text)
    except LabelError as refused:
        assert refused.do
    else:
        assert description.relation in RELATIONS
        assert description.target and description.reference


@given(st.lists(labels), st.sampled_from([";", " ;  ", "\n", ";;", " \n; "]))
def test_labels_survive_joining_and_splitting(names, separator):
    assert split_labels(separator.join(names)) == names


@pytest.mark.parametrize("text", ["", " ", ";", " ; \n ;"])
def test_nothing_between_separators_is_no_label(text):
    assert split_labels(text) == []
