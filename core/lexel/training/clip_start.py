"""What an image-text training starts from: weights of a whole model, or of one image tower."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from torch import Tensor, nn

from lexel.encoders.model_folder import ModelConfig, build_model, load_into
from lexel.encoders.weights import find_encoder_weights, load_tensors
from lexel.encoders.weights.architecture import OPENAI_ONLY_KEYS

_VISUAL = "visual."


def with_weights(
    name: str, config: ModelConfig, model: nn.Module, *, text_only: bool
) -> tuple[ModelConfig, nn.Module]:
    """The model with weights called `name`, and the configuration they were trained with.

    Args:
        name: a path, or `ARCH/TAG` of the cache.
        text_only: leave the image tower as it is.

    Raises:
        WeightsError: they are missing, damaged or of another model.
    """
    found = find_encoder_weights(name)
    tensors = load_tensors(found.path)
    quick_gelu = found.quick_gelu
    if quick_gelu is None and any(key in tensors for key in OPENAI_ONLY_KEYS):
        quick_gelu = True
    if quick_gelu is not None and quick_gelu != bool(config.model.get("quick_gelu", False)):
        config = ModelConfig({**config.model, "quick_gelu": quick_gelu}, config.normalisation)
        model = build_model(config, name)
    tensors = dict(_plain(tensors))
    if text_only:
        own = {k: v for k, v in model.state_dict().items() if k.startswith(_VISUAL)}
        tensors = {k: v for k, v in tensors.items() if not k.startswith(_VISUAL)} | own
    else:
        config = ModelConfig(config.model, found.normalisation)
    load_into(model, tensors, found.path)
    return config, model


def _plain(tensors: Mapping[str, Tensor]) -> Iterator[tuple[str, Tensor]]:
    """Weights in single precision, without what wrappers for training leave behind."""
    for key, tensor in tensors.items():
        if key not in OPENAI_ONLY_KEYS:
            name = key.removeprefix("module.").removeprefix("_orig_mod.")
            yield name, tensor.float() if tensor.is_floating_point() else tensor


def load_trunk(visual: Any, file: Path) -> None:
    """timm's own weights; those of its classifier, which the projection replaces, stay out.

    Args:
        visual: open_clip's image tower around one of timm.

    Raises:
        WeightsError: the file is damaged or of another tower.
    """
    classifier = visual.trunk.default_cfg.get("classifier") or ()
    stems = (classifier,) if isinstance(classifier, str) else tuple(classifier)
    heads = tuple(f"{stem}." for stem in stems)
    tensors = {k: v for k, v in _plain(load_tensors(file)) if not k.startswith(heads)}
    load_into(visual.trunk, tensors, file)
