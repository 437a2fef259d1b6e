"""Text tower files: round trip, the same bytes for the same weights, and every kind of damage."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lexel.errors import WeightsError
from lexel.io.hashing import sha256_of
from lexel.io.tensor_files import map_tensor, read_places, save_tensors
from lexel.io.text_towers import load_text_tower, save_text_tower, tower_shapes
from lexel.scene import SentenceEncoder, SentenceHead, TowerSettings, TowerWeights

SETTINGS = TowerSettings(
    name="tiny",
    pretrained="tests",
    sha256="ab" * 32,
    dim=4,
    width=6,
    heads=2,
    layers=2,
    mlp_width=8,
    context_length=5,
    activation="gelu",
    layer_norm_eps=1e-5,
)
MERGES = np.array([[0, 256], [512, 3]], np.int32)


def weights(*, head: bool = True) -> TowerWeights:
    rng = np.random.default_rng(0)
    tensors = {
        name: rng.normal(size=[516 if n < 0 else n for n in shape]).astype(dtype)
        for name, (dtype, shape) in tower_shapes(SETTINGS).items()
    }
    sentence = SentenceHead(
        SentenceEncoder("teacher", "cd" * 32, 3),
        rng.normal(size=(3, 4)).astype(np.float32),
        rng.normal(size=3).astype(np.float32),
    )
    return TowerWeights(SETTINGS, MERGES, tensors, sentence if head else None)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "text-tiny.safetensors"
    save_text_tower(file, weights())
    return file


def tensors_of(path: Path) -> dict[str, np.ndarray]:
    return {name: np.array(map_tensor(path, place)) for name, place in read_places(path).items()}


def rewrite(path: Path, **changes: object) -> None:
    """The file with tensors replaced, or left out where None."""
    tensors = {name: t for name, t in {**tensors_of(path), **changes}.items() if t is not None}
    path.unlink()
    save_tensors(path, tensors)


def with_settings(path: Path, **changes: object) -> np.ndarray:
    facts = json.loads(tensors_of(path)["settings"].tobytes())
    return np.frombuffer(json.dumps({**facts, **changes}).encode(), np.uint8)


@pytest.mark.parametrize("head", [False, True])
def test_round_trip(tmp_path, head):
    written = weights(head=head)
    save_text_tower(tmp_path / "t", written)
    read = load_text_tower(tmp_path / "t")
    assert read.settings == SETTINGS
    np.testing.assert_array_equal(read.merges, MERGES)
    assert read.tensors.keys() == written.tensors.keys()
    for name, tensor in written.tensors.items():
        assert read.tensors[name].dtype == tensor.dtype
        np.testing.assert_array_equal(read.tensors[name], tensor)
    assert (read.sentence_head is not None) == head
    if read.sentence_head is not None and written.sentence_head is not None:
        assert read.sentence_head.identity == written.sentence_head.identity
        np.testing.assert_array_equal(read.sentence_head.weight, written.sentence_head.weight)
        np.testing.assert_array_equal(read.sentence_head.bias, written.sentence_head.bias)


def test_the_same_weights_give_the_same_bytes(tmp_path):
    written = weights()
    backwards = dict(reversed(written.tensors.items()))
    save_text_tower(tmp_path / "a", written)
    save_text_tower(tmp_path / "b", dataclasses.replace(written, tensors=backwards))
    assert sha256_of(tmp_path / "a") == sha256_of(tmp_path / "b")


DAMAGE = {
    "a tensor is missing": (lambda p: {"ln_final.bias": None}, "'ln_final.bias' is missing"),
    "one too many": (lambda p: {"more": np.zeros(1, np.float32)}, "'more' has no place"),
    "of another shape": (lambda p: {"text_projection": np.zeros((6, 5), np.float16)}, "6 x 4"),
    "of another type": (lambda p: {"text_projection": np.zeros((6, 4), np.float32)}, "float16"),
    "no settings": (lambda p: {"settings": None}, "no text tower"),
    "no JSON": (lambda p: {"settings": np.frombuffer(b"{", np.uint8)}, "no JSON"),
    "a list": (lambda p: {"settings": np.frombuffer(b"[]", np.uint8)}, "no JSON object"),
    "settings without end": (lambda p: {"settings": np.zeros(1 << 17, np.uint8)}, "no text tower"),
    "format": (lambda p: {"settings": with_settings(p, format=2)}, "format' should be 1"),
    "layers": (lambda p: {"settings": with_settings(p, layers=10**9)}, "layers' should"),
    "heads": (lambda p: {"settings": with_settings(p, heads=4)}, "divide the width"),
    "activation": (lambda p: {"settings": with_settings(p, activation="relu")}, "one of gelu"),
    "width": (lambda p: {"settings": with_settings(p, width="6")}, "whole number"),
    "head left over": (lambda p: {"settings": with_settings(p, sentence=None)}, "has no place"),
    "merge of the unborn": (lambda p: {"merges": np.array([[0, 512]], np.int32)}, "not there yet"),
    "merge below 0": (lambda p: {"merges": np.array([[-1, 2]], np.int32)}, "not there yet"),
    "few words": (lambda p: {"merges": np.zeros((9, 2), np.int32)}, "should have 523 rows"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_told(path, damage):
    change, message = DAMAGE[damage]
    rewrite(path, **change(path))
    with pytest.raises(WeightsError, match=message) as error:
        load_text_tower(path)
    assert error.value.where == str(path)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(WeightsError, match="cannot be read"):
        load_text_tower(tmp_path / "none.safetensors")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(1, 8000))
def test_any_truncation_is_told(path, cut):
    short = path.with_name("short")
    short.write_bytes(path.read_bytes()[:-cut])
    with pytest.raises(WeightsError):
        load_text_tower(short)
