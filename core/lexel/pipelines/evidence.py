"""What a 3D network is told about each phrase, and whether encoder and network fit together."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from lexel.completion.checkpoints import Network
from lexel.completion.networks import (
    SemAbs3D,
    SemAbsVOOL,
    SemanticAwareOVSSC,
    SemanticAwareVOOL,
)
from lexel.completion.ovssc import Evidence
from lexel.encoders.clip import ClipEncoder
from lexel.errors import EncoderError, WeightsError
from lexel.pipelines.relevancy import Relevancies
from lexel.pipelines.settings import Settings


def check_fit(encoder: ClipEncoder, network: Network, settings: Settings) -> None:
    """Before minutes of reading the image: can this network use this encoder, this way?

    Raises:
        EncoderError: the network reads text features of another size.
        WeightsError: the published schedule was asked of a network it is not kept for.
    """
    reads_text = isinstance(network, SemanticAwareOVSSC | SemanticAwareVOOL)
    wanted = network.config.text_feature_dim
    if reads_text and encoder.identity.dim != wanted:
        raise EncoderError(
            f"this network reads text features of {wanted} numbers",
            where=encoder.identity.name,
            got=encoder.identity.dim,
            do="Use ViT-B-32/openai.",
        )
    if settings.reference and not isinstance(network, SemAbs3D | SemAbsVOOL):
        raise WeightsError(
            "the published schedule (--compat reference) is kept for SemAbs3D and SemAbsVOOL only",
            got=type(network).__name__,
            do="Leave out --compat reference.",
        )


def evidence_for(
    network: Network, relevancies: Relevancies, text: Tensor, device: torch.device
) -> Callable[[str], Evidence]:
    """A function from a phrase to what `network` is told of it; `text` [L, D] of all phrases."""
    read = relevancies.for_network
    if network.config.normalised_relevancy:
        read = relevancies.normalised

    def evidence(phrase: str) -> Evidence:
        feature = text[relevancies.phrases.index(phrase)]
        return Evidence(read(phrase).to(device), feature.to(device))

    return evidence
