"""Visually obscured object localisation: where the described thing must be.

Source: Ha & Song, "Semantic Abstraction" (CoRL 2022), section 3.3. The U-Net runs once per label
on one seeded draw of points; a label that several descriptions name is completed once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from lexel.completion.checkpoints import VoolNetwork
from lexel.completion.cloud import NetworkCloud
from lexel.completion.lattice import LatticeDecoder, Places, decode_cosine, decode_logits
from lexel.completion.networks import COSINE_TEMPERATURE, ClipSpatialVOOL, SemanticAwareVOOL
from lexel.completion.ovssc import Evidence
from lexel.completion.volumes import FeatureVolumes
from lexel.geometry.voxels import VoxelGrid
from lexel.scene import Description

# Places within this much of the highest logit are the answer, as published.
KEEP_BELOW_MAX = 0.15
# A description needs two volumes and often shares one with its neighbours.
_VOLUMES_KEPT = 4


class Localiser:
    """A network with one view prepared: asked description by description.

    Args:
        network: VOOL network.
        cloud: the points it reads.
        grid: the lattice that is asked.
    """

    def __init__(self, network: VoolNetwork, cloud: NetworkCloud, grid: VoxelGrid) -> None:
        self._network = network
        everywhere = torch.ones(grid.shape, dtype=torch.bool, device=cloud.xyz.device)
        self._everywhere = Places.of(everywhere)
        trunk = network.completion_net
        self._volumes = FeatureVolumes(trunk, cloud, _VOLUMES_KEPT)
        aware = isinstance(network, SemanticAwareVOOL)
        self._decoder = LatticeDecoder(
            trunk.visual_sampler if aware else network.spatial_sampler,
            trunk.vol_feature_extractor.final_conv,
            network.config,
            grid,
            num_volumes=1 if aware or isinstance(network, ClipSpatialVOOL) else 2,
        )

    @torch.inference_mode()
    def ask(self, description: Description, evidence: Callable[[str], Evidence]) -> Tensor:
        """Logits [X·Y·Z] of a description, in (x, y, z) order.

        `evidence` is asked for target and reference, or for the whole sentence by
        `ClipSpatialVOOL` (`phrases` says which).
        """
        network = self._network
        if isinstance(network, ClipSpatialVOOL):
            sentence = str(description)
            volume = self._volumes.of_relevancy(sentence, evidence(sentence).relevancy)
            return decode_logits(self._decoder, volume, self._everywhere)
        relation = network.relation_embeddings[description.relation]
        pair = [description.target, description.reference]
        if isinstance(network, SemanticAwareVOOL):
            text = torch.cat([evidence(name).text for name in pair])
            query, volumes = network.mlp(torch.cat([text, relation])), [self._volumes.of_colour()]
        else:
            query = relation
            volumes = [self._volumes.of_relevancy(n, evidence(n).relevancy) for n in pair]
        cosine = decode_cosine(self._decoder, volumes, query, self._everywhere)
        return cosine / COSINE_TEMPERATURE


def phrases(network: VoolNetwork, descriptions: Sequence[Description]) -> list[str]:
    """The phrases whose evidence the network needs, without repeats."""
    if isinstance(network, ClipSpatialVOOL):
        return list(dict.fromkeys(str(d) for d in descriptions))
    return list(dict.fromkeys(name for d in descriptions for name in (d.target, d.reference)))


def kept(logits: Tensor) -> Tensor:
    """Which places answer the description: those within `KEEP_BELOW_MAX` of the highest logit."""
    return logits > logits.max() - KEEP_BELOW_MAX
