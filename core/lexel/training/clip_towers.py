"""The two towers: a model of open_clip's by name, its image tower replaced by one of timm's."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import open_clip
import timm
import torch
from torch import nn

from lexel.encoders.model_folder import (
    ModelConfig,
    build_model,
    check_config,
    image_size_px,
    is_model_folder,
    load_model,
    read_config,
)
from lexel.encoders.normalisation import Normalisation
from lexel.errors import EncoderError, InputError
from lexel.progress import Progress
from lexel.training.clip_start import load_trunk, with_weights

IMAGE, TEXT, HEADS = "image", "text", "heads"
PROJECTIONS = ("linear", "mlp")
_HEAD_STEMS = ("visual.proj", "visual.head.", "text_projection", "text.text_projection", "logit_")
_VISUAL = "visual."


@dataclass(frozen=True)
class Towers:
    """Which towers, and what they start from.

    Attributes:
        model: open_clip's name, a configuration's .json, or a folder that `train clip` wrote.
        pretrained: weights of `model`: a path, or `ARCH/TAG` of the cache; None: random ones.
        image_tower: timm's name of an image tower to use instead of the model's own.
        image_weights: file of timm's weights for it; None: random ones.
        projection: from the tower of timm to the shared embedding, `linear` or `mlp`.
    """

    model: str = "ViT-B-32"
    pretrained: str | None = None
    image_tower: str | None = None
    image_weights: Path | None = None
    projection: str = "linear"

    @property
    def name(self) -> str:
        """All of it in a line; of paths only the last part."""
        parts = (self.model, self.pretrained, self.image_tower, self.image_weights, self.projection)
        return " ".join(Path(part).name for part in parts if part)


def build_towers(towers: Towers, seed: int, progress: Progress) -> tuple[ModelConfig, nn.Module]:
    """The model to train, on the CPU.

    Raises:
        EncoderError: a name is unknown, or the towers do not go together.
        WeightsError: weights are missing, damaged or of another model.
    """
    _check(towers)
    if is_model_folder(towers.model):
        config, model = load_model(towers.model)
    else:
        config = _config(towers)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            model = build_model(config, towers.model)
            if towers.pretrained:
                config, model = with_weights(
                    towers.pretrained, config, model, text_only=bool(towers.image_tower)
                )
        if towers.image_weights:
            load_trunk(model.visual, towers.image_weights)
        for which, known in _starts(towers).items():
            if not known:
                progress.say(f"The {which} tower starts from random weights.")
    _try_out(model, towers)
    return config, model


def parameter_groups(model: nn.Module) -> dict[str, dict[str, nn.Parameter]]:
    """Parameters by name, of the image tower, the text tower and the heads."""
    groups: dict[str, dict[str, nn.Parameter]] = {IMAGE: {}, TEXT: {}, HEADS: {}}
    for name, parameter in model.named_parameters():
        groups[_group_of(name)][name] = parameter
    return groups


def _group_of(name: str) -> str:
    if name.startswith(_HEAD_STEMS):
        return HEADS
    return IMAGE if name.startswith(_VISUAL) else TEXT


def _check(towers: Towers) -> None:
    if towers.projection not in PROJECTIONS:
        raise InputError(
            "there is no such projection", got=towers.projection, do=f"Choose of {PROJECTIONS}."
        )
    if towers.image_weights and not towers.image_tower:
        raise InputError(
            "weights of an image tower need its name", do="Say which with --image-tower."
        )
    if is_model_folder(towers.model) and (towers.pretrained or towers.image_tower):
        raise InputError(
            "a folder brings its own towers and weights",
            where=towers.model,
            do="Leave out --pretrained and --image-tower.",
        )


def _config(towers: Towers) -> ModelConfig:
    if towers.model.lower().endswith(".json"):
        config = read_config(Path(towers.model).expanduser())
    elif towers.model in open_clip.list_models():
        found = open_clip.get_model_config(towers.model)
        check_config(found, towers.model)
        config = ModelConfig(found)
    else:
        raise EncoderError(
            "open_clip knows no such model", got=towers.model, do="Try ViT-B-32 or RN50."
        )
    return _with_timm(config, towers) if towers.image_tower else config


def _with_timm(config: ModelConfig, towers: Towers) -> ModelConfig:
    name = towers.image_tower or ""
    known = timm.get_pretrained_cfg(name) if timm.is_model(name) else None
    if known is None:
        raise EncoderError("timm knows no such image tower", got=name, do="Try resnet50.")
    model = copy.deepcopy(dict(config.model))
    model["vision_cfg"] = {
        "timm_model_name": name,
        "timm_model_pretrained": False,
        "timm_pool": "",  # as the tower was trained
        "timm_proj": towers.projection,
        "image_size": known.input_size[-1],
    }
    colours = {"mean": known.mean, "std": known.std}
    return ModelConfig(model, Normalisation.from_config(colours, name))


def _starts(towers: Towers) -> dict[str, bool]:
    """Whether each tower starts from trained weights."""
    image = towers.image_weights if towers.image_tower else towers.pretrained
    return {IMAGE: bool(image), TEXT: bool(towers.pretrained)}


@torch.no_grad()
def _try_out(model: Any, towers: Towers) -> None:
    """One black image through the image tower: some of timm's need another size."""
    was_training = model.training
    size = image_size_px(model)
    try:
        model.eval().encode_image(torch.zeros(1, 3, size, size))
    except (RuntimeError, AssertionError, ValueError) as cause:
        raise EncoderError(
            "the image tower cannot read images of its own size",
            where=towers.image_tower or towers.model,
            got=cause,
        ) from cause
    finally:
        model.train(was_training)
