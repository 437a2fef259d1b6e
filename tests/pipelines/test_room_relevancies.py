"""Relevancies of datasets, stored by encoders and oracles."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from lexel.errors import CancelledError, InputError
from lexel.io.room_shards import load_photographs, load_room_views
from lexel.pipelines.relevancy import read_relevancies
from lexel.pipelines.room_inputs import relevancy_at
from lexel.pipelines.room_relevancies import (
    EncoderSource,
    OracleSource,
    phrases_of,
    relevancy_source,
    store_relevancies,
)
from lexel.pipelines.settings import Settings
from lexel.progress import Silent
from lexel.synthetic.catalogue import NOVEL_CLASSES, SYNONYMS
from tests.relevancy.tiny_clip import tiny_encoder
from tests.room_world import LABELS, make_dataset


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return make_dataset(tmp_path / "rooms", views=4, sources=())


class CancelAfterOne(Silent):
    def advance(self, steps: int = 1) -> None:
        if steps:
            raise CancelledError("enough")


def test_goes_on_where_it_stopped(data: Path, tmp_path: Path) -> None:
    other = make_dataset(tmp_path / "other", views=4, sources=())
    assert store_relevancies(other, "oracle", OracleSource(exact=False), Silent()) == 2
    with pytest.raises(CancelledError):
        store_relevancies(data, "oracle", OracleSource(exact=False), CancelAfterOne())
    assert store_relevancies(data, "oracle", OracleSource(exact=False), Silent()) == 1
    assert store_relevancies(data, "oracle", OracleSource(exact=False), Silent()) == 0
    pairs = [load_room_views(folder, ["oracle"]).views for folder in (data, other)]
    for one, two in zip(*pairs, strict=True):
        maps = [view.relevancies["oracle"].maps for view in (one, two)]
        np.testing.assert_array_equal(*maps)
        assert one.relevancies["oracle"].phrases == LABELS


def test_two_sources_do_not_mix(data: Path) -> None:
    store_relevancies(data, "mine", OracleSource(exact=True), Silent())
    with pytest.raises(InputError, match=r"another oracle.*another --name"):
        store_relevancies(data, "mine", OracleSource(exact=False), Silent())


def test_the_exact_oracle_shows_the_masks(data: Path) -> None:
    store_relevancies(data, "oracle-exact", OracleSource(exact=True), Silent())
    view = load_room_views(data, ["oracle-exact"]).views[0]
    photograph = load_photographs(data / "shard-00000.npz")[0]
    stored = view.relevancies["oracle-exact"]
    for label, relevancy in zip(stored.phrases, stored.maps, strict=True):
        own = next(o.id for o in view.objects if o.label == label)
        np.testing.assert_array_equal(relevancy > 0.5, photograph.instance == own)


def test_phrases_are_few_and_keep_what_is_held_out(data: Path) -> None:
    photograph = load_photographs(data / "shard-00000.npz")[0]
    for seed in range(30):
        labels, others = phrases_of(photograph, np.random.default_rng(seed))
        assert set(labels) == set(LABELS) and len(labels) + len(others) <= 64
        assert not {*labels, *others} & {*NOVEL_CLASSES, *SYNONYMS.values()}
        assert {d.sentence for d in photograph.descriptions} <= set(others)


def test_training_and_inference_read_the_same(data: Path) -> None:
    """A view asked for its labels by a user gives what the network saw in training."""
    encoder = tiny_encoder()
    store_relevancies(data, "tiny-ours", EncoderSource(encoder, "light"), Silent())
    view = load_room_views(data, ["tiny-ours"], colour=True).views[0]
    pixel = np.arange(view.depth_mm.size)
    stored = relevancy_at(view, "tiny-ours", LABELS, pixel)[..., 0]
    read = read_relevancies(encoder, view.rgb, LABELS, Settings(preset="light"))
    asked = torch.stack([read.normalised(label).flatten() for label in LABELS])
    assert (stored - asked).abs().max() < 0.02 * asked.abs().max()
    assert 0.5 < asked.abs().max() < 10


@pytest.mark.parametrize(
    ("preset", "encoder", "told"),
    [
        ("slow", None, "ours, chefer_et_al, oracle, oracle-exact"),
        ("oracle", "ViT-B-32/openai", "Leave out --encoder"),
    ],
)
def test_wrong_sources_are_told(preset: str, encoder: str | None, told: str) -> None:
    with pytest.raises(InputError, match=told):
        relevancy_source(preset, encoder)


def test_names_of_sources() -> None:
    assert relevancy_source("oracle", None)[1] == "oracle"
