"""The five published networks over one shape: points -> voxels -> U-Net -> implicit decoder.

Source: Ha & Song, "Semantic Abstraction" (CoRL 2022). Attribute names are the published
state-dict keys. Letters in shapes: B scenes, P labels or descriptions of a scene, N input
points, Q queried positions, F per-point inputs, C channels, [X, Y, Z] voxels.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import torch
from torch import Tensor, nn

from lexel.completion import quirks
from lexel.completion.config import NetworkConfig
from lexel.completion.unet import ResidualUNet3D
from lexel.scene import RELATIONS

COSINE_TEMPERATURE = 0.07
_INPUT_WIDTHS = {"saliency": 1, "rgb": 3}
_SMALLEST_SIZE = 1e-8
PADDING_RELATION = "[pad]"


class ImplicitVolumetricDecoder(nn.Module):
    """Reads a feature volume at any position and maps it through a small network."""

    bounds: Tensor
    size: Tensor

    def __init__(self, config: NetworkConfig, channels: int, out: int, concat_xyz: bool) -> None:
        super().__init__()
        self.concat_xyz = concat_xyz
        inputs = channels + (3 if concat_xyz else 0)
        self.mlp = nn.Sequential(
            nn.Linear(inputs, channels), nn.LeakyReLU(), nn.Linear(channels, out)
        )
        _register_box(self, config)

    @property
    def layers(self) -> tuple[nn.Linear, nn.Linear]:
        """The two linear layers, a leaky ReLU between them."""
        return cast(nn.Linear, self.mlp[0]), cast(nn.Linear, self.mlp[2])

    def forward(self, volume: Tensor, xyz: Tensor) -> Tensor:
        """[B, C, X, Y, Z] read at [B, Q, 3] -> [B, Q, out]."""
        coordinates = quirks.sampler_coordinates(xyz, self.bounds, self.size)
        features = quirks.sample_volume(volume, coordinates)
        if self.concat_xyz:
            features = torch.cat([features, coordinates], dim=-1)
        return self.mlp(features)


class CompletionNetwork(nn.Module):
    """Point network, voxels and U-Net with a decoder: the trunk that all five share.

    Args:
        config: sizes.
        head: numbers the decoder gives per position.
        inputs: per-point inputs besides the position.
        concat_xyz: whether the decoder sees where it is asked.
    """

    steps: Tensor
    bounds: Tensor
    size: Tensor

    def __init__(
        self, config: NetworkConfig, head: int, inputs: tuple[str, ...], concat_xyz: bool
    ) -> None:
        super().__init__()
        self.config = config
        hidden, channels = config.pts_feat_extractor_hidden_dim, config.unet_num_channels
        self.register_buffer("steps", torch.zeros(1))
        _register_box(self, config)
        self.pts_feat_extractor = nn.Sequential(
            nn.Linear(3 + sum(_INPUT_WIDTHS[i] for i in inputs), hidden),
            nn.LeakyReLU(),
            nn.Linear(hidden, hidden),
            nn.LeakyReLU(),
            nn.Linear(hidden, channels),
        )
        self.vol_feature_extractor = ResidualUNet3D(
            channels,
            channels,
            width=config.unet_f_maps,
            levels=config.unet_num_levels,
            groups=config.unet_num_groups,
        )
        self.visual_sampler = ImplicitVolumetricDecoder(config, channels, head, concat_xyz)

    def point_features(self, xyz: Tensor, features: Tensor) -> Tensor:
        """[..., N, 3] and [..., N, F] -> [..., N, C]."""
        return self.pts_feat_extractor(torch.cat([xyz, features], dim=-1))

    def input_volume(self, xyz: Tensor, features: Tensor) -> Tensor:
        """Features of points [N, 3], [N, F] gathered in voxels: [1, C, X, Y, Z]."""
        voxel = quirks.voxel_index(xyz, self.bounds, self.size)
        return quirks.scatter_mean(
            self.point_features(xyz, features), voxel, self.config.voxel_shape
        )

    def volumes(self, xyz: Tensor, features: Tensor) -> Tensor:
        """Completed volumes of [B, N, 3] and [B, P, N, F]: [B·P, C, X, Y, Z]."""
        inputs = [
            self.input_volume(points, values)
            for points, patches in zip(xyz, features, strict=True)
            for values in patches
        ]
        return self.vol_feature_extractor(torch.cat(inputs) if len(inputs) > 1 else inputs[0])

    def sample(self, xyz: Tensor, features: Tensor, queries: Tensor) -> Tensor:
        """The decoder's answer at `queries` [B, P, Q, 3]: [B, P, Q, head]."""
        decoded = self.visual_sampler(self.volumes(xyz, features), queries.flatten(0, 1))
        return decoded.unflatten(0, queries.shape[:2])


class SemAbs3D(CompletionNetwork):
    """OVSSC from one relevancy map: how much each position belongs to what the map shows."""

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__(config, 1, config.network_inputs, config.decoder_concat_xyz_pts)

    def forward(self, xyz: Tensor, features: Tensor, queries: Tensor) -> Tensor:
        """[B, N, 3], [B, P, N, F], [B, P, Q, 3] -> logits [B, P, Q]."""
        return self.sample(xyz, features, queries)[..., 0]


class SemanticAwareOVSSC(CompletionNetwork):
    """Baseline: colour in, a CLIP-like feature out, compared with the label's text feature."""

    def __init__(self, config: NetworkConfig) -> None:
        head = config.text_feature_dim
        super().__init__(config, head, ("rgb",), config.decoder_concat_xyz_pts)

    def forward(self, xyz: Tensor, rgb: Tensor, queries: Tensor, text: Tensor) -> Tensor:
        """[B, N, 3], [B, P, N, 3], [B, P, Q, 3] and text [B, P, D] -> logits [B, P, Q]."""
        return cosine_logits(self.sample(xyz, rgb, queries), text)


class LocalisationNetwork(nn.Module):
    """What the three VOOL networks share: a trunk, and embeddings of the spatial relations."""

    steps: Tensor

    def __init__(self, config: NetworkConfig, head: int, inputs: tuple[str, ...]) -> None:
        super().__init__()
        self.config = config
        self.register_buffer("steps", torch.zeros(1))
        self.completion_net = CompletionNetwork(config, head, inputs, concat_xyz=False)

    def _make_relations(self, dim: int) -> None:
        names = sorted((*RELATIONS, PADDING_RELATION))
        self.relation_embeddings = nn.ParameterDict(
            {name: nn.Parameter(torch.randn(dim)) for name in names}
        )

    def relations(self, names: Sequence[Sequence[str]]) -> Tensor:
        """Embeddings [B, P, D] of relation names, B lists of P."""
        return torch.stack(
            [torch.stack([self.relation_embeddings[name] for name in row]) for row in names]
        )


class SemAbsVOOL(LocalisationNetwork):
    """VOOL from two relevancy maps, target and reference, and the relation between them."""

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__(config, 1, config.network_inputs)
        self.spatial_sampler = ImplicitVolumetricDecoder(
            config, 2 * config.unet_num_channels, config.pointing_dim, config.decoder_concat_xyz_pts
        )
        self._make_relations(config.pointing_dim)

    def forward(
        self,
        xyz: Tensor,
        target: Tensor,
        reference: Tensor,
        relations: Sequence[Sequence[str]],
        queries: Tensor,
    ) -> Tensor:
        """[B, N, 3], twice [B, P, N, F], B lists of P names, [B, P, Q, 3] -> [B, P, Q]."""
        trunk = self.completion_net
        volumes = torch.cat([trunk.volumes(xyz, target), trunk.volumes(xyz, reference)], dim=1)
        sampled = self.spatial_sampler(volumes, queries.flatten(0, 1))
        return cosine_logits(sampled.unflatten(0, queries.shape[:2]), self.relations(relations))


class SemanticAwareVOOL(LocalisationNetwork):
    """Baseline: colour in; target, relation and reference become one query vector."""

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__(config, config.pointing_dim, ("rgb",))
        # The published network carries this decoder in its weights but never calls it.
        self.spatial_sampler = ImplicitVolumetricDecoder(
            config, 2 * config.unet_num_channels, config.pointing_dim, config.decoder_concat_xyz_pts
        )
        self._make_relations(config.pointing_dim)
        query = 2 * config.text_feature_dim + config.pointing_dim
        self.mlp = nn.Linear(query, config.pointing_dim)

    def forward(
        self,
        xyz: Tensor,
        rgb: Tensor,
        target_text: Tensor,
        reference_text: Tensor,
        relations: Sequence[Sequence[str]],
        queries: Tensor,
    ) -> Tensor:
        """[B, N, 3], [B, P, N, 3], twice [B, P, D], B lists of P, [B, P, Q, 3] -> [B, P, Q]."""
        query = self.mlp(torch.cat([target_text, reference_text, self.relations(relations)], -1))
        return cosine_logits(self.completion_net.sample(xyz, rgb, queries), query)


class ClipSpatialVOOL(LocalisationNetwork):
    """Baseline: CLIP alone must understand the whole sentence, through its relevancy."""

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__(config, 1, config.network_inputs)
        self.spatial_sampler = ImplicitVolumetricDecoder(
            config, config.unet_num_channels, 1, config.decoder_concat_xyz_pts
        )

    def forward(self, xyz: Tensor, features: Tensor, queries: Tensor) -> Tensor:
        """[B, N, 3], [B, P, N, F], [B, P, Q, 3] -> logits [B, P, Q]."""
        volumes = self.completion_net.volumes(xyz, features)
        sampled = self.spatial_sampler(volumes, queries.flatten(0, 1))
        return sampled.unflatten(0, queries.shape[:2])[..., 0]


def _register_box(module: nn.Module, config: NetworkConfig) -> None:
    """The box and its voxels as buffers. No checkpoint holds them, so they are on the CPU even
    when the module is built on `meta` and has its tensors still to come."""
    bounds = torch.tensor(config.scene_bounds, device="cpu")
    size = torch.tensor(config.voxel_shape, device="cpu").float()
    module.register_buffer("bounds", bounds, persistent=False)
    module.register_buffer("size", size, persistent=False)


def cosine_logits(sampled: Tensor, query: Tensor) -> Tensor:
    """[B, P, Q, D] against [B, P, D]: cosine over temperature, [B, P, Q]."""
    # As `F.cosine_similarity`, which would write out sampled · query: a third of the whole pass.
    sizes = sampled.norm(dim=-1) * query.norm(dim=-1, keepdim=True)
    alike = (sampled @ query[..., None])[..., 0] / sizes.clamp_min(_SMALLEST_SIZE)
    return alike / COSINE_TEMPERATURE
