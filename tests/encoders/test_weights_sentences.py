"""Sentence models into the cache: from a server, in one piece or several, and from a folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lexel.cli.weights import app
from lexel.encoders.sentence import load_sentence_encoder
from lexel.encoders.weights import cache_folder, fetch, list_weights, verify
from lexel.encoders.weights.download import Patience
from lexel.encoders.weights.sentence_models import FILES, WEIGHTS, find_sentence_model
from lexel.errors import CancelledError, WeightsError
from lexel.io.hashing import sha256_of
from tests.encoders.tiny_sentences import WIDTH, write_sentence_model
from tests.encoders.weights_server import Served, digest

pytestmark = pytest.mark.usefixtures("cache")

NAME, MODEL = "sentence/all-MiniLM-L6-v2", "all-MiniLM-L6-v2"
QUICK = Patience(attempts=2, timeout_s=5, sleep=lambda _: None)


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_sentence_model(tmp_path_factory.mktemp("served") / "tiny")


@pytest.fixture
def hub(server, model, monkeypatch):
    """The server in the place of the hub; of small files it announces no sha256, as the hub."""
    monkeypatch.setenv("HF_ENDPOINT", server.url)
    for file in FILES:
        server.files[address(file)] = Served((model / file).read_bytes(), etag='"0123abcd"')
    body = (model / WEIGHTS).read_bytes()
    server.files[address(WEIGHTS)] = Served(body, etag=f'"{digest(body)}"')
    return server


def address(file: str) -> str:
    return f"/sentence-transformers/{MODEL}/resolve/main/{file}"


def test_one_command_gets_all_that_loading_needs(hub, model):
    got = CliRunner().invoke(app, ["get", NAME, "--json"])
    files = [Path(file) for file in json.loads(got.stdout)["files"]]
    assert files == [cache_folder() / "sentence" / MODEL / file for file in FILES]
    identity = load_sentence_encoder(MODEL).identity
    assert (identity.name, identity.dim) == (MODEL, WIDTH)
    assert identity.sha256 == sha256_of(model / WEIGHTS)


def test_a_second_get_does_not_ask_the_server(hub):
    fetch(NAME)
    asked = len(hub.seen)
    fetch(NAME)
    assert len(hub.seen) == asked


def test_a_broken_download_goes_on_and_is_no_model_before(hub):
    weights = hub.files[address(WEIGHTS)]
    weights.drop_after, weights.drops = 1000, 1

    def lose_patience(_: float) -> None:
        raise CancelledError

    with pytest.raises(CancelledError):
        fetch(NAME, patience=Patience(timeout_s=5, sleep=lose_patience))
    with pytest.raises(WeightsError, match=f"lexel weights get {NAME}"):
        find_sentence_model(MODEL)
    fetch(NAME, patience=QUICK)
    assert weights.asked[-1] == "bytes=1000-"
    assert find_sentence_model(MODEL) == cache_folder() / "sentence" / MODEL


def test_wrong_bytes_are_refused(hub):
    hub.files[address(WEIGHTS)].body = b"?" * 100
    with pytest.raises(WeightsError, match="sha256"):
        fetch(NAME, patience=QUICK)
    hub.files[address("config.json")].body = b"<html>"
    with pytest.raises(WeightsError, match="no JSON"):
        fetch(NAME, patience=QUICK)
    assert not any(line.present for line in list_weights())


def test_the_user_s_wish_to_stay_offline_is_kept(hub, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(WeightsError, match="HF_HUB_OFFLINE"):
        fetch(NAME)
    assert hub.seen == []


def test_another_address_serves_the_same_files(server, model):
    for file in FILES:
        server.files[f"/mirror/{file}"] = Served((model / file).read_bytes())
    fetch(NAME, server.url + "/mirror/", sha256=sha256_of(model / WEIGHTS))
    assert load_sentence_encoder(MODEL).identity.dim == WIDTH


def test_a_folder_is_copied_and_checked(model, tmp_path):
    with pytest.raises(WeightsError, match="another sha256"):
        fetch(NAME, model, sha256="0" * 64)
    with pytest.raises(WeightsError, match="not on this computer"):
        find_sentence_model(MODEL)
    fetch(NAME, model)
    assert all(verdict.sound for verdict in verify())
    (tmp_path / "empty").mkdir()
    with pytest.raises(WeightsError, match="is missing"):
        fetch(NAME, tmp_path / "empty")


def test_a_model_is_one_line_of_the_list(hub):
    lines = {line.name: line for line in list_weights()}
    assert not lines[NAME].present
    assert lines[NAME].source == hub.url + address("")[:-1]
    fetch(NAME)
    [line] = [line for line in list_weights() if line.name == NAME]
    assert line.present
    assert line.path == cache_folder() / "sentence" / MODEL / WEIGHTS


def test_a_changed_file_is_told(hub):
    paths = fetch(NAME)
    paths[0].write_bytes(paths[0].read_bytes() + b" ")
    assert [verdict.path for verdict in verify() if not verdict.sound] == [paths[0]]
    with pytest.raises(WeightsError, match=f"lexel weights get {NAME}"):
        find_sentence_model(MODEL)


def test_an_unknown_model_names_those_there_are():
    with pytest.raises(WeightsError, match="sentence/all-mpnet-base-v2"):
        fetch("sentence/nonsense")
