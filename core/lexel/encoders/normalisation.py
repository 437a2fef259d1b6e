"""How pixels become the numbers that an image tower was trained on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lexel.errors import EncoderError, WeightsError

Colour = tuple[float, float, float]

OPENAI_MEAN: Colour = (0.48145466, 0.4578275, 0.40821073)
OPENAI_STD: Colour = (0.26862954, 0.26130258, 0.27577711)


@dataclass(frozen=True)
class Normalisation:
    """Subtracted from red, green and blue in 0..1, and then divided by."""

    mean: Colour = OPENAI_MEAN
    std: Colour = OPENAI_STD

    @classmethod
    def from_config(cls, config: Mapping[str, Any], where: object) -> Normalisation:
        """From open_clip's `preprocess_cfg`, or what its registry says of trained weights.

        Raises:
            WeightsError: the configuration is malformed.
            EncoderError: images were not resized bicubically in training.
        """
        resized = config.get("interpolation", "bicubic")
        if resized != "bicubic":
            raise EncoderError(
                "this encoder was trained on images resized otherwise than bicubically",
                where=where,
                got=resized,
                do="Use another, such as ViT-B-32/openai.",
            )
        mean = _colour(config.get("mean", OPENAI_MEAN), where)
        std = _colour(config.get("std", OPENAI_STD), where)
        if min(std) <= 0:
            raise _malformed(std, where)
        return cls(mean, std)


def _colour(value: Any, where: object) -> Colour:
    try:
        red, green, blue = map(float, value)
    except (TypeError, ValueError) as cause:
        raise _malformed(value, where) from cause
    if not all(abs(number) < 1e3 for number in (red, green, blue)):
        raise _malformed(value, where)
    return red, green, blue


def _malformed(value: object, where: object) -> WeightsError:
    return WeightsError(
        "the mean and std of colours must be three numbers, std above 0",
        where=where,
        got=value,
        do="Get the folder again, or move the weights file out of it.",
    )
