"""Results become objects; answers become legends, vertex groups and objects of their own."""

from __future__ import annotations

import numpy as np
import pytest

import lexel
from lexel.io.results import write_answer
from tests.io.test_results import COLOURS, make_answer, make_found


@pytest.fixture
def results(tmp_path):
    completed = make_answer("completion", ["chair", "a lamp", "unicorn"], empty="unicorn")
    write_answer(completed, tmp_path)
    return write_answer(make_answer("localisation", ["the mug"]), tmp_path)


def test_results_legends_and_what_is_made_of_an_answer(blender, archive, field, results, tmp_path):
    told = blender.run(
        "results", tmp_path, archive=str(archive), field=str(field), results=str(results)
    )
    things = told["things"]
    assert {n: t["type"] for n, t in things.items()} == {
        "My Kitchen": "POINTCLOUD", "chair": "MESH", "a lamp": "MESH", "the mug": "POINTCLOUD",
    }  # fmt: skip
    assert {n for n, t in things.items() if t["inferred"]} == {"chair", "a lamp", "the mug"}
    assert told["hidden"] == ["a lamp", "chair", "the mug"]
    assert "unicorn" in told["note"]
    assert "score" in things["the mug"]["columns"]
    mug = make_found("the mug", 0, mesh=False)
    np.testing.assert_allclose(things["the mug"]["middle"], mug.points_m.mean(0), atol=1e-5)
    srgb = np.array(COLOURS[0]) / 255
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    np.testing.assert_allclose(things["chair"]["colour"][:3], linear, atol=1e-6)

    heat, label = told["legends"]["heat"], told["legends"]["label"]
    assert "mug" in heat["texts"] and "score" in heat["texts"] and len(heat["images"]) == 1
    assert label["texts"] == ["mug", "table"] and label["images"] == []
    assert heat["inside"] and label["inside"]

    answer = lexel.open_field(field).ask("mug; table")
    opened = lexel.open_field(field)
    found = opened.point_scores(answer.codes, 0) >= answer.codes.threshold[0].min()
    assert told["weighted"][0] > 0.5 and told["weighted"][1] == 0
    np.testing.assert_allclose(told["copied"], opened.points.xyz_m[found], atol=1e-6)
