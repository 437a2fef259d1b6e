"""Training of the completion networks: one loop for every task, approach and number of devices.

Source: Ha & Song, "Semantic Abstraction" (CoRL 2022), training recipe: LAMB, cosine schedule with
warm-up, gradients clipped to a norm of 2, binary cross-entropy.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from lexel.completion.checkpoints import Network
from lexel.completion.networks import CompletionNetwork
from lexel.errors import CancelledError, InputError
from lexel.io.json_files import write_json
from lexel.io.room_shards import load_room_views
from lexel.io.room_views import RoomView
from lexel.pipelines.room_questions import answer
from lexel.progress import Progress, Silent
from lexel.training.approaches import Approach, get_approach, network_config
from lexel.training.checkpoint import CHECKPOINT_NAME, load_training, save_training
from lexel.training.export import export_network
from lexel.training.lamb import Lamb
from lexel.training.log import LOG_NAME, MetricsLog
from lexel.training.losses import binary_cross_entropy
from lexel.training.parallel import Group, joined_group, local_device
from lexel.training.plan import Plan, Rhythm, check_plan, settings_of
from lexel.training.samples import TrainingSample, make_sample, usable
from lexel.training.schedule import learning_rate, tune_for_training

_COLUMNS = ("step", "loss", "validation_loss", "learning_rate", "gradient_norm", "seconds")
_CLIP_NORM = 2.0
_ORDER, _VALIDATION, _SAMPLE = range(3)  # streams of random numbers


def train(
    plan: Plan,
    datasets: Sequence[Path],
    out: Path,
    progress: Progress,
    *,
    validation: Path | None = None,
    device: str = "cpu",
    limit: int | None = None,
    rhythm: Rhythm = Rhythm(),
) -> Path:
    """Train, or go on where `out` was left; the finished weights' file.

    Args:
        plan: what to train.
        datasets: folders whose views are trained on.
        out: folder for checkpoint, log and weights.
        progress: told of every step; may cancel.
        validation: a dataset whose loss is reported.
        device: cpu or cuda; under `torchrun` each process takes its own GPU.
        limit: views read of each dataset.
        rhythm: when to report, save and validate.

    Raises:
        InputError: data or settings are unusable.
        WeightsError: no network has the sizes wanted.
    """
    approach = get_approach(plan.task, plan.approach)
    check_plan(plan)
    with joined_group(local_device(device)) as group:
        progress = progress if group.leads else Silent()
        views = _load(datasets, plan, approach, limit, progress)
        held = [] if validation is None else _load([validation], plan, approach, None, progress)
        run = _Run(plan, approach, views, local_device(device), group)
        return run.go(out, progress, held[: rhythm.validation_views], rhythm)


class _Run:
    """A network, its optimiser and its data, step by step."""

    def __init__(
        self,
        plan: Plan,
        approach: Approach,
        views: Sequence[RoomView],
        device: torch.device,
        group: Group,
    ) -> None:
        self.plan, self.views, self.device, self.group = plan, views, device, group
        text_dim = _text_dim(plan, views) if approach.colour else None
        self.kind = approach.kind
        self.network = new_network(plan, approach, text_dim).to(device)
        trunk = getattr(self.network, "completion_net", self.network)
        assert isinstance(trunk, CompletionNetwork)
        tune_for_training(trunk.vol_feature_extractor, plan.precision, device)
        self.parameters = list(self.network.parameters())
        self.optimiser = Lamb(self.parameters, lr=plan.lr, weight_decay=plan.weight_decay)

    def go(self, out: Path, progress: Progress, held: list[RoomView], rhythm: Rhythm) -> Path:
        """All steps that are left."""
        plan, checkpoint = self.plan, out / CHECKPOINT_NAME
        settings = settings_of(plan)
        first = 0
        if checkpoint.exists():
            first = load_training(checkpoint, self.network, self.optimiser, settings)
        else:
            self.group.copy_from_leader([p.data for p in self.parameters])
        log = self._begin_log(out, first)
        progress.begin(f"training {plan.task} {plan.approach}", plan.steps)
        progress.advance(first)
        last = min(plan.steps, rhythm.stop_after or plan.steps)
        losses: list[float] = []
        began = time.monotonic()
        for step in range(first, last):
            loss, norm = self.step(step)
            losses.append(loss)
            done = step + 1
            self._advance(progress, checkpoint, done, settings)
            reported = done % rhythm.report == 0 or done == last
            validated = bool(held) and (done % rhythm.validate == 0 or done == last)
            if reported or validated:
                row: dict[str, float] = {"step": done, "loss": float(np.mean(losses))}
                row |= {"learning_rate": self._rate(step), "gradient_norm": norm}
                row["seconds"] = (time.monotonic() - began) / len(losses)
                if validated:
                    row["validation_loss"] = self.validate(held)
                    progress.say(_sentence(done, row))
                if log:
                    log.write(row)
                losses, began = [], time.monotonic()
            if log and (done % rhythm.save == 0 or done == last):
                save_training(checkpoint, self.network, self.optimiser, done, settings)
                self._export(out, done)
        self.group.wait()
        return self._export(out, last) if log else self._weights(out)

    def step(self, step: int) -> tuple[float, float]:
        """One step of the optimiser: loss, and norm of the gradient before clipping."""
        self.network.train()
        self.optimiser.zero_grad(set_to_none=True)
        total = 0.0
        for place in self.group.share(self.plan.batch):
            loss = self.loss(self.sample(step, place))
            (loss / self.plan.batch).backward()
            total += loss.item()
        self.group.sum_gradients(self.parameters)
        norm = torch.nn.utils.clip_grad_norm_(self.parameters, _CLIP_NORM)
        if not torch.isfinite(norm):
            raise InputError(
                "the training diverged", where=f"step {step}", got=float(norm), do="Lower --lr."
            )
        for settings in self.optimiser.param_groups:
            settings["lr"] = self._rate(step)
        self.optimiser.step()
        self.network.steps += 1
        mean = self.group.mean(total / self.plan.batch * self.group.size, self.device)
        return mean, float(norm)

    def sample(self, step: int, place: int) -> TrainingSample:
        """The sample at a place of a step's batch: every view once an epoch, in random order."""
        number = step * self.plan.batch + place
        epoch, at = divmod(number, len(self.views))
        order = np.random.default_rng([self.plan.seed, _ORDER, epoch]).permutation(len(self.views))
        rng = np.random.default_rng([self.plan.seed, _SAMPLE, number])
        view = self.views[int(order[at])]
        return make_sample(self.kind, view, self.plan.relevancies, self.plan.recipe, rng)

    def loss(self, sample: TrainingSample) -> Tensor:
        """Binary cross-entropy of one sample."""
        queries, label = sample.queries.to(self.device), sample.label.to(self.device)
        logits = answer(self.network, [sample.inputs.to(self.device)], queries[None])
        return binary_cross_entropy(logits[0], label)

    @torch.no_grad()
    def validate(self, views: Sequence[RoomView]) -> float:
        """Mean loss over views, without augmentation and always at the same positions."""
        self.network.eval()
        recipe = replace(self.plan.recipe, augmentation=None)
        losses = []
        for number, view in enumerate(views):
            rng = np.random.default_rng([self.plan.seed, _VALIDATION, number])
            sample = make_sample(self.kind, view, self.plan.relevancies, recipe, rng)
            losses.append(self.loss(sample).item())
        return float(np.mean(losses))

    def _advance(
        self, progress: Progress, checkpoint: Path, done: int, settings: dict[str, Any]
    ) -> None:
        """One step further; what is cancelled is kept."""
        try:
            progress.advance()
        except (CancelledError, KeyboardInterrupt):
            if self.group.leads:
                save_training(checkpoint, self.network, self.optimiser, done, settings)
            raise

    def _rate(self, step: int) -> float:
        return learning_rate(step, self.plan.lr, self.plan.warm_up, self.plan.steps)

    def _begin_log(self, out: Path, first: int) -> MetricsLog | None:
        if not self.group.leads:
            return None
        out.mkdir(parents=True, exist_ok=True)
        write_json(out / "plan.json", asdict(self.plan))
        return MetricsLog(out / LOG_NAME, _COLUMNS, first)

    def _export(self, out: Path, steps: int) -> Path:
        trained = {**asdict(self.plan), "views": len(self.views), "steps_done": steps}
        file = self._weights(out)
        export_network(self.network, file, self.plan.task, self.plan.approach, trained)
        return file

    def _weights(self, out: Path) -> Path:
        return out / f"{self.plan.task}-{self.plan.approach}.safetensors"


def new_network(plan: Plan, approach: Approach, text_dim: int | None) -> Network:
    """The network before its first step: the same one for the same seed."""
    config = network_config(approach, plan.size, text_dim)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(plan.seed)
        return approach.kind(config)


def _text_dim(plan: Plan, views: Sequence[RoomView]) -> int:
    """Size of the text features that all sources share; an `InputError` when they do not."""
    dims = {view.relevancies[s].features.shape[1] for s in plan.relevancies for view in views}
    if len(dims) != 1 or 0 in dims:
        raise InputError(
            f"{plan.approach} compares with text features of one encoder",
            where="--relevancies",
            got=", ".join(plan.relevancies),
            do="Name one encoder's relevancies (an oracle has no text features).",
        )
    return dims.pop()


def _load(
    datasets: Sequence[Path],
    plan: Plan,
    approach: Approach,
    limit: int | None,
    progress: Progress,
) -> list[RoomView]:
    views = [
        view
        for folder in datasets
        for view in load_room_views(
            folder,
            plan.relevancies,
            colour=approach.colour,
            sentences=approach.sentences,
            limit=limit,
            progress=progress,
        ).views
        if usable(view, plan.task)
    ]
    if not views:
        raise InputError(
            f"no view can be used for {plan.task}", where=", ".join(map(str, datasets))
        )
    return views


def _sentence(step: int, row: dict[str, float]) -> str:
    return (
        f"step {step}: loss {row['loss']:.4f}, validation {row['validation_loss']:.4f}, "
        f"{row['seconds']:.2f} s a step"
    )
