"""Words as numbers: what turns phrases into vectors, and a text tower as plain arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy.typing as npt

from lexel.scene.field import Floats, Ints, SentenceEncoder

ACTIVATIONS = ("gelu", "quick_gelu")


class PhraseEncoder(Protocol):
    """Places phrases in one space of meaning: that of an image-text model, or of sentences."""

    def encode(self, phrases: Sequence[str]) -> Floats:
        """(P, dim) float32, unit rows, one per phrase."""


class SentenceModel(PhraseEncoder, Protocol):
    """A `PhraseEncoder` in a space of sentences."""

    @property
    def identity(self) -> SentenceEncoder:
        """Which space; its `dim` is S."""


@dataclass(frozen=True)
class TowerSettings:
    """What a text tower is, beside its weights.

    Attributes:
        name, pretrained, sha256: of the encoder whose tower it is, as in `FieldEncoder`.
        dim: size of its text vectors.
        width, heads, layers: of its transformer; `mlp_width` of the layer between two blocks'
            attentions.
        context_length: most tokens it reads, start and end token included.
        activation: of `ACTIVATIONS`: x·Φ(x), or x·sigmoid(1.702·x) as OpenAI's own have it.
        layer_norm_eps: added to the variance.
    """

    name: str
    pretrained: str
    sha256: str
    dim: int
    width: int
    heads: int
    layers: int
    mlp_width: int
    context_length: int
    activation: str
    layer_norm_eps: float


@dataclass(frozen=True, eq=False)
class SentenceHead:
    """A linear map from text vectors, as they leave a tower, to the vectors of a sentence model.

    Attributes:
        identity: which sentence model it speaks for; its `dim` is S.
        weight: (S, D) float32.
        bias: (S,) float32.
    """

    identity: SentenceEncoder
    weight: Floats
    bias: Floats


@dataclass(frozen=True, eq=False)
class TowerWeights:
    """A CLIP text tower and its tokenizer, as `io.text_towers` stores them.

    Attributes:
        settings: what it is.
        merges: (M, 2) int32. Byte-pair encoding: tokens 0..255 are bytes inside a word, 256..511
            the same bytes at its end, 512 + i is made by joining the two tokens of row i (lower
            rows first), 512 + M starts a text and 513 + M ends it.
        tensors: by open_clip's names; matrices float16, vectors and positions float32.
        sentence_head: None where it has none.
    """

    settings: TowerSettings
    merges: Ints
    tensors: Mapping[str, npt.NDArray[Any]]
    sentence_head: SentenceHead | None = None
