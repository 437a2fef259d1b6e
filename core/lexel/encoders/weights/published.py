"""Published figures that weights can be held to, each with where it comes from."""

from __future__ import annotations

from dataclasses import dataclass

_SEMABS = "real-stanford/semantic-abstraction @ e76495e with default arguments"
_OPENAI = "the architecture as OpenAI published it (github.com/openai/CLIP)"
LOGIT_SCALE_SOURCE = "Radford et al. 2021, section 2.5: the learned temperature was held at 100"


@dataclass(frozen=True)
class PublishedEncoder:
    parameters: int
    embedding: int
    basis: str = _OPENAI


@dataclass(frozen=True)
class PublishedNetwork:
    parameters: int
    tensors: int  # entries of the state dict, `steps` buffers included
    basis: str = _SEMABS


ENCODERS = {
    "ViT-B-32": PublishedEncoder(151_277_313, 512),
    "ViT-B-16": PublishedEncoder(149_620_737, 512),
    "ViT-L-14": PublishedEncoder(427_616_513, 768),
}

NETWORKS = {
    "SemAbs3D": PublishedNetwork(35_403_969, 122),
    "SemAbsVOOL": PublishedNetwork(35_407_633, 134),
    "SemanticAwareOVSSC": PublishedNetwork(35_412_912, 122),
    "SemanticAwareVOOL": PublishedNetwork(35_478_656, 136),
    "ClipSpatialVOOL": PublishedNetwork(35_404_258, 127),
}
