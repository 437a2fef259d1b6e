"""Second stage of the embedded encoder: an image tower that meets the words, and the files."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import torch
from open_clip.model import CLIP

from lexel.encoders.model_folder import (
    ModelConfig,
    build_model,
    load_into,
    load_model,
    make_tokenizer,
    save_config,
    save_weights,
)
from lexel.encoders.text_tower import TEXT_STEMS
from lexel.encoders.weights.embedded import HEAD_NAME
from lexel.progress import Progress
from lexel.training.checkpoint import CHECKPOINT_NAME, steps_done
from lexel.training.embedded.image import LOSSES, meet
from lexel.training.embedded.pictures import read_pictures
from lexel.training.embedded.words import SightPlan, vision_config
from lexel.training.log import LOG_NAME, MetricsLog


@dataclass(frozen=True)
class Course:
    """How an image tower is taught.

    Attributes:
        steps, batch: of the optimiser; crops in each step.
        learning_rate: its peak.
        seed: of first weights and of crops.
    """

    steps: int = 4000
    batch: int = 128
    learning_rate: float = 1e-3
    seed: int = 0


def teach_sight(
    dataset: Path, words: Path, out: Path, sight: SightPlan, course: Course, progress: Progress
) -> None:
    """Write the finished encoder: open_clip's two files in half precision, and the sentence head.

    Args:
        dataset: photographs of rooms (`lexel world build captions`).
        words: what `teach_words` wrote.
        out: begun again with the same arguments, it goes on where it was stopped.

    Raises:
        InputError: the dataset is unfinished, or `out` was begun with other settings.
        WeightsError: `words` holds no model.
    """
    config, spoken = load_model(words)
    settings = {**config.model, "vision_cfg": vision_config(sight)}
    config = ModelConfig(settings, config.normalisation)
    torch.manual_seed(course.seed)
    model = build_model(config, out)
    assert isinstance(model, CLIP)
    text = {k: v for k, v in spoken.state_dict().items() if k.startswith(TEXT_STEMS)}
    load_into(model, {**model.state_dict(), **text}, words)
    out.mkdir(parents=True, exist_ok=True)
    checkpoint = out / CHECKPOINT_NAME
    # Rows tell which step was made, counted from 0: the first that is made again is not kept.
    log = MetricsLog(out / LOG_NAME, ("step", *LOSSES, "right"), steps_done(checkpoint) - 1)
    rows = meet(
        model,
        make_tokenizer(config),
        read_pictures(dataset),
        steps=course.steps,
        batch=course.batch,
        seed=course.seed,
        progress=progress,
        checkpoint=checkpoint,
        learning_rate=course.learning_rate,
    )
    for row in rows:
        log.write(row)
    save_config(out, config)
    save_weights(out, model.half())
    shutil.copyfile(words / HEAD_NAME, out / HEAD_NAME)
