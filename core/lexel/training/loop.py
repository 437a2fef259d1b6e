"""Training of the completion networks: one loop for every task, approach and number of devices."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from lexel.errors import CancelledError
from lexel.io.json_files import write_json
from lexel.io.room_views import RoomView
from lexel.progress import Progress, Silent
from lexel.training.approaches import get_approach
from lexel.training.checkpoint import CHECKPOINT_NAME, load_training, save_training
from lexel.training.data import load_held_views, load_training_views
from lexel.training.export import export_network
from lexel.training.learner import Learner
from lexel.training.log import LOG_NAME, MetricsLog
from lexel.training.parallel import joined_group, local_device
from lexel.training.plan import Plan, Rhythm, check_plan, settings_of

_COLUMNS = ("step", "loss", "validation_loss", "learning_rate", "gradient_norm", "seconds")


def train(
    plan: Plan,
    datasets: Sequence[Path],
    out: Path,
    progress: Progress,
    *,
    validation: Path | None = None,
    device: str = "cpu",
    limit: int | None = None,
    rhythm: Rhythm | None = None,
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
    approach, rhythm = get_approach(plan.task, plan.approach), rhythm or Rhythm()
    check_plan(plan)
    with joined_group(local_device(device)) as group:
        progress = progress if group.leads else Silent()
        views = load_training_views(datasets, plan, approach, limit, progress)
        held = [] if validation is None else load_held_views(validation, plan, approach, progress)
        learner = Learner(plan, approach, views, local_device(device), group)
        run = _Run(learner, out, progress, rhythm)
        return run.go(held[: rhythm.validation_views])


class _Run:
    """A learner with its folder: log, checkpoints and weights."""

    def __init__(self, learner: Learner, out: Path, progress: Progress, rhythm: Rhythm) -> None:
        self.learner, self.out, self.progress, self.rhythm = learner, out, progress, rhythm
        self.plan, self.group = learner.plan, learner.group
        self.settings = settings_of(learner.plan)

    def go(self, held: Sequence[RoomView]) -> Path:
        """All steps that are left: the weights' file."""
        learner, rhythm = self.learner, self.rhythm
        first = self._begin()
        log = MetricsLog(self.out / LOG_NAME, _COLUMNS, first) if self.group.leads else None
        last = min(self.plan.steps, rhythm.stop_after or self.plan.steps)
        losses: list[float] = []
        began = time.monotonic()
        for done in range(first + 1, last + 1):
            loss, norm = learner.step(done - 1)
            losses.append(loss)
            self._advance(done)
            validated = bool(held) and (done % rhythm.validate == 0 or done == last)
            if validated or done % rhythm.report == 0 or done == last:
                row: dict[str, float] = {"step": done, "loss": float(np.mean(losses))}
                row |= {"learning_rate": learner.rate(done - 1), "gradient_norm": norm}
                row["seconds"] = (time.monotonic() - began) / len(losses)
                if validated:
                    row["validation_loss"] = learner.validate(held)
                    self.progress.say(_sentence(done, row))
                if log:
                    log.write(row)
                losses, began = [], time.monotonic()
            if done % rhythm.save == 0 or done == last:
                self._save(done)
        self.group.wait()
        return self._weights

    def _begin(self) -> int:
        """Take up the checkpoint, or the leader's first weights: how many steps are done."""
        learner, first = self.learner, 0
        if self._checkpoint.exists():
            first = load_training(
                self._checkpoint, learner.network, learner.optimiser, self.settings
            )
        else:
            self.group.copy_from_leader([p.data for p in learner.parameters])
        if self.group.leads:
            self.out.mkdir(parents=True, exist_ok=True)
            write_json(self.out / "plan.json", asdict(self.plan))
        self.progress.begin(f"training {self.plan.task} {self.plan.approach}", self.plan.steps)
        self.progress.advance(first)
        return first

    def _advance(self, done: int) -> None:
        """One step further; what is cancelled is kept."""
        try:
            self.progress.advance()
        except (CancelledError, KeyboardInterrupt):
            self._save(done)
            raise

    def _save(self, done: int) -> None:
        """Checkpoint and weights, by the leader only."""
        if not self.group.leads:
            return
        learner, plan = self.learner, self.plan
        save_training(self._checkpoint, learner.network, learner.optimiser, done, self.settings)
        trained = {**asdict(plan), "views": len(learner.views), "steps_done": done}
        export_network(learner.network, self._weights, plan.task, plan.approach, trained)

    @property
    def _checkpoint(self) -> Path:
        return self.out / CHECKPOINT_NAME

    @property
    def _weights(self) -> Path:
        return self.out / f"{self.plan.task}-{self.plan.approach}.safetensors"


def _sentence(step: int, row: dict[str, float]) -> str:
    return (
        f"step {step}: loss {row['loss']:.4f}, validation {row['validation_loss']:.4f}, "
        f"{row['seconds']:.2f} s a step"
    )
