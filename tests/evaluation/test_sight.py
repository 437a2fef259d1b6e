"""Measuring image-text models, with one that knows every answer but some."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL.Image import Image
from torch import Tensor

from lexel.errors import InputError
from lexel.evaluation.crops import MARGIN, crop_round, square_round
from lexel.evaluation.intervals import percentiles, room_weights
from lexel.evaluation.sight import Judged, goes_by_colour, look
from lexel.evaluation.sight_rows import as_rows, by_class, confusions
from lexel.pipelines.room_relevancies import OracleSource
from lexel.progress import Silent
from lexel.synthetic.catalogue import SYNONYMS, classes
from lexel.synthetic.dataset import save_shard
from lexel.synthetic.model import COLOURS

KINDS, HUES = list(classes()), list(COLOURS)
HEIGHT, WIDTH = 192, 256


class Painted:
    """Knows things by the paint of `_view`: red tells the class, green the colour.

    It knows the first half of all synonyms, and takes every mug for a pot.
    """

    def image_features(self, images: Sequence[Image]) -> Tensor:
        painted = [np.asarray(image).reshape(-1, 3).max(0) for image in images]
        return torch.stack([_feature(KINDS[r - 1], HUES[g - 1]) for r, g, _ in painted])

    def phrase_features(self, phrases: Sequence[str], templates: Sequence[str]) -> Tensor:
        assert templates == ("a photograph of a {} in a home.",)
        return torch.stack([self._read(phrase) for phrase in phrases])

    def _read(self, phrase: str) -> Tensor:
        known = {word: kind for kind, word in list(SYNONYMS.items())[: len(SYNONYMS) // 2]}
        hue, _, kind = phrase.partition(" ")
        if hue not in HUES:
            hue, kind = "", phrase
        if kind in SYNONYMS.values() and kind not in known:
            return -torch.ones(len(KINDS) + len(HUES))  # farther than any other name
        return _feature(known.get(kind, kind), hue)


def _feature(kind: str, hue: str) -> Tensor:
    feature = torch.zeros(len(KINDS) + len(HUES))
    feature[KINDS.index("pot" if kind == "mug" else kind)] = 1
    if hue:
        feature[len(KINDS) + HUES.index(hue)] = 0.5
    return feature


def _view(number: int, kind: str, hue: str) -> dict[str, object]:
    """One thing before a black wall, and a second that is too small to be asked for."""
    rgb = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    instance = np.zeros((HEIGHT, WIDTH), np.uint8)
    row, column = 10 + 7 * (number % 12), 20 + 11 * (number % 9)
    rgb[row : row + 40, column : column + 30] = KINDS.index(kind) + 1, HUES.index(hue) + 1, 0
    instance[row : row + 40, column : column + 30] = 1
    instance[:10, :10] = 2
    facts = [
        {"id": i, "name": name, "label": name, "colour": hue, "pixels": pixels, "cells": 0,
         "novel": False}
        for i, name, pixels in ((1, kind, 1200), (2, "sofa", 100), (3, "bed", 0))
    ]  # fmt: skip
    return {
        "rgb": rgb,
        "instance": instance,
        "facts": {"room": f"room-{number // 2}", "objects": facts, "descriptions": []},
    }


@pytest.fixture(scope="module")
def rooms(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every class once, in some colour."""
    folder = tmp_path_factory.mktemp("rooms")
    views = [_view(n, kind, HUES[n % len(HUES)]) for n, kind in enumerate(KINDS)]
    arrays = {key: np.stack([view[key] for view in views]) for key in ("rgb", "instance")}
    meta = np.array(json.dumps([view["facts"] for view in views]))
    save_shard(folder / "shard-00000.npz", {**arrays, "meta": meta})
    index = {"format": 1, "split": "painted", "shards": [{"file": "shard-00000.npz"}]}
    (folder / "index.json").write_text(json.dumps(index))
    return folder


@pytest.fixture(scope="module")
def judged(rooms: Path) -> list[Judged]:
    return look(Painted(), OracleSource(exact=True), rooms, Silent())


def test_every_question_is_put_once_and_judged(judged: list[Judged]) -> None:
    rows = {row.measure: row for row in as_rows(judged, draws=100)}
    assert {row.set for row in rows.values()} == {"painted"}
    coloured = [kind for kind in KINDS if goes_by_colour(kind)]
    assert {name: row.n for name, row in rows.items()} == {
        "top1": len(KINDS), "synonym": len(SYNONYMS), "colour": len(coloured),
        "peak": len(KINDS), "raw peak": len(KINDS), "centre": len(KINDS),
    }  # fmt: skip
    assert rows["colour"].value == rows["peak"].value == rows["raw peak"].value == 100
    assert rows["top1"].value == pytest.approx(100 * (1 - 1 / len(KINDS)))  # no mug
    assert rows["synonym"].value == pytest.approx(100 * (len(SYNONYMS) // 2) / len(SYNONYMS))
    assert rows["top1"].chance == pytest.approx(100 / len(KINDS))
    assert rows["colour"].chance == pytest.approx(100 / 16)
    assert rows["peak"].chance == pytest.approx(100 * 1200 / (HEIGHT * WIDTH), rel=0.01)
    assert 0 < rows["centre"].value < 50 and rows["centre"].bar is None
    assert rows["peak"].bar == 70 and rows["top1"].bar == 80
    assert all(row.low <= row.value <= row.high for row in rows.values())


def test_what_is_taken_for_what(judged: list[Judged]) -> None:
    wrong = [c for c in confusions(judged) if c["measure"] == "top1"]
    assert [(c["asked"], c["answered"], c["n"]) for c in wrong] in (
        [("mug", "pot", 1)],
        [("pot", "mug", 1)],
    )
    classes_ = {(c["class"], c["measure"]): c["value"] for c in by_class(judged)}
    assert classes_["chair", "top1"] == 100
    assert sorted((classes_["mug", "top1"], classes_["pot", "top1"])) == [0, 100]
    assert ("bread", "colour") not in classes_ and ("mug", "colour") in classes_


def test_things_of_another_world_are_told(rooms: Path, tmp_path: Path) -> None:
    (tmp_path / "index.json").write_bytes((rooms / "index.json").read_bytes())
    with np.load(rooms / "shard-00000.npz") as arrays:
        changed = dict(arrays)
    changed["meta"] = np.array(str(changed["meta"]).replace('"name": "chair"', '"name": "dragon"'))
    save_shard(tmp_path / "shard-00000.npz", changed)
    with pytest.raises(InputError, match=r"knows no such thing.*dragon"):
        look(Painted(), OracleSource(exact=True), tmp_path, Silent())


def test_three_classes_do_not_go_by_their_colour() -> None:
    assert {k for k in KINDS if not goes_by_colour(k)} == {"bread", "house plant", "hammer"}


@given(
    st.integers(0, 180), st.integers(0, 240), st.integers(1, 192), st.integers(1, 256)
)  # fmt: skip
def test_a_crop_lies_in_the_photograph_round_its_thing(
    row: int, column: int, height: int, width: int
) -> None:
    mask = np.zeros((HEIGHT, WIDTH), bool)
    mask[row : row + height, column : column + width] = True
    rows, columns = np.nonzero(mask)
    top, left, side = square_round(mask)
    assert top >= 0 and top + side <= HEIGHT and left >= 0 and left + side <= WIDTH
    assert HEIGHT // 4 <= side <= HEIGHT
    extent = 1 + max(np.ptp(rows), np.ptp(columns))
    if extent <= HEIGHT:
        assert top <= rows.min() and rows.max() < top + side
        assert left <= columns.min() and columns.max() < left + side
        assert side <= max(HEIGHT // 4, round(MARGIN * extent))
    rgb = np.broadcast_to(mask[..., None], (*mask.shape, 3)).astype(np.uint8)
    crop = np.asarray(crop_round(rgb, mask))
    assert crop.shape == (side, side, 3)
    assert crop.any()


def test_intervals_narrow_with_more_rooms_and_hold_the_mean() -> None:
    weights = room_weights(7, 500, 3)
    np.testing.assert_array_equal(weights[0], 1)
    np.testing.assert_array_equal(weights.sum(1), 7)
    np.testing.assert_array_equal(weights, room_weights(7, 500, 3))
    rng = np.random.default_rng(0)
    widths = []
    for rooms in (10, 1000):
        right = rng.random(rooms) < 0.6
        low, high = percentiles((room_weights(rooms, 500, 0) @ right / rooms)[1:])
        assert low <= right.mean() <= high
        widths.append(high - low)
    assert widths[1] < widths[0] / 5
    assert np.isnan(percentiles(np.array([np.nan]))).all()
