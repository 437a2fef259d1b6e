"""The published checkpoints and arguments of the golden folder, loaded as users' own would be."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from lexel.completion.checkpoints import Network, network_from_tensors
from lexel.encoders.weights import load_tensors


def load_arrays(file: Path) -> dict[str, Any]:
    with np.load(file, allow_pickle=False) as arrays:
        return dict(arrays)


def small_args(golden: Path) -> dict[str, Any]:
    """Arguments of the small networks."""
    args: dict[str, Any] = json.loads(str(load_arrays(golden / "nets_small.npz")["args"]))
    return args


def small_network(golden: Path, name: str, **changes: object) -> Network:
    """`small_NAME.pth` as a network."""
    args: Mapping[str, Any] = {**small_args(golden), **changes}
    file = golden / f"small_{name}.pth"
    return network_from_tensors(load_tensors(file), args, file)
