"""Training an image-text model on captioned pictures; it goes on where it was stopped.

A folder holds: `open_clip_config.json` and `open_clip_model.safetensors` (the best so far by
validation loss, as open_clip reads them), `training.json`, `metrics.csv`, `checkpoint.safetensors`.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch

from lexel.encoders.model_folder import (
    ModelConfig,
    image_size_px,
    make_tokenizer,
    save_config,
    save_weights,
)
from lexel.encoders.weights.catalogue import SAFE_NAME
from lexel.errors import InputError
from lexel.io.atomic import replacing_file
from lexel.io.json_files import write_json
from lexel.progress import Progress
from lexel.training.captions import Caption, split_captions
from lexel.training.clip_batches import PairReader
from lexel.training.clip_board import Board
from lexel.training.clip_plan import (
    ClipPlan,
    Rhythm,
    check_plan,
    resolve_precision,
    settings_of,
)
from lexel.training.clip_state import CHECKPOINT_NAME, Learner, load_learner, save_learner
from lexel.training.clip_steps import make_learner, train_step, validation_loss
from lexel.training.clip_towers import HEADS, IMAGE, TEXT, Towers, build_towers
from lexel.training.log import LOG_NAME, MetricsLog

TRAINING_NAME, BOARD_FOLDER = "training.json", "tensorboard"
_COLUMNS = ("step", "epoch", "training_loss", "validation_loss", "logit_scale")
_RHYTHM = Rhythm()
_RATES = tuple(f"{part}_lr" for part in (IMAGE, TEXT, HEADS))


@dataclass(frozen=True)
class Trained:
    """What came of a training.

    Attributes:
        folder: the model, best epoch's weights.
        epochs: done.
        best_epoch, best_loss: of the weights kept; the loss is of validation.
    """

    folder: Path
    epochs: int
    best_epoch: int
    best_loss: float


def train_clip(
    captions: list[Caption],
    images: Path,
    out: Path,
    towers: Towers,
    plan: ClipPlan,
    progress: Progress,
    *,
    device: str = "cpu",
    rhythm: Rhythm = _RHYTHM,
) -> Trained:
    """Train, or go on training, the model in the folder `out`.

    Raises:
        InputError: the plan, the captions or the folder cannot be used.
        SceneError: an image is damaged.
        LexelError: the loss is no number any more.
    """
    check_plan(plan)
    plan = replace(plan, precision=resolve_precision(plan.precision, device))
    training, validation = split_captions(captions, plan.share, plan.seed)
    if len(training) < 2:
        raise InputError("there is one caption for training: nothing to tell it from")
    _check_folder(out)
    config, model = build_towers(towers, plan.seed, progress)
    learner = make_learner(model.to(device), plan, device)
    settings = settings_of(plan, captions, towers.name)
    if (out / CHECKPOINT_NAME).exists():
        load_learner(out / CHECKPOINT_NAME, learner, settings)
        progress.say(f"Going on after step {learner.course.step}.")
    else:  # so that whatever lies here from now on is known to be of this training
        save_learner(out / CHECKPOINT_NAME, learner, settings)
    save_config(out, config)
    readers = [
        _reader(pairs, images, config, model, plan, rhythm) for pairs in (training, validation)
    ]
    run = _Run(learner, plan, out, settings, rhythm, readers[0], readers[1], device)
    board = closing(Board(out / BOARD_FOLDER)) if rhythm.tensorboard else nullcontext()
    with board as opened:
        return run.go(progress, opened)


@dataclass(frozen=True)
class _Run:
    learner: Learner
    plan: ClipPlan
    out: Path
    settings: dict[str, Any]
    rhythm: Rhythm
    training: PairReader
    validation: PairReader
    device: str

    def go(self, progress: Progress, board: Board | None) -> Trained:
        """The epochs that are left."""
        course, per_epoch = self.learner.course, self.training.num_batches()
        log = MetricsLog(self.out / LOG_NAME, (*_COLUMNS, *_RATES), course.step)
        while (epoch := course.step // per_epoch) < self.plan.epochs:
            row = self._epoch(epoch, progress)
            log.write(row)
            if board:
                board.write(row)
            self._save()
        assert course.best_loss is not None
        done = course.step // per_epoch
        return Trained(self.out, done, course.best_epoch, course.best_loss)

    def _epoch(self, epoch: int, progress: Progress) -> dict[str, float]:
        """What is left of an epoch; its line of the log."""
        course, per_epoch = self.learner.course, self.training.num_batches()
        skip = course.step % per_epoch
        progress.begin(f"epoch {epoch + 1} of {self.plan.epochs}", per_epoch)
        progress.advance(skip)
        for batch in self.training.training(self.plan.seed, epoch, skip):
            loss = train_step(self.learner, batch, self.plan, self.device)
            course.step += 1
            course.loss_sum += loss * len(batch.tokens)
            course.pairs += len(batch.tokens)
            if course.step % self.rhythm.save == 0 and course.step % per_epoch:
                self._save()
            progress.advance()
        return self._judge(epoch, progress)

    def _judge(self, epoch: int, progress: Progress) -> dict[str, float]:
        """Validate, keep the weights if they are the best, and set the rates."""
        course = self.learner.course
        rates = [group["lr"] for group in self.learner.optimiser.param_groups]
        progress.begin("validation", self.validation.num_batches())
        batches = _counted(self.validation.validation(self.plan.seed), progress)
        loss = validation_loss(self.learner.model, batches, self.plan, self.device)
        training_loss = course.loss_sum / course.pairs
        course.loss_sum, course.pairs = 0.0, 0
        self.learner.plateau.step(loss)
        if course.best_loss is None or loss < course.best_loss:
            course.best_loss, course.best_epoch = loss, epoch + 1
            save_weights(self.out, self.learner.model)
            told = {"settings": self.settings, "epoch": epoch + 1, "validation_loss": loss}
            with replacing_file(self.out / TRAINING_NAME) as temporary:
                write_json(temporary, told)
        progress.say(f"Epoch {epoch + 1}: training {training_loss:.4f}, validation {loss:.4f}")
        scale: Any = self.learner.model.logit_scale
        row = (course.step, epoch + 1, training_loss, loss, float(scale.detach().exp()))
        return dict(zip((*_COLUMNS, *_RATES), (*row, *rates), strict=True))

    def _save(self) -> None:
        save_learner(self.out / CHECKPOINT_NAME, self.learner, self.settings)


def _counted(batches: Iterable[Any], progress: Progress) -> Iterable[Any]:
    for batch in batches:
        yield batch
        progress.advance()


def _reader(
    captions: list[Caption],
    images: Path,
    config: ModelConfig,
    model: torch.nn.Module,
    plan: ClipPlan,
    rhythm: Rhythm,
) -> PairReader:
    size_px, tokenizer = image_size_px(model), make_tokenizer(config)
    return PairReader(
        captions, images, size_px, config.normalisation, tokenizer, plan.batch, rhythm.workers
    )


def _check_folder(out: Path) -> None:
    """A model that was not trained here is not written over."""
    if (out / SAFE_NAME).exists() and not (out / CHECKPOINT_NAME).exists():
        raise InputError(
            "this folder holds another model", where=out, do="Name another folder with --out."
        )
