"""`lexel demo`, as a newcomer types it: all of it, offline."""

from __future__ import annotations

import json
import sys

import numpy as np
import pytest
from PIL import Image

from lexel.cli.viewing import can_show_windows
from lexel.io.fields import open_field
from lexel.io.samples import sample_scene


def test_the_demo_answers_and_draws(lexel, nowhere):
    ran = lexel("demo", "--no-window", "--out", "shown", "--device", "cpu", "--json")
    assert ran.code == 0, ran.err
    words = json.loads((sample_scene("view") / "scene.json").read_text(encoding="utf-8"))
    found = {one["text"]: one for one in ran.json["found"]}
    asked = [*words["labels"], *(f"{t} {r} the {o}" for t, r, o in words["descriptions"])]
    assert [text.removeprefix("the ") for text in found] == asked
    assert found["safe"]["voxels"] > 0
    shown = nowhere / "shown"
    for name in ("relevancies.png", "completion.png", "localisation.png"):
        assert np.asarray(Image.open(shown / name)).std() > 10, name  # not blank
    answers = ran.json["answers"]
    assert [answer["text"] for answer in answers] == ["bookcase", "piano", "couch"]
    assert all(0 <= answer["presence"] <= 1 and answer["hits"] for answer in answers)
    assert open_field(shown / "scan.lexel").info.encoder.name == "embedded"
    assert set(ran.json["seconds"]) == {"complete", "locate", "build", "ask"}


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is always a display")
def test_without_a_display_no_window_is_tried(monkeypatch):
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    assert not can_show_windows()
    monkeypatch.setenv("DISPLAY", ":0")
    assert can_show_windows()
