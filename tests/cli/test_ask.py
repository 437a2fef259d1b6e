"""`lexel ask` as people type it."""

from __future__ import annotations

import json

import numpy as np
import pytest

from tests.pipelines.askable import make_field


@pytest.fixture
def field(nowhere):
    return make_field(nowhere)


def test_a_question_and_its_answer_in_words(lexel, field):
    ran = lexel("ask", field, "mug; the mug on the table", "--top", 1)
    assert ran.code == 0
    assert "mug: there (" in ran.out and "points above" in ran.out
    assert ran.out.count("mug #0") == 2


def test_json_with_everything(lexel, field, nowhere):
    ran = lexel(
        "ask", field, "mug", "--not", "table", "--not", "floor", "--balance", 0.25, "--json",
        "--export", nowhere / "answer.npz",
    )  # fmt: skip
    assert ran.code == 0
    (query,) = ran.json["queries"]
    assert query["text"] == "mug" and query["said"] == "there" and 0.9 < query["presence"] <= 1
    assert ran.json["balance"] == 0.25
    assert [hit["label"] for hit in query["hits"][:2]] == ["mug", "mug"]
    assert np.load(ran.json["export"])["scores"].shape == (1, 100)


@pytest.mark.parametrize("nested", [False, True])
def test_a_camera_or_a_recipe_says_what_is_behind(lexel, field, nowhere, nested):
    camera = {"world_from_camera": [[0, 0, 1, 0], [-1, 0, 0, 0], [0, -1, 0, 0], [0, 0, 0, 1]]}
    told = {"recipe": 1, "camera": camera} if nested else camera
    (nowhere / "camera.json").write_text(json.dumps(told))
    ran = lexel("ask", field, "the mug behind the table", "--camera", "camera.json", "--json")
    assert ran.json["queries"][0]["hits"][0]["id"] == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["mug^x"], "followed by a number"),
        (["the mug behind the table", "--camera", "7"], "no such view"),
        (["the mug behind the table", "--camera", "nowhere.json"], "does not exist"),
        (["mug", "--export", "answer.txt"], ".ply or .npz"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(lexel, field, arguments, told):
    ran = lexel("ask", field, *arguments)
    assert ran.code == 2
    assert told in ran.sentence


def test_what_is_no_field(lexel, nowhere):
    ran = lexel("ask", nowhere / "nothing.lexel", "mug")
    assert ran.code == 2 and "nothing.lexel" in ran.sentence
