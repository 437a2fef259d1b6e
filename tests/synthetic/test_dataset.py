"""Datasets on disk: the same bytes, whatever happened on the way."""

import json

import numpy as np
import pytest

from lexel.errors import InputError
from lexel.io.hashing import sha256_of
from lexel.progress import Silent
from lexel.synthetic.catalogue import NOVEL_CLASSES, SYNONYMS
from lexel.synthetic.dataset import Plan, build_dataset
from lexel.synthetic.splits import ROOMS_PER_SPLIT, SPLITS


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    out = tmp_path_factory.mktemp("data") / "train"
    build_dataset(Plan("train", 5, 1), out, workers=2, progress=Silent())
    return out


def test_index_tells_every_shard(built):
    index = json.loads((built / "index.json").read_text())
    assert [s["views"] for s in index["shards"]] == [4, 1]
    for shard in index["shards"]:
        assert sha256_of(built / shard["file"]) == shard["sha256"]
        with np.load(built / shard["file"]) as arrays:
            assert arrays["rgb"].shape == (shard["views"], 192, 256, 3)
            assert arrays["truth"].shape == (shard["views"], 64, 64, 64)
            assert arrays["depth_mm"].dtype == np.uint16
            assert len(json.loads(str(arrays["meta"]))) == shard["views"]


def test_a_build_goes_on_where_it_was_killed(built, tmp_path):
    """What a kill leaves: some shards, half a temporary file, no index."""
    out = tmp_path / "again"
    out.mkdir()
    for name in ("plan.json", "shard-00000.npz"):
        (out / name).write_bytes((built / name).read_bytes())
    (out / "shard-00001.npz.tmp-1").write_bytes(b"half")
    before = (out / "shard-00000.npz").stat().st_mtime_ns
    build_dataset(Plan("train", 5, 1), out, workers=1, progress=Silent())
    assert (out / "shard-00000.npz").stat().st_mtime_ns == before
    assert (out / "index.json").read_bytes() == (built / "index.json").read_bytes()


def test_two_plans_do_not_mix(built):
    with pytest.raises(InputError, match="another plan"):
        build_dataset(Plan("train", 6, 1), built, progress=Silent())
    with pytest.raises(InputError, match="no such split"):
        build_dataset(Plan("holiday", 6, 1), built, progress=Silent())


def test_training_shows_no_room_word_or_class_that_is_held_out(built):
    first = {
        name: range(s.first_seed, s.first_seed + ROOMS_PER_SPLIT) for name, s in SPLITS.items()
    }
    for kept_in in ("train", "validation", "captions"):
        for tested in ("unseen_instances", "unseen_instances_dr", "unseen_instances_synonyms"):
            assert not range(
                max(first[kept_in].start, first[tested].start),
                min(first[kept_in].stop, first[tested].stop),
            )
    for shard in sorted(built.glob("*.npz")):
        with np.load(shard) as arrays:
            for view in json.loads(str(arrays["meta"])):
                names = {o["name"] for o in view["objects"]}
                labels = {o["label"] for o in view["objects"]}
                assert not names & set(NOVEL_CLASSES)
                assert not labels & set(SYNONYMS.values())
                assert int(view["room"].rpartition("-")[2]) in first["train"]
