"""What the process of a job does, here without one."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from lexel.errors import InputError
from lexel.io.samples import sample_scene
from lexel.progress import Silent
from lexel.service.job_work import do
from lexel.service.orders import from_json, read_order, to_json
from tests.cli.conftest import make_small


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return make_small(tmp_path_factory.mktemp("small"))


@pytest.mark.parametrize(
    ("kind", "network", "words"),
    [
        ("complete", "ovssc", {"labels": ["mug", "table"]}),
        ("locate", "vool", {"descriptions": ["the mug on the table"]}),
    ],
)
def test_views_are_completed_and_searched(small, tmp_path, kind, network, words):
    told = {
        "scene": str(small / "room"),
        "out": str(tmp_path),
        "encoder": str(small / "encoder.safetensors"),
        "weights": str(small / network),
        **words,
    }
    result = do(read_order(kind, told), Silent())
    ((_, asked),) = words.items()
    labels = json.loads((Path(result["folder"]) / "labels" / "labels.json").read_text())
    assert len(result["found"]) == len(labels) == len(asked)
    assert json.loads(json.dumps(result)) == result


def test_orders_survive_the_way_to_the_process():
    told = {"upload": "a", "labels": ["x"], "voxel_size_m": 0.05, "seed": 3, "weights": "embedded"}
    for kind, arguments in (
        ("build", told),
        ("locate", {"scene": str(Path.cwd()), "out": str(Path.home()), "view": 2}),
    ):
        order = read_order(kind, arguments)
        back = from_json(json.loads(json.dumps(to_json(order))))
        assert json.dumps(asdict(back)) == json.dumps(asdict(order))


def test_what_is_wrong_is_said(tmp_path):
    told = {"scene": str(tmp_path / "nothing"), "out": str(tmp_path / "a.lexel")}
    with pytest.raises(InputError, match="does not exist"):
        do(read_order("build", told), Silent())


def test_a_process_whose_service_is_gone_stops(tmp_path):
    told = {
        "scene": str(sample_scene("scan")),
        "out": str(tmp_path / "a.lexel"),
        "weights": "embedded",
    }
    line = json.dumps(to_json(read_order("build", told))).encode() + b"\n"
    command = [sys.executable, "-m", "lexel.service.job_process"]
    done = subprocess.run(command, input=line, capture_output=True, timeout=120, check=True)
    assert b"result" not in done.stdout
    assert b"Traceback" not in done.stderr
    assert not (tmp_path / "a.lexel").exists()
