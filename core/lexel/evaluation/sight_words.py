"""The words that an image-text model is asked, as unit text features in one prompt template."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import torch.nn.functional as F
from PIL.Image import Image
from torch import Tensor

from lexel.encoders.prompts import PHOTOGRAPH_TEMPLATE
from lexel.synthetic.catalogue import SYNONYMS, classes
from lexel.synthetic.model import COLOURS


class Beholder(Protocol):
    """An image-text model, such as `lexel.encoders.clip.ClipEncoder`."""

    def image_features(self, images: Sequence[Image]) -> Tensor:
        """[N, D] of square images."""

    def phrase_features(self, phrases: Sequence[str], templates: Sequence[str]) -> Tensor:
        """[L, D] of phrases, in the templates."""


@dataclass(frozen=True, eq=False)
class Choice:
    """Names to choose from, and their features [N, D]."""

    names: tuple[str, ...]
    features: Tensor

    def best(self, seen: Tensor) -> str:
        """The name nearest to an image's feature [D]."""
        return self.names[int((self.features @ seen).argmax())]


class Words:
    """Names of the world's things; each is read once."""

    def __init__(self, encoder: Beholder) -> None:
        self._encoder = encoder
        self.kinds = self._read(list(classes()))
        self._synonyms = self._read(list(SYNONYMS.values()))
        self._coloured: dict[str, Choice] = {}

    def with_synonym_of(self, kind: str) -> Choice:
        """All classes, this one by its synonym instead of its name."""
        synonym = SYNONYMS[kind]
        names = [synonym if name == kind else name for name in self.kinds.names]
        features = self.kinds.features.clone()
        row = self._synonyms.names.index(synonym)
        features[names.index(synonym)] = self._synonyms.features[row]
        return Choice(tuple(names), features)

    def colours_of(self, kind: str) -> Choice:
        """The 16 colours, as those of this class."""
        if kind not in self._coloured:
            read = self._read([f"{colour} {kind}" for colour in COLOURS])
            self._coloured[kind] = Choice(tuple(COLOURS), read.features)
        return self._coloured[kind]

    def _read(self, phrases: Sequence[str]) -> Choice:
        features = self._encoder.phrase_features(phrases, (PHOTOGRAPH_TEMPLATE,))
        return Choice(tuple(phrases), F.normalize(features, dim=-1))
