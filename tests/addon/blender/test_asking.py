"""A person's way: install, open a field, ask; Blender shows what the engine computes."""

from __future__ import annotations

import numpy as np
import pytest

import lexel
from lexel.pipelines.painting import paint_field
from lexel.scene.recipe import Look, Mode

SIDE, APART, CLOSE = 10, 2, 1e-5
OPAQUE = Look(over_rgb=1.0)
ASKED = (
    {"text": "mug", "over_rgb": 1.0},
    {"text": "mug; table", "query": 1},
    {"text": "mug; table", "mode": "label", "over_rgb": 0.5},
    {
        "text": "mug; table",
        "mode": "heat",
        "query": 0,
        "negatives": "floor",
        "own_negatives": False,
    },
    {"text": "the mug on the table", "own_negatives": True},
    {"text": "mug", "balance": 0.5, "suggested": False, "threshold": 0.4, "colour_map": "turbo"},
    {"text": ""},
)


@pytest.fixture(scope="module")
def engine(field):
    return lexel.open_field(field)


def expected(engine):
    """Paint, scores and found of what ASKED adds up to, step by step."""
    state = {"query": 0, "mode": "heat", "over_rgb": 0.8, "own_negatives": True, "balance": 0.0}
    state |= {"suggested": True, "threshold": 0.5, "colour_map": "cividis", "negatives": ""}
    for step in ASKED:
        state |= step
        negatives = None if state["own_negatives"] else [state["negatives"]]
        look = Look(Mode(state["mode"]), colour_map=state["colour_map"], over_rgb=state["over_rgb"])
        if not state["text"]:
            yield paint_field(engine, None, look), None, None, None
            continue
        answer = engine.ask(state["text"], instead=negatives, balance=state["balance"])
        query = min(state["query"], len(answer.queries) - 1)
        scores = engine.point_scores(answer.codes, query)
        least = answer.codes.threshold[query].min() if state["suggested"] else state["threshold"]
        if answer.codes.spatial[query]:
            least = 0.5
        yield paint_field(engine, answer, look, query), answer, scores, scores >= least


def test_scores_colours_and_words_are_the_engines(blender, archive, field, engine, tmp_path):
    told = blender.run(
        "asks", tmp_path, archive=str(archive), field=str(field), side=SIDE, asked=ASKED
    )
    seen = np.load(tmp_path / "seen.npz")
    np.testing.assert_array_equal(seen["places"], engine.points.xyz_m)
    for number, (painting, answer, scores, found) in enumerate(expected(engine)):
        colours = painting.paint.colours()
        apart = np.abs(seen[f"picture-{number}"].astype(int) - colours)
        assert apart.max() <= APART, number
        panel = told["told"][number]
        assert not panel["is_error"], panel["message"]
        if answer is None:
            assert panel["entries"] == []
            continue
        np.testing.assert_allclose(seen[f"scores-{number}"], scores, atol=CLOSE)
        np.testing.assert_array_equal(seen[f"found-{number}"], found)
        asked = [(query.text, query.said) for query in answer.queries]
        assert [(text, said.partition(",")[0]) for text, said in panel["entries"]] == asked
        if painting.bar is not None:
            assert panel["bar"].startswith(f"{painting.bar.title}: {painting.bar.low:.2f}")
    assert told["history"] == ["mug; table", "the mug on the table", "mug"]
    for trace, before in told["before"].items():
        assert told["after"][trace] == before, trace
