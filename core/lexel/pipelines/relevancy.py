"""An image and phrases in, relevancy maps out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from torch import Tensor

from lexel import __version__
from lexel.encoders.clip import ClipEncoder
from lexel.pipelines.settings import DEFAULT_PRESET, Settings
from lexel.progress import Progress
from lexel.relevancy.background import BACKGROUND_LABELS
from lexel.relevancy.extractor import PhraseMaps, explain, prepare
from lexel.relevancy.presets import get_preset
from lexel.relevancy.scale import normalised, peculiarity_scale

# What the published 3D networks were trained to read: this times the mean-free relevancy.
NETWORK_GAIN = 50.0
# Cells along the longer side of the maps that the scale is measured on, in training too.
_SCALE_SIDE = 64


@dataclass(frozen=True, eq=False)
class Relevancies:
    """Relevancy of phrases in one image; maps are put together when asked for.

    Attributes:
        phrases: L of them, without repeats.
        mean: [H, W], over the phrases and their company (the background labels).
        text: [L, D], the phrases' text features.
        provenance: who read the image and how, as JSON-able values.
    """

    phrases: tuple[str, ...]
    mean: Tensor
    text: Tensor
    provenance: Mapping[str, Any]
    _patches: PhraseMaps
    _company: PhraseMaps

    @property
    def meaningless(self) -> bool:
        """True when the encoder was untrained."""
        return bool(self.provenance["meaningless"])

    def map(self, phrase: str) -> Tensor:
        """The relevancy map [H, W] of one phrase, ≥ 0."""
        index = self.phrases.index(phrase)
        return self._patches[index : index + 1].maps()[0]

    @property
    def maps(self) -> Tensor:
        """All maps [L, H, W]."""
        return self._patches.maps()

    def for_network(self, phrase: str) -> Tensor:
        """What the published 3D networks read: 50 · (relevancy - mean), [H, W]."""
        return NETWORK_GAIN * (self.map(phrase) - self.mean)

    def normalised(self, phrase: str) -> Tensor:
        """What networks with `normalised_relevancy` read: in units of the image, [H, W]."""
        return normalised(self.map(phrase) - self.mean, self.scale)

    @cached_property
    def scale(self) -> float:
        """The size of these relevancies and their company's, as `relevancy.scale` has it."""
        size = self._size_within(_SCALE_SIDE)
        every = (self._patches, self._company)
        return peculiarity_scale(torch.cat([self._contrasted(maps, size) for maps in every]))

    def contrasted(self, longest_side_px: int) -> Tensor:
        """The maps less their mean, [L, h, w], for pictures: no larger than they need be."""
        return self._contrasted(self._patches, self._size_within(longest_side_px))

    def _size_within(self, longest_side_px: int) -> list[int]:
        shrink = min(1.0, longest_side_px / max(self.mean.shape))
        return [max(1, round(side * shrink)) for side in self.mean.shape]

    def _contrasted(self, patches: PhraseMaps, size: list[int]) -> Tensor:
        """One map at a time is as large as the image: [L, *size]."""
        small = torch.empty(len(patches), *size)
        for index, into in enumerate(small):
            peculiar = patches[index : index + 1].maps() - self.mean
            into.copy_(F.interpolate(peculiar[None], size=size, mode="area")[0, 0])
        return small


def read_relevancies(
    encoder: ClipEncoder,
    rgb: npt.NDArray[np.uint8],
    phrases: Iterable[str],
    settings: Settings,
    progress: Progress | None = None,
) -> Relevancies:
    """Relevancy of phrases in an image (H, W, 3); the encoder runs once per crop.

    Raises:
        EncoderError: the encoder cannot be explained.
        LabelError: a prompt template is malformed.
    """
    wanted = list(dict.fromkeys(phrases))
    text = encoder.phrase_features([*wanted, *_company(wanted, settings)], settings.templates)
    maps = explain(
        encoder,
        rgb,
        text,
        get_preset(settings.preset or DEFAULT_PRESET),
        seed=settings.seed,
        reference=settings.reference,
        progress=progress,
    )
    return _relevancies(encoder, settings, wanted, text, maps)


class AskableImage:
    """An image read once, and asked again and again: a further phrase costs milliseconds.

    Args:
        encoder: an image-text model with a class token.
        rgb: (H, W, 3) uint8.
        settings: how to read it.
        progress: told of every batch; may cancel.
    """

    def __init__(
        self,
        encoder: ClipEncoder,
        rgb: npt.NDArray[np.uint8],
        settings: Settings,
        progress: Progress | None = None,
    ) -> None:
        self._encoder, self._settings = encoder, settings
        self._prepared = prepare(
            encoder,
            rgb,
            get_preset(settings.preset or DEFAULT_PRESET),
            seed=settings.seed,
            reference=settings.reference,
            progress=progress,
        )
        background = encoder.phrase_features(BACKGROUND_LABELS, settings.templates)
        self._background = self._prepared.explain(background)

    def ask(self, phrases: Iterable[str]) -> Relevancies:
        """Relevancy of phrases: what `read_relevancies` gives, without running the encoder."""
        wanted = list(dict.fromkeys(phrases))
        text = self._encoder.phrase_features(wanted, self._settings.templates)
        company = [BACKGROUND_LABELS.index(b) for b in _company(wanted, self._settings)]
        maps = self._prepared.explain(text).join(self._background[company])
        return _relevancies(self._encoder, self._settings, wanted, text, maps)


def _company(wanted: Sequence[str], settings: Settings) -> list[str]:
    """The background labels that are not asked for anyway; none in reference mode."""
    return [] if settings.reference else [b for b in BACKGROUND_LABELS if b not in wanted]


def _relevancies(
    encoder: ClipEncoder, settings: Settings, wanted: Sequence[str], text: Tensor, maps: PhraseMaps
) -> Relevancies:
    """`text` and `maps` of the wanted phrases and then, perhaps, of their company."""
    own, company = slice(0, len(wanted)), slice(len(wanted), None)
    mean = maps.mean().maps()[0]
    origin = describe_reading(encoder, settings)
    own_maps, others = maps[own].cpu(), maps[company].cpu()
    return Relevancies(tuple(wanted), mean.cpu(), text[own], origin, own_maps, others)


def describe_reading(encoder: ClipEncoder, settings: Settings) -> dict[str, Any]:
    """Who reads images and how, as JSON-able values."""
    identity = encoder.identity
    return {
        "lexel": __version__,
        "encoder": {
            "name": identity.name,
            "pretrained": identity.pretrained,
            "sha256": identity.sha256,
            "dim": identity.dim,
        },
        "preset": settings.preset or DEFAULT_PRESET,
        "prompts": list(settings.templates),
        "background_labels": [] if settings.reference else list(BACKGROUND_LABELS),
        "compat": settings.compat,
        "seed": settings.seed,
        "meaningless": identity.untrained,
    }
