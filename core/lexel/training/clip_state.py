"""The state of an image-text training in one file: whole or not there, and no pickle.

Tensors are the model's and the optimiser's; the rest is JSON in the file's metadata.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.amp.grad_scaler import GradScaler
from torch.optim.lr_scheduler import ReduceLROnPlateau

from lexel.errors import InputError
from lexel.io.atomic import replacing_file

CHECKPOINT_NAME = "checkpoint.safetensors"
_MODEL = "model."
_MOMENTS = ("step", "exp_avg", "exp_avg_sq")
_FORMAT = 1


@dataclass
class Course:
    """How far a training has come.

    Attributes:
        step: steps done.
        best_loss: lowest validation loss, None before the first.
        best_epoch: epochs done when it was reached.
        loss_sum, pairs: of the epoch under way.
    """

    step: int = 0
    best_loss: float | None = None
    best_epoch: int = 0
    loss_sum: float = 0.0
    pairs: int = 0


@dataclass
class Learner:
    """The parts of a training that change as it goes on."""

    model: nn.Module
    optimiser: torch.optim.AdamW
    plateau: ReduceLROnPlateau
    scaler: GradScaler
    course: Course = field(default_factory=Course)


def save_learner(file: Path, learner: Learner, settings: Mapping[str, Any]) -> None:
    """Write the state over the one before, at once."""
    tensors = {f"{_MODEL}{k}": v for k, v in learner.model.state_dict().items()}
    for name, parameter in learner.model.named_parameters():
        for moment, tensor in learner.optimiser.state.get(parameter, {}).items():
            tensors[f"{moment}.{name}"] = tensor
    told = {
        "format": _FORMAT,
        "settings": dict(settings),
        "course": vars(learner.course),
        "rates": [group["lr"] for group in learner.optimiser.param_groups],
        "plateau": learner.plateau.state_dict(),
        "scaler": learner.scaler.state_dict(),
    }
    stored = {k: v.detach().cpu().contiguous() for k, v in tensors.items()}
    with replacing_file(file) as temporary:
        save_file(stored, temporary, {"lexel": json.dumps(told)})


def load_learner(file: Path, learner: Learner, settings: Mapping[str, Any]) -> None:
    """Bring a new learner to the state in `file`.

    Raises:
        InputError: the file is damaged, or of a training with other settings, data or model.
    """
    told, tensors = _read(file)
    before = told["settings"]
    others = [k for k in {**before, **settings} if before.get(k) != settings.get(k)]
    if others:
        raise InputError(
            f"the training was begun with another {others[0]}",
            where=file,
            got=settings.get(others[0]),
            do="Give an empty folder, or what it was begun with.",
        )
    try:
        _restore(learner, told, tensors)
    except (KeyError, RuntimeError, TypeError, ValueError) as error:
        raise _damaged(file, error) from error


def _restore(learner: Learner, told: Mapping[str, Any], tensors: Mapping[str, Tensor]) -> None:
    model, optimiser = learner.model, learner.optimiser
    model.load_state_dict({k: tensors[f"{_MODEL}{k}"] for k in model.state_dict()})
    for name, parameter in model.named_parameters():
        if f"{_MOMENTS[0]}.{name}" in tensors:
            # AdamW keeps its count of steps on the CPU.
            optimiser.state[parameter] = {
                m: tensors[f"{m}.{name}"].to("cpu" if m == "step" else parameter.device, copy=True)
                for m in _MOMENTS
            }
    for group, rate in zip(optimiser.param_groups, told["rates"], strict=True):
        group["lr"] = float(rate)
    learner.plateau.load_state_dict(told["plateau"])
    if told["scaler"]:
        learner.scaler.load_state_dict(told["scaler"])
    learner.course = Course(**told["course"])


def _read(file: Path) -> tuple[dict[str, Any], dict[str, Tensor]]:
    try:
        with safe_open(file, framework="pt") as opened:
            told = json.loads((opened.metadata() or {})["lexel"])
            tensors = {key: opened.get_tensor(key) for key in opened.keys()}  # noqa: SIM118
        if told["format"] != _FORMAT or not isinstance(told["settings"], dict):
            raise ValueError("unknown format")
    except (SafetensorError, OSError, KeyError, TypeError, ValueError) as error:
        raise _damaged(file, error) from error
    return told, tensors


def _damaged(file: Path, error: Exception) -> InputError:
    return InputError(
        "the checkpoint is damaged",
        where=file,
        got=error,
        do="Delete it to begin the training again.",
    )
