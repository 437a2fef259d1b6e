"""Asking real photographs: everything that is there is asked for, and what comes out is counted."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.real_photographs import ABSENT, THERE, measure
from lexel.synthetic.catalogue import classes
from tests.relevancy.tiny_clip import tiny_encoder


def test_boxes_lie_in_the_frames() -> None:
    for there in THERE.values():
        assert not set(there) & set(ABSENT)
        for left, top, right, bottom in (box for boxes in there.values() for box in boxes):
            assert 0 <= left < right <= 640 and 0 <= top < bottom <= 480


def test_frames_are_asked_and_answers_counted(tmp_path: Path) -> None:
    noise = np.random.default_rng(0)
    for frame in THERE:
        pixels = noise.integers(0, 255, (480, 640, 3)).astype(np.uint8)
        Image.fromarray(pixels).save(tmp_path / f"frame-{frame}.color.jpg")
    told = measure(tiny_encoder(), tmp_path, tmp_path / "out", "chefer_et_al")
    everything = json.loads((tmp_path / "out" / "real.json").read_text())
    assert told.items() <= everything.items()
    phrases = sum(len(there) for there in THERE.values())
    assert told["phrases_there"] == phrases
    assert len(everything["asked"]) == phrases + len(THERE) * len(ABSENT)
    assert told["peak_in_a_box"] == sum(a["hit"] for a in everything["asked"]) < phrases
    known = [t for t in everything["taken"] if t["phrase"] in classes()]
    assert told["crops"] == len(known) == len(everything["taken"]) - 2
    assert told["crops_top1"] == sum(t["phrase"] == t["answers"][0] for t in known)
    for asked in everything["asked"]:
        x, y = asked["peak_px"]
        inside = [a <= x < c and b <= y < d for a, b, c, d in asked["boxes"]]
        assert asked["hit"] == any(inside)
    with Image.open(tmp_path / "out" / "relevancy.png") as sheet:
        assert sheet.width > 5 * 320
