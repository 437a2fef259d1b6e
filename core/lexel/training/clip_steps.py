"""One step of an image-text training, and its validation loss."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn
from torch.amp.grad_scaler import GradScaler
from torch.optim.lr_scheduler import ReduceLROnPlateau

from lexel.errors import LexelError
from lexel.training.clip_batches import Batch
from lexel.training.clip_loss import contrastive_loss
from lexel.training.clip_plan import ClipPlan
from lexel.training.clip_state import Learner
from lexel.training.clip_towers import HEADS, IMAGE, TEXT, parameter_groups

MAX_LOGIT_SCALE = math.log(100)  # as published: a steeper softmax made training unstable
_HALVES = {"fp16": torch.float16, "bf16": torch.bfloat16}
_SEEDS = 1 << 20  # steps of one seed before the next one's begin


def make_learner(model: nn.Module, plan: ClipPlan, device: str) -> Learner:
    """A training at its start; parts whose rate is 0 need no gradients."""
    rates = {IMAGE: plan.image_lr, TEXT: plan.text_lr, HEADS: plan.head_lr}
    groups = []
    for part, named in parameter_groups(model).items():
        for parameter in named.values():
            parameter.requires_grad_(rates[part] > 0)
        decay = plan.weight_decay if part == HEADS else 0.0
        groups.append({"params": list(named.values()), "lr": rates[part], "weight_decay": decay})
    optimiser = torch.optim.AdamW(groups)
    plateau = ReduceLROnPlateau(optimiser, factor=plan.factor, patience=plan.patience)
    scaler = GradScaler(torch.device(device).type, enabled=plan.precision == "fp16")
    return Learner(model, optimiser, plateau, scaler)


def train_step(learner: Learner, batch: Batch, plan: ClipPlan, device: str) -> float:
    """Move the weights once; the loss before.

    Raises:
        LexelError: the loss is no number.
    """
    model: Any = learner.model
    _set_mode(model)
    # What is drawn within towers (dropout) depends on the step alone, also after a restart.
    gpus = [torch.device(device)] if device.startswith("cuda") else []
    with torch.random.fork_rng(devices=gpus):
        torch.manual_seed(plan.seed * _SEEDS + learner.course.step)
        loss = _loss(model, batch, plan.precision, device)
    value = _checked(loss.item(), f"step {learner.course.step + 1}")
    learner.optimiser.zero_grad(set_to_none=True)
    learner.scaler.scale(loss).backward()
    learner.scaler.step(learner.optimiser)
    learner.scaler.update()
    with torch.no_grad():
        model.logit_scale.clamp_(0, MAX_LOGIT_SCALE)
    return value


@torch.no_grad()
def validation_loss(
    model: nn.Module, batches: Iterable[Batch], plan: ClipPlan, device: str
) -> float:
    """Mean over pairs; it depends on the batch size, as the loss does.

    Raises:
        LexelError: it is no number.
    """
    model.eval()
    total, pairs = 0.0, 0
    for batch in batches:
        total += _loss(model, batch, plan.precision, device).item() * len(batch.tokens)
        pairs += len(batch.tokens)
    return _checked(total / pairs, "validation")


def _checked(loss: float, where: str) -> float:
    if not math.isfinite(loss):
        raise LexelError(
            "the loss is no number any more",
            where=where,
            got=loss,
            do="Lower the learning rates and begin again in an empty folder.",
        )
    return loss


def _loss(model: Any, batch: Batch, precision: str, device: str) -> Tensor:
    images, tokens, right = (
        tensor.to(device, non_blocking=True) for tensor in (batch.images, batch.tokens, batch.right)
    )
    half = _HALVES.get(precision)
    with torch.autocast(torch.device(device).type, dtype=half, enabled=half is not None):
        image_features = model.encode_image(images, normalize=True)
        text_features = model.encode_text(tokens, normalize=True)
    return contrastive_loss(image_features, text_features, model.logit_scale.exp(), right)


def _set_mode(model: Any) -> None:
    """For training; an image tower that is kept also keeps its means of batches."""
    model.train()
    if not any(p.requires_grad for p in parameter_groups(model)[IMAGE].values()):
        model.visual.eval()
