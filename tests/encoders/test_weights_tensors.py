"""Only tensors are ever read from a weights file; nothing in it runs."""

from __future__ import annotations

import argparse
import os
import pickle
import warnings
import zipfile
from pathlib import Path

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.torch import save_file

from lexel.encoders.weights import load_tensors
from lexel.errors import InputError, WeightsError

WEIGHTS = {"visual.proj": torch.arange(12.0).reshape(3, 4), "logit_scale": torch.tensor(4.6)}


class Hostile:
    """Creates a file when it is unpickled."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self):
        return os.mkdir, (str(self.trace),)


def script(path: Path) -> Path:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch.jit is on its way out, its files are not
        torch.jit.save(torch.jit.script(torch.nn.Linear(2, 2)), str(path))
    return path


@pytest.mark.parametrize("wrapper", [None, "net", "state_dict"])
@pytest.mark.parametrize("zipped", [True, False])
def test_torch_files_give_their_tensors(tmp_path, wrapper, zipped):
    whole = {wrapper: WEIGHTS, "optimizer": {"state": {}}, "epochs": 3} if wrapper else WEIGHTS
    path = tmp_path / "w.pth"
    torch.save(whole, path, _use_new_zipfile_serialization=zipped)
    assert_same(load_tensors(path))


@pytest.mark.parametrize("name", ["w.safetensors", "named_wrongly.bin"])
def test_safetensors_give_their_tensors_whatever_the_suffix(tmp_path, name):
    save_file(WEIGHTS, tmp_path / name)
    assert_same(load_tensors(tmp_path / name))


def test_prefixes_are_left_to_the_caller(tmp_path):
    torch.save({"net": {"module.a": torch.ones(2)}}, tmp_path / "w.pth")
    assert list(load_tensors(tmp_path / "w.pth")) == ["module.a"]


@pytest.mark.parametrize("zipped", [True, False])
def test_a_hostile_file_is_refused_and_not_run(tmp_path, zipped):
    path, trace = tmp_path / "w.pth", tmp_path / "trace"
    whole = {"net": WEIGHTS, "extra": Hostile(trace)}
    torch.save(whole, path, _use_new_zipfile_serialization=zipped)
    with pytest.raises(WeightsError, match="not loaded") as caught:
        load_tensors(path)
    assert not trace.exists()
    assert "weights_only=False" not in str(caught.value)


def test_a_bare_hostile_pickle_is_no_weights_file(tmp_path):
    path, trace = tmp_path / "w.pth", tmp_path / "trace"
    path.write_bytes(pickle.dumps(Hostile(trace)))
    with pytest.raises(WeightsError, match="no weights file"):
        load_tensors(path)
    assert not trace.exists()


def test_objects_other_than_tensors_are_refused(tmp_path):
    torch.save({"net": WEIGHTS, "args": argparse.Namespace()}, tmp_path / "w.pth")
    with pytest.raises(WeightsError, match="Namespace"):
        load_tensors(tmp_path / "w.pth")


def test_torchscript_is_refused_with_the_name_of_the_same_weights(tmp_path):
    with pytest.raises(WeightsError, match="lexel weights get ViT-L-14-336/openai"):
        load_tensors(script(tmp_path / "ViT-L-14-336px.pt"))
    with pytest.raises(WeightsError, match="program"):
        load_tensors(script(tmp_path / "somebody's.bin"))


def test_a_tensor_cannot_claim_more_memory_than_the_file(tmp_path):
    torch.save({"a": torch.ones(1).expand(10**12)}, tmp_path / "w.pth")
    with pytest.raises(WeightsError, match="claims more"):
        load_tensors(tmp_path / "w.pth")


def test_a_compressed_container_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "w.pth", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("w/data.pkl", bytes(1000))
    with pytest.raises(WeightsError, match="compressed"):
        load_tensors(tmp_path / "w.pth")


@pytest.mark.parametrize("body", [b"", b"PK", b"\x80\x02}", b"garbage" * 99, b"\xff" * 8 + b"{"])
def test_garbage_is_refused(tmp_path, body):
    (tmp_path / "w.safetensors").write_bytes(body)
    with pytest.raises(WeightsError):
        load_tensors(tmp_path / "w.safetensors")


def test_a_file_without_tensors_is_refused(tmp_path):
    torch.save({"epochs": 1}, tmp_path / "w.pth")
    with pytest.raises(WeightsError, match="no tensors"):
        load_tensors(tmp_path / "w.pth")


def test_a_missing_file_is_a_sentence(tmp_path):
    with pytest.raises(WeightsError, match="cannot be read"):
        load_tensors(tmp_path / "w.pth")


@pytest.mark.parametrize("kind", ["zip", "legacy", "safetensors"])
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_mutated_files_give_tensors_or_a_sentence(tmp_path, kind, data):
    path = tmp_path / f"{kind}.bin"
    if kind == "safetensors":
        save_file(WEIGHTS, path)
    else:
        torch.save({"net": WEIGHTS}, path, _use_new_zipfile_serialization=kind == "zip")
    body = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(0, 4))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(bytes(body[: data.draw(st.integers(0, len(body)))]))
    try:
        tensors = load_tensors(path)
    except InputError as error:
        assert str(path) in str(error)
    else:
        assert all(isinstance(tensor, torch.Tensor) for tensor in tensors.values())


def assert_same(tensors: dict[str, torch.Tensor]) -> None:
    assert tensors.keys() == WEIGHTS.keys()
    assert all(torch.equal(tensors[name], WEIGHTS[name]) for name in WEIGHTS)
