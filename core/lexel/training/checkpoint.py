"""The state of a training in one file: whole or not there, and no pickle.

Tensors are the network's and the optimiser's moments; the rest is JSON in the file's metadata.
Samples depend on seed and step alone, so the step *is* the state of all random numbers.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.optim import Optimizer

from lexel.errors import InputError
from lexel.io.atomic import replacing_file

CHECKPOINT_NAME = "checkpoint.safetensors"
_MOMENTS = ("step", "exp_avg", "exp_avg_sq")  # AdamW counts steps by parameter, LAMB does not
_FORMAT = 1


def save_training(
    file: Path, network: nn.Module, optimiser: Optimizer, step: int, settings: Mapping[str, Any]
) -> None:
    """Write the state after `step` steps over the one before, at once."""
    tensors = {f"network.{k}": v.detach().cpu().contiguous() for k, v in _state(network).items()}
    for name, parameter in network.named_parameters():
        for moment, tensor in optimiser.state.get(parameter, {}).items():
            tensors[f"{moment}.{name}"] = tensor.detach().cpu().contiguous()
    told = {"format": _FORMAT, "step": step, "settings": dict(settings)}
    with replacing_file(file) as temporary:
        save_file(tensors, temporary, {"lexel": json.dumps(told)})


def load_training(
    file: Path, network: nn.Module, optimiser: Optimizer, settings: Mapping[str, Any]
) -> int:
    """Bring network and optimiser to the state in `file`: how many steps were done.

    Raises:
        InputError: the file is damaged, or of a training with other settings.
    """
    told, tensors = _read(file)
    others = [k for k, v in settings.items() if told["settings"].get(k) != v]
    if others:
        raise InputError(
            f"the training was begun with another {others[0]}",
            where=file,
            got=told["settings"].get(others[0]),
            do="Give an empty folder, or the options it was begun with.",
        )
    try:
        network.load_state_dict({k: tensors[f"network.{k}"] for k in _state(network)})
    except (KeyError, RuntimeError) as error:
        raise InputError("the checkpoint is of another network", where=file, got=error) from error
    for name, parameter in network.named_parameters():
        moments = {m: tensors[f"{m}.{name}"] for m in _MOMENTS if f"{m}.{name}" in tensors}
        if moments:
            optimiser.state[parameter] = {
                # AdamW keeps its count on the CPU.
                m: t.to("cpu" if m == "step" else parameter.device, copy=True)
                for m, t in moments.items()
            }
    return int(told["step"])


def steps_done(file: Path) -> int:
    """How many steps a checkpoint holds; 0 where there is none."""
    return int(_read(file)[0]["step"]) if file.exists() else 0


def _state(network: nn.Module) -> dict[str, Tensor]:
    return dict(network.state_dict())


def _read(file: Path) -> tuple[dict[str, Any], dict[str, Tensor]]:
    try:
        with safe_open(file, framework="pt") as opened:
            told = json.loads((opened.metadata() or {})["lexel"])
            tensors = {key: opened.get_tensor(key) for key in opened.keys()}  # noqa: SIM118
        if told["format"] != _FORMAT or not isinstance(told["settings"], dict):
            raise ValueError("unknown format")
    except (SafetensorError, OSError, KeyError, TypeError, ValueError) as error:
        raise InputError(
            "the checkpoint is damaged",
            where=file,
            got=error,
            do="Delete it to begin the training again.",
        ) from error
    return told, tensors
