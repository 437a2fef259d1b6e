"""Text tower files in the cache: made once, named for their weights, found by fields."""

from __future__ import annotations

import dataclasses
import json
import shutil

import numpy as np
import pytest
from typer.testing import CliRunner

from lexel.cli.weights import app
from lexel.encoders.text_tower_files import load_text_tower_of, store_text_tower
from lexel.encoders.weights import cache_folder, fetch, list_weights, verify
from lexel.errors import WeightsError
from lexel.io.hashing import sha256_of
from lexel.query.text_tower import TextTower
from lexel.scene import FieldEncoder, SentenceEncoder, SentenceHead
from lexel.scene import TextTower as NamedTower
from tests.relevancy.tiny_clip import tiny_encoder

pytestmark = pytest.mark.usefixtures("cache")


@pytest.fixture(scope="module")
def encoder():
    return tiny_encoder()


def path_of(tower: NamedTower):
    return cache_folder() / "text" / tower.file


def called(encoder, name: str, pretrained: str, sha256: str):
    identity = dataclasses.replace(
        encoder.identity, name=name, pretrained=pretrained, sha256=sha256
    )
    return dataclasses.replace(encoder, identity=identity)


def field_of(tower: NamedTower | None) -> FieldEncoder:
    return FieldEncoder("tiny", "random", "", 512, ("{}",), tower)


def test_a_field_finds_what_an_encoder_stored(encoder):
    tower = store_text_tower(encoder)
    assert sha256_of(path_of(tower)) == tower.sha256
    ours = TextTower.of(load_text_tower_of(field_of(tower))).prompt_features(["a mug"])
    theirs = encoder.prompt_features(["a mug"]).numpy()
    cosine = (ours * theirs).sum() / np.linalg.norm(ours) / np.linalg.norm(theirs)
    assert cosine > 0.99999


def test_it_is_written_once_and_again_when_it_is_damaged(encoder):
    tower = store_text_tower(encoder)
    written = path_of(tower).stat().st_mtime_ns
    assert store_text_tower(encoder) == tower
    assert path_of(tower).stat().st_mtime_ns == written
    whole = path_of(tower).read_bytes()
    path_of(tower).write_bytes(whole[:-1])
    assert store_text_tower(encoder) == tower
    assert path_of(tower).read_bytes() == whole


def test_named_weights_have_a_readable_file_and_others_a_digest(encoder):
    named = called(encoder, "ViT-B-32", "openai", "ab" * 32)
    assert store_text_tower(named).file == "text-ViT-B-32-openai.safetensors"
    mine = {
        store_text_tower(called(encoder, "../my file", "local", d * 32)).file for d in ("a", "b")
    }
    assert len(mine) == 2
    assert all(f.startswith("text-.._my_file-local-") and "/" not in f for f in mine)


def test_random_weights_are_told_apart_by_their_numbers(encoder):
    assert store_text_tower(encoder) == store_text_tower(tiny_encoder())
    assert store_text_tower(encoder) != store_text_tower(tiny_encoder(seed=1))


def test_a_sentence_head_makes_another_file(encoder):
    zeros = np.zeros((3, 512), np.float32)
    head = SentenceHead(SentenceEncoder("teacher", "cd" * 32, 3), zeros, zeros[:, 0])
    plain, headed = store_text_tower(encoder), store_text_tower(encoder, head)
    assert plain.file != headed.file
    read = load_text_tower_of(field_of(headed)).sentence_head
    assert read is not None and read.identity == head.identity


def test_a_field_without_a_tower_says_so():
    with pytest.raises(WeightsError, match="names no text tower"):
        load_text_tower_of(field_of(None))


@pytest.mark.parametrize(
    "file",
    ["text-none.safetensors", "../text-x.safetensors", "/etc/passwd", "text-x.safetensors/.."],
)
def test_a_tower_that_is_not_here_names_the_command_that_gets_it(file):
    with pytest.raises(WeightsError, match="lexel weights get text/tiny/random"):
        load_text_tower_of(field_of(NamedTower(file, "0" * 64)))


def test_a_tower_of_other_weights_is_not_taken(encoder):
    tower = store_text_tower(encoder)
    with pytest.raises(WeightsError, match="not on this computer"):
        load_text_tower_of(field_of(dataclasses.replace(tower, sha256="0" * 64)))


def test_towers_are_listed_and_verified(encoder):
    tower = store_text_tower(encoder)
    lines = [line for line in list_weights() if line.present]
    assert [(line.name, line.path) for line in lines] == [("text/tiny/random", path_of(tower))]
    assert [verdict.sound for verdict in verify()] == [True]


def test_a_file_from_another_computer_is_taken_in(encoder, tmp_path):
    tower = store_text_tower(encoder)
    brought = shutil.move(path_of(tower), tmp_path / "brought.safetensors")
    got = CliRunner().invoke(app, ["get", "text/tiny/random", "--from", str(brought), "--json"])
    assert json.loads(got.stdout)["files"] == [str(path_of(tower))]
    assert load_text_tower_of(field_of(tower)).settings.name == "tiny"


def test_a_file_that_is_none_is_not_taken_in(tmp_path):
    (tmp_path / "x.safetensors").write_bytes(b"?" * 100)
    with pytest.raises(WeightsError, match="no safetensors file"):
        fetch("text/tiny/random", tmp_path / "x.safetensors")
    assert not (cache_folder() / "text").exists()
