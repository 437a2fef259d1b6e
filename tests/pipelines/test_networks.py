"""Checkpoints from disk: published layout, wrong task, damage and malice."""

from __future__ import annotations

import os
import pickle
import shutil
from pathlib import Path

import pytest
import torch

from lexel.completion.networks import (
    ClipSpatialVOOL,
    SemAbs3D,
    SemAbsVOOL,
    SemanticAwareOVSSC,
    SemanticAwareVOOL,
)
from lexel.encoders.weights import fetch
from lexel.encoders.weights.embedded import package_network
from lexel.errors import InputError, WeightsError
from lexel.pipelines.networks import load_ovssc, load_vool
from lexel.training.export import export_network
from tests.completion.small import small_network
from tests.pipelines.tiny import write_checkpoint


class Hostile:
    """Makes a file when it is unpickled."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self):
        return os.mkdir, (str(self.trace),)


@pytest.mark.parametrize("kind", [SemAbs3D, SemanticAwareOVSSC])
def test_completion_networks(tmp_path, kind):
    network = small_network(kind)
    loaded = load_ovssc(str(write_checkpoint(tmp_path / "net", network)))
    assert type(loaded.network) is kind
    assert not loaded.untrained
    assert loaded.identity["class"] == kind.__name__
    assert len(loaded.identity["sha256"]) == 64
    for key, tensor in network.state_dict().items():
        assert torch.equal(loaded.network.state_dict()[key], tensor), key


@pytest.mark.parametrize("kind", [SemAbsVOOL, SemanticAwareVOOL, ClipSpatialVOOL])
def test_localisation_networks(tmp_path, kind):
    folder = write_checkpoint(tmp_path / "net", small_network(kind))
    assert type(load_vool(str(folder / "latest.pth")).network) is kind


def test_the_network_of_the_other_task_is_refused(tmp_path):
    ovssc = write_checkpoint(tmp_path / "ovssc", small_network(SemAbs3D))
    vool = write_checkpoint(tmp_path / "vool", small_network(SemAbsVOOL))
    with pytest.raises(WeightsError, match=r"not a network for localisation.*SemAbs3D"):
        load_vool(str(ovssc))
    with pytest.raises(WeightsError, match=r"not a network for completion.*SemAbsVOOL"):
        load_ovssc(str(vool))


def test_results_tell_the_file_s_name_and_no_path(tmp_path):
    folder = write_checkpoint(tmp_path / "net", small_network(SemAbs3D))
    assert load_ovssc(str(folder)).identity["weights"] == "latest.pth"


@pytest.mark.parametrize(
    ("args", "told"), [("semaware", "semaware"), ("mine", None), (["ours"], None), (None, None)]
)
def test_the_approach_of_a_path_is_what_its_arguments_tell(tmp_path, args, told):
    folder = write_checkpoint(tmp_path / "net", small_network(SemAbs3D), approach=args)
    assert load_ovssc(str(folder), "chefer_et_al").identity["approach"] == told


def test_a_file_is_meant_by_its_path_whatever_lies_beside_it(tmp_path):
    folder = write_checkpoint(tmp_path / "net", small_network(SemAbs3D))
    shutil.copy(folder / "latest.pth", folder / "ckpt_5.pth")
    loaded = load_ovssc(str(folder / "ckpt_5.pth"))
    assert loaded.identity["weights"] == "ckpt_5.pth"


class TestUntrained:
    def test_networks_say_so(self):
        loaded = load_ovssc("untrained", seed=3)
        assert loaded.untrained
        assert loaded.identity["sha256"] == ""

    @pytest.mark.parametrize(
        ("load", "approach", "kind"),
        [
            (load_ovssc, "ours", SemAbs3D),
            (load_ovssc, "chefer_et_al", SemAbs3D),
            (load_ovssc, "semaware", SemanticAwareOVSSC),
            (load_vool, "ours", SemAbsVOOL),
            (load_vool, "chefer_et_al", SemAbsVOOL),
            (load_vool, "semaware", SemanticAwareVOOL),
            (load_vool, "clipspatial", ClipSpatialVOOL),
        ],
    )
    def test_the_approach_decides_the_network(self, load, approach, kind):
        loaded = load("untrained", approach)
        assert type(loaded.network) is kind
        assert loaded.identity["approach"] == approach
        preset = "chefer_et_al" if approach == "chefer_et_al" else "ours"
        assert loaded.network.config.saliency_config == preset
        inputs = ("rgb",) if approach == "semaware" else ("saliency",)
        assert loaded.network.config.network_inputs == inputs


@pytest.mark.parametrize("weights", ["untrained", None, "embedded", "folder"])
def test_an_unknown_approach_lists_the_known(weights):
    with pytest.raises(InputError, match=r"no such approach.*ours, chefer_et_al, semaware\."):
        load_ovssc(weights, "nonsense")
    with pytest.raises(InputError, match=r"no such approach.*clipspatial"):
        load_vool(weights, "nonsense")


class TestStored:
    """Checkpoints in the cache are held to their records."""

    @pytest.fixture
    def folder(self, tmp_path, monkeypatch):
        monkeypatch.setenv("LEXEL_CACHE", str(tmp_path / "cache"))
        fetch("semabs/ours/ovssc", write_checkpoint(tmp_path / "net", small_network(SemAbs3D)))
        return tmp_path / "cache" / "semabs" / "ours" / "ovssc"

    def test_what_was_fetched_is_loaded(self, folder):
        identity = load_ovssc().identity
        assert (identity["approach"], identity["weights"]) == ("ours", "latest.pth")

    @pytest.mark.parametrize("name", ["latest.pth", "args.pkl"])
    def test_what_has_changed_since_is_not(self, folder, name):
        change = {
            "latest.pth": small_network(SemAbs3D, seed=1),
            "args.pkl": small_network(SemAbs3D),
        }
        other = write_checkpoint(folder / "other", change[name], lr=2e-3)
        assert (other / name).stat().st_size == (folder / name).stat().st_size
        shutil.copy(other / name, folder / name)
        with pytest.raises(
            WeightsError, match=r"not what was fetched.*weights get semabs/ours/ovssc"
        ):
            load_ovssc()


def test_a_network_that_the_package_has_not_is_told():
    with pytest.raises(WeightsError, match=r"no embedded weights.*weights get semabs/ours/other"):
        package_network("other")


def test_weights_of_our_own_training(tmp_path):
    network = small_network(SemAbsVOOL)
    file = tmp_path / "vool-ours.safetensors"
    export_network(network, file, "vool", "ours", {"steps": 3})
    loaded = load_vool(str(file))
    assert loaded.network.config == network.config
    assert loaded.identity["weights"] == file.name and len(loaded.identity["sha256"]) == 64
    for key, tensor in network.state_dict().items():
        if not key.endswith("steps"):
            assert torch.equal(loaded.network.state_dict()[key], tensor.half().float()), key
    with pytest.raises(WeightsError, match="not a network for completion"):
        load_ovssc(str(file))
    file.write_bytes(file.read_bytes()[:100])
    with pytest.raises(WeightsError, match=r"no weights that Lexel wrote.*lexel train"):
        load_vool(str(file))


class TestDamageAndMalice:
    @pytest.fixture
    def folder(self, tmp_path):
        return write_checkpoint(tmp_path / "net", small_network(SemAbs3D))

    def refuse(self, folder, sentence):
        with pytest.raises(WeightsError, match=sentence) as refused:
            load_ovssc(str(folder))
        assert "\n" not in str(refused.value)

    def test_a_hostile_checkpoint_is_not_run(self, folder, tmp_path):
        trace = tmp_path / "trace"
        content = torch.load(folder / "latest.pth", weights_only=True)
        torch.save({**content, "epochs": Hostile(trace)}, folder / "latest.pth")
        self.refuse(folder, "not loaded")
        assert not trace.exists()

    def test_hostile_arguments_are_not_run(self, folder, tmp_path):
        trace = tmp_path / "trace"
        (folder / "args.pkl").write_bytes(pickle.dumps(Hostile(trace)))
        self.refuse(folder, "not plain data.*Nothing was executed")
        assert not trace.exists()

    @pytest.mark.parametrize(
        "content", [b"", b"args", b"\x80\x04.", pickle.dumps([1]), b"\x00" * 99], ids=repr
    )
    def test_garbage_for_arguments(self, folder, content):
        (folder / "args.pkl").write_bytes(content)
        self.refuse(folder, "args.pkl")

    @pytest.mark.parametrize("cut", [0, 1, 50, 5000])
    def test_a_checkpoint_cut_short(self, folder, cut):
        file = folder / "latest.pth"
        file.write_bytes(file.read_bytes()[:cut])
        self.refuse(folder, "latest.pth")

    def test_missing_arguments(self, folder):
        (folder / "args.pkl").unlink()
        self.refuse(folder, r"no checkpoint here: args\.pkl beside a \.pth")
