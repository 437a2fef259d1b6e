"""U-Net volumes by name, each computed once and a few of them kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable

import torch
from torch import Tensor

from lexel.completion.cloud import NetworkCloud
from lexel.completion.networks import CompletionNetwork


class FeatureVolumes:
    """Volumes before the U-Net's final convolution, for one view.

    Args:
        trunk: the network.
        cloud: the points it reads.
        capacity: how many volumes to keep, the last ones used: memory stays bounded however many
            labels are asked (134 MB each at 128³ and 16 channels).
    """

    def __init__(self, trunk: CompletionNetwork, cloud: NetworkCloud, capacity: int) -> None:
        self._trunk = trunk
        self._cloud = cloud
        self._capacity = capacity
        self._kept: OrderedDict[Hashable, Tensor] = OrderedDict()

    def of_relevancy(self, name: Hashable, relevancy_map: Tensor) -> Tensor:
        """The volume [1, C, X, Y, Z] for the relevancy map [H, W] called `name`."""
        return self._get(name, self._cloud.relevancy(relevancy_map))

    def of_colour(self) -> Tensor:
        """The volume for the view's colours."""
        return self._get("", self._cloud.rgb)

    @torch.inference_mode()
    def _get(self, name: Hashable, features: Tensor) -> Tensor:
        if name not in self._kept:
            while len(self._kept) >= self._capacity:
                self._kept.popitem(last=False)
            volume = self._trunk.input_volume(self._cloud.xyz, features)
            self._kept[name] = self._trunk.vol_feature_extractor.features(volume)
        self._kept.move_to_end(name)
        return self._kept[name]
