"""An image and phrases in, relevancy maps out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from lexel.encoders.clip import ClipEncoder
from lexel.pipelines.settings import DEFAULT_PRESET, Settings
from lexel.progress import Progress, Silent, track
from lexel.relevancy.background import BACKGROUND_LABELS
from lexel.relevancy.extractor import PreparedImage, prepare
from lexel.relevancy.presets import get_preset

# What the 3D networks were trained to read: this times the mean-free relevancy.
NETWORK_GAIN = 50.0
# Maps made at once: bounds memory for large photographs and many phrases.
_PHRASES_AT_ONCE = 8


@dataclass(frozen=True, eq=False)
class Relevancies:
    """Relevancy of phrases in one image.

    Attributes:
        phrases: L of them, without repeats.
        maps: [L, H, W] float32, ≥ 0.
        mean: [H, W], over the phrases and their company (the background labels).
        text: [L, D], the phrases' text features.
        meaningless: the encoder was untrained.
    """

    phrases: tuple[str, ...]
    maps: Tensor
    mean: Tensor
    text: Tensor
    meaningless: bool

    @property
    def contrasted(self) -> Tensor:
        """The maps less their mean, [L, H, W]: what is peculiar to each phrase."""
        return self.maps - self.mean

    def for_network(self, phrase: str) -> Tensor:
        """What the 3D networks read: 50 · (relevancy - mean), [H, W]."""
        return NETWORK_GAIN * (self.maps[self.phrases.index(phrase)] - self.mean)


def read_relevancies(
    encoder: ClipEncoder,
    rgb: npt.NDArray[np.uint8],
    phrases: Iterable[str],
    settings: Settings,
    progress: Progress | None = None,
) -> Relevancies:
    """Relevancy of each phrase in an image (H, W, 3); the encoder runs once per crop.

    Raises:
        EncoderError: the encoder cannot be explained.
        LabelError: a prompt template is malformed.
    """
    progress = progress or Silent()
    wanted = list(dict.fromkeys(phrases))
    company = [] if settings.reference else [b for b in BACKGROUND_LABELS if b not in wanted]
    text = encoder.phrase_features([*wanted, *company], settings.templates)
    prepared = prepare(
        encoder,
        rgb,
        get_preset(settings.preset or DEFAULT_PRESET),
        seed=settings.seed,
        reference=settings.reference,
        progress=progress,
    )
    maps, total = _explain(prepared, text, len(wanted), progress)
    return Relevancies(
        tuple(wanted), maps, total / len(text), text[: len(wanted)], encoder.identity.untrained
    )


def _explain(
    prepared: PreparedImage, text: Tensor, num_kept: int, progress: Progress
) -> tuple[Tensor, Tensor]:
    """Maps of the first `num_kept` phrases, and the sum of all maps."""
    size = (prepared.height_px, prepared.width_px)
    kept, total = torch.empty(num_kept, *size), torch.zeros(size)
    starts: Sequence[int] = range(0, len(text), _PHRASES_AT_ONCE)
    for start in track(starts, "explaining phrases", progress):
        maps = prepared.relevancy(text[start : start + _PHRASES_AT_ONCE]).cpu()
        total += maps.sum(0)
        own = maps[: max(0, num_kept - start)]
        kept[start : start + len(own)] = own
    return kept, total
