"""The completion networks written out plainly over their state dict, in torch's own layout.

Nothing is folded, fused or shared: group normalisation, convolution and ReLU one after another,
and a decoder asked position by position. Letters in shapes: N points, C channels, Q positions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

TEMPERATURE = 0.07
_LEAK = 0.01


@dataclass(frozen=True, eq=False)
class PlainNetwork:
    """A network's weights by published name, as leaves of a graph, and its sizes.

    Attributes:
        weights: sharing the memory of the network they were taken from.
        voxels: of the volume along x, y, z.
        bounds: [2, 3], lower and upper corner of the box, metres.
        groups, levels: of the U-Net.
        concat_xyz: the decoder that is asked also sees where.
    """

    weights: Mapping[str, Tensor]
    voxels: tuple[int, int, int]
    bounds: Tensor
    groups: int
    levels: int
    concat_xyz: bool

    @classmethod
    def of(cls, network: nn.Module) -> PlainNetwork:
        """The plain form of a `SemAbs3D` or `SemAbsVOOL` of Lexel's."""
        config = network.config
        return cls(
            {k: v.detach().requires_grad_() for k, v in network.state_dict().items()},
            config.voxel_shape,
            torch.tensor(config.scene_bounds),
            config.unet_num_groups,
            config.unet_num_levels,
            config.decoder_concat_xyz_pts,
        )

    def logits(self, xyz: Tensor, relevancy: Tensor, places: Tensor) -> Tensor:
        """SemAbs3D: points [N, 3], [N, 1] and places [Q, 3] -> [Q]."""
        volume = self.volume("", xyz, relevancy)
        return self.decode("visual_sampler", volume, places)[:, 0]

    def pointing_logits(
        self, xyz: Tensor, target: Tensor, reference: Tensor, relation: str, places: Tensor
    ) -> Tensor:
        """SemAbsVOOL: points [N, 3], twice [N, 1], a relation and places [Q, 3] -> [Q]."""
        pair = [self.volume("completion_net.", xyz, values) for values in (target, reference)]
        return self.point_at(pair, relation, places)

    def point_at(self, pair: Sequence[Tensor], relation: str, places: Tensor) -> Tensor:
        """Volumes of target and reference -> logits of a relation at places [Q, 3]: [Q]."""
        pointed = self.decode("spatial_sampler", torch.cat(list(pair), dim=1), places)
        embedding = self.weights[f"relation_embeddings.{relation}"]
        return F.cosine_similarity(pointed, embedding[None], dim=-1) / TEMPERATURE

    def volume(self, stem: str, xyz: Tensor, relevancy: Tensor) -> Tensor:
        """Points to voxels to U-Net: [1, C, X, Y, Z]."""
        features = self._point_features(f"{stem}pts_feat_extractor", xyz, relevancy)
        return self._unet(f"{stem}vol_feature_extractor", self._scatter(xyz, features))

    def decode(self, name: str, volume: Tensor, places: Tensor) -> Tensor:
        """The volume read at each place, then a small network: [Q, out]."""
        # The published decoder divides by the number of voxels and reads x along the last axis.
        seen = 2 * self._grid_units(places) / torch.tensor(self.voxels) - 1
        sampled = F.grid_sample(
            volume, seen[None, :, None, None], padding_mode="border", align_corners=True
        )
        features = sampled[0, :, :, 0, 0].T
        if self.concat_xyz:
            features = torch.cat([features, seen], dim=-1)
        hidden = F.leaky_relu(self._linear(f"{name}.mlp.0", features), _LEAK)
        return self._linear(f"{name}.mlp.2", hidden)

    def _point_features(self, name: str, xyz: Tensor, relevancy: Tensor) -> Tensor:
        features = torch.cat([xyz, relevancy], dim=-1)
        for layer in (0, 2):
            features = F.leaky_relu(self._linear(f"{name}.{layer}", features), _LEAK)
        return self._linear(f"{name}.4", features)

    def _scatter(self, xyz: Tensor, features: Tensor) -> Tensor:
        """Mean of the features of each voxel's points; 0 where there are none."""
        i, j, k = self._grid_units(xyz).long().unbind(-1)
        flat = (i * self.voxels[1] + j) * self.voxels[2] + k
        size = self.voxels[0] * self.voxels[1] * self.voxels[2]
        index = flat.expand(features.shape[1], -1)
        sums = features.new_zeros(features.shape[1], size).scatter_add(1, index, features.T)
        count = torch.zeros(size).scatter_add(0, flat, torch.ones(len(flat)))
        return (sums / count.clamp(min=1)).view(1, -1, *self.voxels)

    def _grid_units(self, xyz: Tensor) -> Tensor:
        low, high = self.bounds
        last = torch.tensor(self.voxels) - 1
        return ((xyz - low) * last / (high - low)).clamp(min=0).minimum(last)

    def _unet(self, name: str, volume: Tensor) -> Tensor:
        skips = []
        for level in range(self.levels):
            volume = F.max_pool3d(volume, 2) if level else volume
            volume = self._block(f"{name}.encoders.{level}.basic_module", volume)
            skips.append(volume)
        for step, skip in enumerate(reversed(skips[:-1])):
            volume = self._upsample(f"{name}.decoders.{step}.upsampling.upsample", volume, skip)
            volume = self._block(f"{name}.decoders.{step}.basic_module", volume + skip)
        return F.conv3d(volume, *self._weight_and_bias(f"{name}.final_conv"))

    def _upsample(self, name: str, volume: Tensor, like: Tensor) -> Tensor:
        short = (2 * volume.shape[-1] - 1, like.shape[-1])
        weight, bias = self._weight_and_bias(name)
        return F.conv_transpose3d(
            volume, weight, bias, stride=2, padding=1, output_padding=short[1] - short[0]
        )

    def _block(self, name: str, volume: Tensor) -> Tensor:
        residual = F.relu(self._normalised_conv(f"{name}.conv1", volume))
        result = F.relu(self._normalised_conv(f"{name}.conv2", residual))
        return F.relu(self._normalised_conv(f"{name}.conv3", result) + residual)

    def _normalised_conv(self, name: str, volume: Tensor) -> Tensor:
        groups = self.groups if volume.shape[1] >= self.groups else 1
        weight, bias = self._weight_and_bias(f"{name}.groupnorm")
        normed = F.group_norm(volume, groups, weight, bias)
        return F.conv3d(normed, self.weights[f"{name}.conv.weight"], padding=1)

    def _linear(self, name: str, x: Tensor) -> Tensor:
        return F.linear(x, *self._weight_and_bias(name))

    def _weight_and_bias(self, name: str) -> tuple[Tensor, Tensor]:
        return self.weights[f"{name}.weight"], self.weights[f"{name}.bias"]
