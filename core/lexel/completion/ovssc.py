"""Open-vocabulary scene completion: which label fills each place, seen or unseen.

Source: Ha & Song, "Semantic Abstraction" (CoRL 2022), section 3.2. Where the published program
runs the U-Net anew for each of 14 chunks of the lattice, with new random points each time, this
runs it once per label on one seeded draw, and decodes only where an answer may stand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from lexel.completion.checkpoints import OvsscNetwork
from lexel.completion.cloud import NetworkCloud
from lexel.completion.lattice import LatticeDecoder, Places, decode_cosine, decode_logits
from lexel.completion.networks import COSINE_TEMPERATURE, SemanticAwareOVSSC
from lexel.completion.volumes import FeatureVolumes
from lexel.geometry.voxels import VoxelGrid
from lexel.progress import Progress, Silent, track

DEFAULT_CUTOFF = -3.0
NO_LABEL = -1


@dataclass(frozen=True, eq=False)
class Evidence:
    """What a network is told about a phrase.

    Attributes:
        relevancy: [H, W], 50 · (relevancy - mean over the label set).
        text: [D], the phrase's text feature (only the baselines that read colour use it).
    """

    relevancy: Tensor
    text: Tensor


@dataclass(frozen=True, eq=False)
class Completion:
    """Who fills each wanted place.

    Attributes:
        label: [M] int16, index of the winning label, or `NO_LABEL`.
        logit: [M] float32, its logit.
    """

    label: Tensor
    logit: Tensor


class Completer:
    """A network with one view prepared: asked label by label.

    Args:
        network: OVSSC network.
        cloud: the points it reads.
        grid: the lattice that is asked.
        wanted: bool [X, Y, Z], where an answer may stand.
    """

    def __init__(
        self, network: OvsscNetwork, cloud: NetworkCloud, grid: VoxelGrid, wanted: Tensor
    ) -> None:
        self._aware = isinstance(network, SemanticAwareOVSSC)
        self._volumes = FeatureVolumes(network, cloud, capacity=1)
        self._decoder = LatticeDecoder(
            network.visual_sampler,
            network.vol_feature_extractor.final_conv,
            network.config,
            grid,
        )
        self.places = Places.of(wanted.to(cloud.xyz.device))

    @torch.inference_mode()
    def ask(self, label: str, evidence: Evidence) -> Tensor:
        """Logits [M] of one label at the wanted places, in (x, y, z) order."""
        if self._aware:
            volume = self._volumes.of_colour()
            cosine = decode_cosine(self._decoder, [volume], evidence.text, self.places)
            return cosine / COSINE_TEMPERATURE
        volume = self._volumes.of_relevancy(label, evidence.relevancy)
        return decode_logits(self._decoder, volume, self.places)


def complete_labels(
    completer: Completer,
    labels: Sequence[str],
    evidence: Callable[[str], Evidence],
    *,
    cutoff: float = DEFAULT_CUTOFF,
    progress: Progress | None = None,
) -> Completion:
    """The label of highest logit at each wanted place; none where all are below `cutoff`.

    `evidence` makes what the network is told about a label when that label's turn comes, so
    memory does not grow with the number of labels. May be cancelled between labels.
    """
    asked = track(labels, "completing", progress or Silent())
    logits = (completer.ask(label, evidence(label)) for label in asked)
    return best_labels(logits, len(completer.places.index), cutoff)


def best_labels(logits: Iterable[Tensor], places: int, cutoff: float) -> Completion:
    """The label of highest logit at each place, from one [M] of logits after another."""
    best = torch.full((places,), -torch.inf)
    label = torch.full((places,), NO_LABEL, dtype=torch.int16)
    for index, on_device in enumerate(logits):
        asked = on_device.cpu()
        label.masked_fill_(asked > best, index)
        torch.maximum(best, asked, out=best)
    return Completion(label.masked_fill_(best < cutoff, NO_LABEL), best)
