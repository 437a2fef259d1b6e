"""`lexel weights`: tables, JSON, exit codes; and the self-test's honesty."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from lexel.cli.weights import app
from lexel.encoders.weights import fetch, selftest
from lexel.encoders.weights.architecture import recognise
from lexel.errors import WeightsError
from tests.encoders.test_weights_store import BODY, NAME, SAFE, checkpoint, info
from tests.encoders.weights_server import Served, digest, tar_lz4

pytestmark = pytest.mark.usefixtures("cache")


@pytest.fixture
def hub(server, monkeypatch):
    monkeypatch.setenv("HF_ENDPOINT", server.url)
    server.files[SAFE] = Served(BODY, etag=f'"{digest(BODY)}"')
    return server


def run(*arguments: str):
    return CliRunner().invoke(app, list(arguments))


def test_get_list_verify_round_trip(hub):
    got = run("get", NAME, "--json")
    assert got.exit_code == 0, got.output
    [path] = json.loads(got.stdout)["files"]
    lines = {line["name"]: line for line in json.loads(run("list", "--json").stdout)}
    assert lines[NAME]["present"]
    assert lines[NAME]["path"] == path
    assert not lines["semabs/ours/vool"]["present"]
    assert json.loads(run("verify", "--json").stdout)[0]["sound"]


def test_tables_show_names_and_states(hub):
    run("get", NAME)
    shown = run("list").stdout
    assert NAME in shown
    assert "not here" in shown
    assert "sound" in run("verify").stdout


def test_errors_reach_the_caller_with_exit_code_2(hub):
    hub.files.clear()
    error = run("get", NAME).exception
    assert isinstance(error, WeightsError)
    assert error.exit_code == 2
    assert isinstance(run("selftest").exception, WeightsError)


def test_damage_makes_verify_fail_after_showing_it(hub):
    [path] = json.loads(run("get", NAME, "--json").stdout)["files"]
    with open(path, "r+b") as file:  # noqa: PTH123
        file.write(b"?")
    result = run("verify")
    assert "DAMAGED" in result.stdout
    assert isinstance(result.exception, WeightsError)


def test_the_selftest_tells_wrong_weights_from_published_ones(hub):
    fetch(NAME)
    checks = {check.what: check for check in selftest(NAME)}
    assert checks["parameters"].passed is False
    assert checks["parameters"].expected == "151,277,313"
    assert checks["logit scale"].passed is True
    assert checks["loads"].passed is False
    assert all(check.basis for check in checks.values())


def test_the_selftest_counts_a_checkpoint_s_parameters(tmp_path):
    members = [
        (info("models/ours/vool/args.pkl"), b"args"),
        (info("models/ours/vool/vool.pth"), checkpoint()),
    ]
    (tmp_path / "m.tar.lz4").write_bytes(tar_lz4(members))
    fetch("semabs", tmp_path / "m.tar.lz4")
    checks = {check.what: check for check in selftest("semabs")}
    assert (checks["parameters"].expected, checks["parameters"].got) == ("35,407,633", "2")
    assert checks["all tensors"].passed is True


def test_architectures_are_recognised_by_their_shapes():
    assert recognise(vit(512, 768, 32, 7, 12, 512)) == "ViT-B-32"
    assert recognise(vit(512, 768, 16, 14, 12, 512)) == "ViT-B-16"
    assert recognise(vit(768, 1024, 14, 24 - 8, 24, 768)) == "ViT-L-14"
    assert recognise(vit(768, 1024, 14, 24, 24, 768, prefix="module.")) == "ViT-L-14-336"
    assert recognise(vit(64, 128, 8, 4, 12, 64)) is None
    assert recognise({}) is None


def vit(embed: int, width: int, patch: int, side: int, layers: int, text: int, prefix: str = ""):
    shapes = {
        "visual.conv1.weight": (width, 3, patch, patch),
        "visual.positional_embedding": (side * side + 1, width),
        "visual.proj": (width, embed),
        "token_embedding.weight": (49408, text),
    }
    shapes |= {f"visual.transformer.resblocks.{i}.ln_1.bias": (width,) for i in range(layers)}
    shapes |= {f"transformer.resblocks.{i}.ln_1.bias": (text,) for i in range(12)}
    return {prefix + name: shape for name, shape in shapes.items()}


@pytest.mark.parametrize("command", ["list", "get", "verify", "selftest"])
def test_every_command_has_help(command):
    assert run(command, "--help").exit_code == 0


def test_importing_the_store_and_its_commands_loads_no_torch():
    code = "import sys, lexel.encoders.weights, lexel.cli.weights; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
