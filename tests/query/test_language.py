"""From typed text to a tree, and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexel.errors import LabelError
from lexel.query.language import parse
from lexel.query.tree import And, Ask, Not, Or, Phrase, Query, Spatial, is_spatial, phrases_of
from lexel.query.wordings import WORDINGS
from lexel.query.writing import unparse, unparse_ask
from lexel.scene import RELATIONS

# Any text at all, and often the very words and signs that mean something to the parser.
SPECIAL = [*WORDINGS, "and", "or", "NOT", "the", "a", "-", "^", "^2", '"', '""', "“", "”", "(", ")"]
words = st.one_of(
    st.text(min_size=1), st.sampled_from([*SPECIAL, "|", ";", "mug", "red-hot", "-x"])
)
texts = st.lists(words, min_size=1).map(lambda ws: " ".join(" ".join(ws).split())).filter(bool)
phrases = st.builds(Phrase, texts, st.just(1.0) | st.floats(0.01, 100))
nodes = st.recursive(
    phrases,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(And, st.lists(inner, min_size=2, max_size=3).map(tuple)),
        st.builds(Or, st.lists(inner, min_size=2, max_size=3).map(tuple)),
        st.builds(Spatial, inner, st.sampled_from(RELATIONS), inner),
    ),
    max_leaves=6,
)
negatives = st.lists(phrases, max_size=2).map(tuple)
queries = st.builds(
    Query, st.lists(st.builds(Ask, nodes, negatives), min_size=1, max_size=3).map(tuple), negatives
)


@given(queries)
def test_what_is_written_is_parsed_to_itself(query):
    assert parse(unparse(query)) == query


@given(st.lists(words).map(" ".join))
def test_any_text_is_parsed_or_refused_with_a_sentence(text):
    try:
        query = parse(text)
    except LabelError as refused:
        assert refused.do
    else:
        assert query.asks
        assert parse(unparse(query)) == query


def ask(want, *without):
    return Ask(want, tuple(map(Phrase, without)))


MUG, CUP, TABLE = Phrase("mug"), Phrase("cup"), Phrase("table")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mug", ask(MUG)),
        ("  the   mug ", ask(MUG)),
        ('"the mug"', ask(Phrase("the mug"))),
        ("mug -table", ask(MUG, "table")),
        ("mug -coffee table -a shelf", ask(MUG, "coffee table", "shelf")),
        ("T-shirt on-the-go", ask(Phrase("T-shirt on-the-go"))),
        ('27" screen', ask(Phrase('27" screen'))),
        ('red "plant in a pot"', ask(Phrase("red plant in a pot"))),
        ('"say ""hi"""', ask(Phrase('say "hi"'))),
        ("“salt and pepper”", ask(Phrase("salt and pepper"))),
        ("mug^2", ask(Phrase("mug", 2))),
        ('"red mug"^0.5', ask(Phrase("red mug", 0.5))),
        ("mug -table^3", Ask(MUG, (Phrase("table", 3),))),
        ("mug and cup or table", ask(Or((And((MUG, CUP)), TABLE)))),
        ("mug AND (cup or table)", ask(And((MUG, Or((CUP, TABLE)))))),
        ("not mug and cup", ask(And((Not(MUG), CUP)))),
        ("not (mug and cup)", ask(Not(And((MUG, CUP))))),
        ("sandy oregano knot", ask(Phrase("sandy oregano knot"))),
        ("the mug on the table", ask(Spatial(MUG, "on", TABLE))),
        ("not the mug on top of a table", ask(Not(Spatial(MUG, "on", TABLE)))),
        ("(mug or cup) behind the table", ask(Spatial(Or((MUG, CUP)), "behind", TABLE))),
        ("mug^2 on the table", ask(Spatial(Phrase("mug", 2), "on", TABLE))),
        ("plant in a pot", ask(Spatial(Phrase("plant"), "in", Phrase("pot")))),
        ('"plant in a pot"', ask(Phrase("plant in a pot"))),
        ("plant in pot behind the mug", ask(Spatial(Phrase("plant in pot"), "behind", MUG))),
        (
            "plant in a pot | behind | the mug",
            ask(Spatial(Phrase("plant in a pot"), "behind", MUG)),
        ),
        ("lamp on", ask(Phrase("lamp on"))),
        ("on the table", ask(Phrase("on the table"))),
        ("mug on the", ask(Phrase("mug on the"))),
        ("the", ask(Phrase("the"))),
    ],
)
def test_one_query(text, expected):
    assert parse(text) == Query((expected,))


def test_several_queries_and_negatives_for_all_of_them():
    expected = Query((ask(MUG), ask(CUP, "bowl")), (TABLE, Phrase("wall")))
    assert parse("mug; -table; cup -bowl\n;; -wall;") == expected


@pytest.mark.parametrize("relation", RELATIONS)
@pytest.mark.parametrize("case", [str.lower, str.upper, str.title])
def test_all_relations_in_any_case(relation, case):
    assert parse(f"the mug {case(relation)} the cup").asks[0].want == Spatial(MUG, relation, CUP)


def test_a_known_label_is_one_thing():
    known = ["salt and pepper", "plant", "Plant in a Pot", "plant in a pot with flowers"]
    assert parse("plant in a pot", known) == Query((ask(Phrase("plant in a pot")),))
    longest = parse("the plant in a pot with flowers behind the mug -salt  and pepper", known)
    want = Spatial(Phrase("plant in a pot with flowers"), "behind", MUG)
    assert longest == Query((ask(want, "salt and pepper"),))
    assert parse("houseplant in a pottery", known).asks[0].want == Spatial(
        Phrase("houseplant"), "in", Phrase("pottery")
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "nothing is asked for"),
        (" ; \n", "nothing is asked for"),
        ("-table", "nothing is asked for"),
        ('"mug', "not closed"),
        ("“mug", "not closed"),
        ('""', "nothing between the quotes"),
        ("mug - table", "stands by itself"),
        ("mug^", "followed by a number"),
        ("mug^2x", "followed by a number"),
        ("mug^0", "a weight lies between"),
        ("mug^1e3", "followed by a number"),
        ("mug^1000", "a weight lies between"),
        ("red^2 mug", "inside a phrase"),
        ("mug and", "a phrase is missing"),
        ("or mug", "a phrase is missing"),
        ("mug and -table", "a phrase is missing"),
        ("mug -table and cup", "behind the negatives"),
        ("(mug", "not closed"),
        ("mug)", "not opened"),
        ("mug (blue)", "right beside a phrase"),
        ("plant in pot behind sofa", "more than one relation"),
        ("the cup on the tray in the kitchen", "more than one relation"),
        ("mug | sofa", "bars must separate"),
        ("a | beside | b", "bars must separate"),
        ("(" * 1000 + "mug", "nested too deeply"),
        ("not " * 1000 + "mug", "nested too deeply"),
    ],
)
def test_what_is_not_understood_is_told(text, told):
    with pytest.raises(LabelError, match=told) as refused:
        parse(text)
    assert refused.value.do


def test_a_chip_is_a_part_of_the_tree_that_can_be_written_by_itself():
    query = parse("mug^2 and not (the red cup on the table) -plate")
    assert [p.text for p in phrases_of(query.asks[0].want)] == ["mug", "red cup", "table"]
    assert is_spatial(query.asks[0].want)
    assert not is_spatial(parse("mug and not cup").asks[0].want)
    assert unparse_ask(query.asks[0]) == "mug^2 and not the red cup on the table -plate"
