"""Datasets of the world and their relevancies: what was written is what is read, or it is told."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lexel.errors import InputError, LexelError
from lexel.io.room_relevancies import read_relevancy_shard, save_relevancy_shard
from lexel.io.room_shards import load_photographs, load_room_views
from lexel.io.room_views import StoredRelevancies
from tests.room_world import LABELS, make_dataset

HALF = st.floats(0, 1, width=16)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_dataset(tmp_path_factory.mktemp("rooms"), views=3)


@st.composite
def stored(draw: st.DrawFn) -> StoredRelevancies:
    phrases = draw(st.lists(st.text(min_size=1, max_size=5), unique=True, max_size=4))
    count = len(phrases)
    return StoredRelevancies(
        tuple(phrases),
        draw(arrays(np.float16, (count, 2, 3), elements=HALF)),
        draw(arrays(np.float16, (2, 3), elements=HALF)),
        draw(st.floats(0.5, 2, width=32)),
        draw(arrays(np.float16, (count, 4), elements=HALF)),
    )


@settings(max_examples=25)
@given(st.lists(stored(), min_size=1, max_size=3), st.data())
def test_relevancies_come_back(
    tmp_path_factory: pytest.TempPathFactory, views: list[StoredRelevancies], data: st.DataObject
) -> None:
    file = tmp_path_factory.mktemp("shard") / "shard-00000.npz"
    save_relevancy_shard(file, views)
    read = read_relevancy_shard(file, len(views))
    for number, view in enumerate(views):
        keep = data.draw(st.sets(st.sampled_from(view.phrases))) if view.phrases else set()
        found = read(number, keep)
        assert set(found.phrases) == keep and found.scale == view.scale
        np.testing.assert_array_equal(found.mean, view.mean)
        for phrase, relevancy in zip(found.phrases, found.maps, strict=True):
            np.testing.assert_array_equal(relevancy, view.maps[view.phrases.index(phrase)])
    with pytest.raises(InputError, match="do not fit the views"):
        read_relevancy_shard(file, len(views) + 1)


def test_views_come_back(data: Path) -> None:
    dataset = load_room_views(data, ["oracle"], colour=True)
    assert dataset.split == "train" and len(dataset.views) == 3
    with np.load(data / "shard-00001.npz") as shard:
        np.testing.assert_array_equal(dataset.views[2].truth(), shard["truth"][0])
        np.testing.assert_array_equal(dataset.views[2].depth_mm, shard["depth_mm"][0])
        np.testing.assert_array_equal(dataset.views[2].rgb, shard["rgb"][0])
    assert dataset.views[0].relevancies["oracle"].phrases == LABELS
    assert load_room_views(data, limit=1).views[0].rgb is None
    sentences = load_room_views(data, ["oracle"], sentences=True).views[0]
    assert {d.sentence for d in sentences.descriptions} < {*sentences.relevancies["oracle"].phrases}
    assert load_photographs(data / "shard-00000.npz")[1].instance.max() == len(LABELS)


@pytest.mark.parametrize(
    ("index", "told"),
    [
        (None, "lexel world build"),
        ("{", "no JSON"),
        ('{"format": 2, "shards": [{"file": "a.npz"}]}', "no index of a dataset"),
        ('{"format": 1, "shards": []}', "no index of a dataset"),
        ('{"format": 1, "shards": [{"file": "../a.npz"}]}', "no index of a dataset"),
        ('{"format": 1, "shards": [{"file": "a.npz"}]}', "cannot be read"),
    ],
)
def test_a_bad_index_is_told(tmp_path: Path, index: str | None, told: str) -> None:
    if index is not None:
        (tmp_path / "index.json").write_text(index)
    with pytest.raises(InputError, match=told):
        load_room_views(tmp_path)


def test_what_is_missing_is_told(data: Path) -> None:
    with pytest.raises(InputError, match=r"nobody.*cannot be read"):
        load_room_views(data, ["nobody"])


@pytest.mark.parametrize("seed", range(30))
def test_damaged_shards_are_told(tmp_path: Path, data: Path, seed: int) -> None:
    rng = np.random.default_rng(seed)
    damaged = bytearray((data / "shard-00000.npz").read_bytes())
    if seed % 2:
        damaged = damaged[: int(rng.integers(len(damaged)))]
    for place in rng.integers(max(1, len(damaged)), size=20 if damaged else 0):
        damaged[place] ^= int(rng.integers(1, 256))
    (tmp_path / "shard.npz").write_bytes(damaged)
    index = {"format": 1, "split": "train", "shards": [{"file": "shard.npz"}]}
    (tmp_path / "index.json").write_text(json.dumps(index))
    try:
        load_room_views(tmp_path)
    except LexelError as error:
        assert "shard.npz" in str(error)
