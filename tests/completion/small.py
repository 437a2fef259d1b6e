"""Small networks with random weights, and a small cloud for them to read."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from lexel.completion.checkpoints import Network, untrained_network
from lexel.completion.cloud import NetworkCloud
from lexel.completion.config import NetworkConfig

HEIGHT, WIDTH = 12, 10
_SMALL: dict[str, Any] = {
    "voxel_shape": (16, 16, 16),
    "unet_num_channels": 8,
    "unet_f_maps": 8,
    "unet_num_levels": 3,
    "unet_num_groups": 4,
    "pts_feat_extractor_hidden_dim": 16,
    "pointing_dim": 6,
    "num_input_pts": 200,
}


def small_config(**changes: Any) -> NetworkConfig:
    return NetworkConfig(**{**_SMALL, **changes})


def small_network(kind: type[Network], seed: int = 0, **changes: Any) -> Network:
    """An untrained network whose normalisations and biases are not at trivial values."""
    network = untrained_network(kind, seed, small_config(**changes))
    draw = torch.Generator().manual_seed(seed)
    for name, parameter in network.named_parameters():
        if "groupnorm" in name:
            parameter.add_(0.5 * torch.randn(parameter.shape, generator=draw))
    return network


def random_cloud(config: NetworkConfig, points: int = 100, seed: int = 0) -> NetworkCloud:
    """Points all over the box, each of a pixel of its own in an image of 12 x 10."""
    draw = torch.Generator().manual_seed(seed)
    low, high = torch.tensor(config.scene_bounds)
    xyz = low + (high - low) * torch.rand(points, 3, generator=draw)
    pixel = torch.randperm(HEIGHT * WIDTH, generator=draw)[:points]
    return NetworkCloud(xyz, pixel, torch.rand(points, 3, generator=draw))


def random_map(seed: int) -> Tensor:
    """A relevancy map as networks read it."""
    return torch.randn(HEIGHT, WIDTH, generator=torch.Generator().manual_seed(seed))
