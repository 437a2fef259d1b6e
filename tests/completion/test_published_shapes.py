"""The five networks have the published tensors, by name and shape (`shared/spec`)."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
import torch

from lexel.completion.config import NetworkConfig
from lexel.completion.networks import (
    ClipSpatialVOOL,
    SemAbs3D,
    SemAbsVOOL,
    SemanticAwareOVSSC,
    SemanticAwareVOOL,
)

ROOT = Path(__file__).resolve().parents[2]
NUM_PARAMETERS = {
    SemAbs3D: 35_403_969,
    SemAbsVOOL: 35_407_633,
    SemanticAwareOVSSC: 35_412_912,
    SemanticAwareVOOL: 35_478_656,
    ClipSpatialVOOL: 35_404_258,
}


@pytest.fixture(scope="module")
def spec() -> Path:
    """The folder of the specification (`LEXEL_SPEC`)."""
    folder = Path(os.environ.get("LEXEL_SPEC", ROOT.parent / "shared" / "spec"))
    if not folder.is_dir():
        pytest.skip(f"{folder} is not there: set LEXEL_SPEC to a folder that is")
    return folder


def full_size(kind: Any) -> Any:
    with torch.device("meta"):  # shapes without memory
        return kind(NetworkConfig())


@pytest.mark.parametrize("kind", NUM_PARAMETERS)
def test_state_dict(spec: Path, kind: Any) -> None:
    file = spec / f"state_dict_keys_{kind.__name__}.json"
    published = json.loads(file.read_text(encoding="utf-8"))["state_dict"]
    ours = {key: list(tensor.shape) for key, tensor in full_size(kind).state_dict().items()}
    assert ours == published


@pytest.mark.parametrize("kind", NUM_PARAMETERS)
def test_parameters_come_in_the_published_order(spec: Path, kind: Any) -> None:
    """Optimizer states number them."""
    file = spec / f"state_dict_keys_{kind.__name__}.json"
    published = json.loads(file.read_text(encoding="utf-8"))["param_order"]
    assert [name for name, _ in full_size(kind).named_parameters()] == published


@pytest.mark.parametrize(("kind", "number"), NUM_PARAMETERS.items())
def test_number_of_parameters(kind: Any, number: int) -> None:
    assert sum(parameter.numel() for parameter in full_size(kind).parameters()) == number
