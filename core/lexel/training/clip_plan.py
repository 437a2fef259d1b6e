"""What a training of an image-text model is asked to do."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from lexel.errors import InputError
from lexel.training.captions import Caption

PRECISIONS = ("auto", "float32", "bf16", "fp16")
_NOT_OF_THE_WEIGHTS = ("epochs",)  # a training may be made longer


@dataclass(frozen=True)
class ClipPlan:
    """Everything a training depends on besides its data and its first weights.

    Attributes:
        epochs: passes over all captions.
        batch: pairs in a step.
        image_lr, text_lr, head_lr: learning rates of the towers, and of the projections and the
            temperature; 0 leaves that part as it is.
        weight_decay: of the projections.
        patience, factor: after so many epochs without a lower validation loss every rate is
            multiplied by `factor`.
        share: of the images, for validation.
        precision: `float32`, `bf16`, `fp16`, or `auto` (`fp16` on a GPU, else `float32`).
        seed: of the split, the order, the crops and random weights.
    """

    epochs: int = 4
    batch: int = 32
    image_lr: float = 1e-4
    text_lr: float = 1e-5
    head_lr: float = 1e-3
    weight_decay: float = 1e-3
    patience: int = 1
    factor: float = 0.8
    share: float = 0.2
    precision: str = "auto"
    seed: int = 0


@dataclass(frozen=True)
class Rhythm:
    """How a training runs; nothing here changes the weights.

    Attributes:
        save: steps between checkpoints within an epoch; its end is always one.
        workers: threads that read images.
        tensorboard: also log for TensorBoard.
    """

    save: int = 1000
    workers: int = 2
    tensorboard: bool = False


def check_plan(plan: ClipPlan) -> None:
    """An `InputError` when the plan cannot be carried out."""
    rates = (plan.image_lr, plan.text_lr, plan.head_lr)
    if not all(math.isfinite(r) and r >= 0 for r in (*rates, plan.weight_decay)):
        raise InputError("rates and weight decay must be 0 or more", got=rates)
    if max(rates) == 0:
        raise InputError("every learning rate is 0: nothing would be learned")
    if plan.epochs < 1 or plan.batch < 2 or plan.patience < 0:
        raise InputError(
            "at least 1 epoch, 2 pairs a batch and a patience of 0 are needed",
            got=(plan.epochs, plan.batch, plan.patience),
        )
    if not 0 < plan.factor < 1:
        raise InputError("the factor of the rates must lie between 0 and 1", got=plan.factor)
    if plan.precision not in PRECISIONS:
        raise InputError(
            "there is no such precision", got=plan.precision, do=f"Choose of {PRECISIONS}."
        )


def resolve_precision(precision: str, device: str) -> str:
    """What `auto` means on this device."""
    if precision != "auto":
        return precision
    return "fp16" if device.startswith("cuda") else "float32"


def settings_of(plan: ClipPlan, captions: Sequence[Caption], model: str) -> dict[str, Any]:
    """What a training may only be continued with: plan, table and model, as JSON gives it back."""
    digest = hashlib.sha256()
    for caption in captions:
        digest.update(repr((caption.image, caption.text, caption.group)).encode())
    kept = {k: v for k, v in asdict(plan).items() if k not in _NOT_OF_THE_WEIGHTS}
    return {**kept, "captions": digest.hexdigest(), "model": model}
