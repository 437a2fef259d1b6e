"""Oddities of the published networks that their weights were trained with and depend on.

Each is wrong on its own; all must stay for published checkpoints, and our own networks share the
arithmetic so that there is one way. (Facts: real-stanford/semantic-abstraction @ e76495e.)

1. Points are scattered into voxels by their **mean**, though the option says `max`.
2. The decoder reads the volume with **x and z swapped**: `grid_sample` takes the first
   coordinate for the last axis. A query at (x, y, z) reads voxel (z, y, x).
3. The decoder divides by the number of voxels (128) where the scatter multiplied by the number of
   intervals (127), so the far end is read 1/128 of the box short.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor


def grid_units(xyz: Tensor, bounds: Tensor, size: Tensor) -> Tensor:
    """Positions [..., 3] in the box as voxel units 0..size-1, clamped to the box."""
    low, high = bounds
    return torch.minimum((xyz - low) * (size - 1) / (high - low), size - 1).clamp_min(0)


def voxel_index(xyz: Tensor, bounds: Tensor, size: Tensor) -> Tensor:
    """Flat index [N] of the voxel each point [N, 3] falls in; the last voxel is only its face."""
    ijk = grid_units(xyz, bounds, size).long()
    _, ny, nz = (int(s) for s in size)
    return (ijk[:, 0] * ny + ijk[:, 1]) * nz + ijk[:, 2]


def scatter_mean(features: Tensor, voxel: Tensor, shape: tuple[int, int, int]) -> Tensor:
    """Mean feature [N, C] of each voxel's points, 0 where none: [1, C, X, Y, Z], channels last."""
    num_voxels = shape[0] * shape[1] * shape[2]
    occupied, inverse = torch.unique(voxel, return_inverse=True)
    sums = features.new_zeros(len(occupied), features.shape[1]).index_add_(0, inverse, features)
    count = torch.bincount(inverse, minlength=len(occupied)).to(features.dtype)
    rows = features.new_zeros(num_voxels, features.shape[1])
    rows.index_copy_(0, occupied, sums / count[:, None])
    return rows.view(1, *shape, -1).permute(0, 4, 1, 2, 3)


def sampler_coordinates(xyz: Tensor, bounds: Tensor, size: Tensor) -> Tensor:
    """Positions [..., 3] as the coordinates the decoder sees: -1..(size-2)/size per axis."""
    return 2 * (grid_units(xyz, bounds, size) / size) - 1


def sample_volume(volume: Tensor, coordinates: Tensor) -> Tensor:
    """Trilinear features [B, Q, C] of `volume` [B, C, X, Y, Z] at `coordinates` [B, Q, 3]."""
    grid = coordinates[:, :, None, None, :]
    sampled = F.grid_sample(
        volume, grid, mode="bilinear", padding_mode="border", align_corners=True
    )
    return sampled[:, :, :, 0, 0].transpose(1, 2)
