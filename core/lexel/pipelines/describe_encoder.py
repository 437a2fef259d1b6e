"""An encoder's identity by its name alone, for features that somebody else made with it."""

from __future__ import annotations

from pathlib import Path

from lexel.encoders.weights import find_encoder_weights
from lexel.encoders.weights.catalogue import parse_encoder_name
from lexel.errors import SceneError, WeightsError
from lexel.scene import FieldEncoder


def describe_encoder(name: str, prompts: tuple[str, ...], dim: int, features: Path) -> FieldEncoder:
    """The encoder that made features of `dim` numbers; its weights need not be on this computer.

    Raises:
        WeightsError, EncoderError: there is no such encoder.
        SceneError: its embedding has another size, so it did not make them.
    """
    architecture, pretrained, sha256 = _identity(name)
    size = _embedding_size(architecture)
    if size not in (None, dim):
        raise SceneError(
            f"has rows of {dim} numbers, but those of {name} have {size}",
            where=features,
            do="Name the encoder that made them.",
        )
    return FieldEncoder(architecture, pretrained, sha256, dim, prompts)


def _identity(name: str) -> tuple[str, str, str]:
    """Architecture or name, training, and sha256 where the weights are here."""
    try:
        weights = find_encoder_weights(name)
    except WeightsError:
        entry = parse_encoder_name(name)
        return entry.architecture, entry.pretrained, ""
    told = weights.architecture or Path(weights.name).name
    return told, weights.pretrained or "local", weights.sha256


def _embedding_size(architecture: str) -> int | None:
    """Of open_clip's architecture; None for another."""
    import open_clip

    if architecture not in open_clip.list_models():
        return None
    config = open_clip.get_model_config(architecture)
    return None if config is None else int(config["embed_dim"])
