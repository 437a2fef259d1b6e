"""Tells from tensor shapes which open_clip architecture a weights file belongs to.

Shapes cannot tell QuickGELU from GELU; whoever knows the training says so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

Shape = tuple[int, ...]
OPENAI_ONLY_KEYS = ("input_resolution", "context_length", "vocab_size")  # in no other files
_PREFIXES = ("module.", "model.")


def recognise(shapes: Mapping[str, Shape]) -> str | None:
    """The architecture's name, `-quickgelu` left off, or None when no ViT of open_clip fits."""
    import open_clip

    found = _measure(_without_prefix(shapes))
    if found is None:
        return None
    names = [name for name in open_clip.list_models() if "quickgelu" not in name]
    fits = [name for name in names if _expected(open_clip.get_model_config(name) or {}) == found]
    return min(fits, key=len, default=None)


def _measure(shapes: Mapping[str, Shape]) -> tuple[int, ...] | None:
    """(embedding, width, patch, image tokens per side, layers, text width, layers, vocabulary)."""
    try:
        width, _, patch, _ = shapes["visual.conv1.weight"]
        tokens = shapes["visual.positional_embedding"][0] - 1
        vocabulary, text_width = shapes["token_embedding.weight"]
        embedding = shapes["visual.proj"][1]
    except (KeyError, ValueError, IndexError):
        return None
    layers = _blocks(shapes, r"visual\.transformer\.resblocks\.(\d+)\.")
    text_layers = _blocks(shapes, r"transformer\.resblocks\.(\d+)\.")
    side = round(tokens**0.5)
    return embedding, width, patch, side, layers, text_width, text_layers, vocabulary


def _expected(config: dict[str, Any]) -> tuple[int, ...] | None:
    vision, text = config.get("vision_cfg", {}), config.get("text_cfg", {})
    plain = isinstance(vision.get("layers"), int) and isinstance(vision.get("image_size"), int)
    if not plain or "patch_size" not in vision or "hf_model_name" in text:
        return None
    patch = vision["patch_size"]
    side = vision["image_size"] // patch
    tower = vision.get("width", 768), patch, side, vision["layers"]
    words = text.get("width", 512), text.get("layers", 12), text.get("vocab_size", 49408)
    return (config["embed_dim"], *tower, *words)


def _blocks(shapes: Mapping[str, Shape], pattern: str) -> int:
    return len({match[1] for name in shapes if (match := re.match(pattern, name))})


def _without_prefix(shapes: Mapping[str, Shape]) -> dict[str, Shape]:
    for prefix in _PREFIXES:
        if all(name.startswith(prefix) for name in shapes):
            return {name.removeprefix(prefix): shape for name, shape in shapes.items()}
    return dict(shapes)
