"""Networks of our own training: half-precision safetensors that say themselves what they are."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save_file

from lexel.completion.checkpoints import Network, network_from_tensors
from lexel.errors import WeightsError
from lexel.io.atomic import replacing_file

_KEY, _FORMAT = "lexel", 1
_STEPS = {"completion_net.steps", "steps"}


@dataclass(frozen=True, eq=False)
class EmbeddedNetwork:
    """A network ready to answer, and what its file says of it.

    Attributes:
        network: float32, without gradients.
        task, approach: what it was trained as.
        trained: how: the plan of the training.
    """

    network: Network
    task: str
    approach: str
    trained: Mapping[str, Any]


def metadata_of(
    kind: str, config: Mapping[str, Any], task: str, approach: str, trained: Mapping[str, Any]
) -> dict[str, str]:
    """The metadata that `embedded_network` reads."""
    told = {"format": _FORMAT, "class": kind, "task": task, "approach": approach}
    return {_KEY: json.dumps({**told, "config": dict(config), "trained": dict(trained)})}


def with_cutoff(file: Path, cutoff: float, out: Path) -> None:
    """Write the same weights with another `NetworkConfig.cutoff`.

    Raises:
        WeightsError: `file` holds no network of `lexel train`.
    """
    loaded = embedded_network(file)
    config = {**asdict(loaded.network.config), "cutoff": cutoff}
    kind = type(loaded.network).__name__
    metadata = metadata_of(kind, config, loaded.task, loaded.approach, loaded.trained)
    with replacing_file(out) as temporary:
        save_file(load_file(file), temporary, metadata)


def embedded_network(file: Path) -> EmbeddedNetwork:
    """The network in a file that `lexel train` wrote.

    Raises:
        WeightsError: the file is missing, damaged, or not of that kind.
    """
    try:
        with safe_open(file, framework="pt") as opened:
            told = json.loads((opened.metadata() or {})[_KEY])
            tensors = {key: opened.get_tensor(key) for key in opened.keys()}  # noqa: SIM118
        if told["format"] != _FORMAT:
            raise ValueError(f"format {told['format']}")
        config, task, approach = dict(told["config"]), str(told["task"]), str(told["approach"])
        kind, trained = str(told["class"]), dict(told["trained"])
    except (SafetensorError, OSError, KeyError, TypeError, ValueError) as error:
        raise WeightsError(
            "these are no weights that Lexel wrote",
            where=file,
            got=error,
            do="Give the .safetensors file that `lexel train` made.",
        ) from error
    # How many steps a training took is no part of the answer; published files count them here.
    steps = _STEPS if any(key.startswith("completion_net.") for key in tensors) else {"steps"}
    tensors |= {key: torch.zeros(1) for key in steps}
    network = network_from_tensors(tensors, config, file)
    if type(network).__name__ != kind:
        raise WeightsError("the weights are of another network than told", where=file, got=kind)
    return EmbeddedNetwork(network, task, approach, trained)
