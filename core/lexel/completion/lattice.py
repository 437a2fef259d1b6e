"""Decode feature volumes on a regular lattice, many times faster than point by point.

None of this changes the answer beyond rounding:

* The U-Net's last 1³ convolution and the decoder's first layer are both linear, and trilinear
  interpolation commutes with linear maps. Their product is applied once per *voxel*, not once per
  queried position, and what is interpolated are the hidden units.
* The part of the first layer that sees the position is linear in it, so it joins the voxels'
  hidden units before interpolation, which reproduces linear functions exactly.
* The lattice is regular: two axes are interpolated once per plane of voxels (128), the third is a
  blend of two neighbouring planes (240).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from lexel.completion import quirks
from lexel.completion.config import NetworkConfig
from lexel.completion.networks import ImplicitVolumetricDecoder
from lexel.geometry.voxels import VoxelGrid

# As torch's cosine similarity has it.
_SMALLEST_NORM = 1e-8


@dataclass(frozen=True)
class _Taps:
    """Linear interpolation along one axis: value = lerp(voxel[left], voxel[right], fraction)."""

    left: Tensor
    right: Tensor
    fraction: Tensor

    def to(self, device: torch.device) -> _Taps:
        return _Taps(self.left.to(device), self.right.to(device), self.fraction.to(device))


class LatticeDecoder:
    """An `ImplicitVolumetricDecoder` asked on the lattice of a `VoxelGrid`.

    Args:
        decoder: the decoder, with `concat_xyz` or without.
        final_conv: the U-Net's last convolution, folded in; volumes come from before it.
        config: the network's sizes.
        grid: where it is asked.
        num_volumes: how many volumes the decoder reads side by side (VOOL: 2).
    """

    def __init__(
        self,
        decoder: ImplicitVolumetricDecoder,
        final_conv: nn.Conv3d,
        config: NetworkConfig,
        grid: VoxelGrid,
        num_volumes: int = 1,
    ) -> None:
        first, self.last = decoder.layers
        self.grid = grid
        channels = config.unet_num_channels
        parts = first.weight.split(channels, dim=1)[:num_volumes]
        self._fused = [(part @ final_conv.weight.flatten(1)).T.contiguous() for part in parts]
        self._bias = first.bias + sum(part @ final_conv.bias for part in parts)
        device = first.weight.device
        self._taps = [_taps(grid, axis, config).to(device) for axis in range(3)]
        self._position = [
            _position_part(first.weight, axis, config)
            if decoder.concat_xyz
            else self._bias.new_zeros(config.voxel_shape[2 - axis], len(self._bias))
            for axis in range(3)
        ]

    def planes(
        self, volumes: Sequence[Tensor], wanted: Tensor | None = None
    ) -> Iterator[tuple[int, Tensor]]:
        """Activated hidden units, one plane of constant x after another.

        Args:
            volumes: `num_volumes` volumes before the final convolution, each [1, C, X, Y, Z].
            wanted: bool [size]; planes that are not wanted are left out.

        Yields:
            the plane's index, and its hidden units [size², H] in (z, y) order, overwritten by the
            next plane.
        """
        taps = self._taps[0]
        expanded: dict[int, Tensor] = {}
        blended: Tensor | None = None
        for index in range(self.grid.shape[0]):
            if wanted is not None and not wanted[index]:
                continue
            left, right = int(taps.left[index]), int(taps.right[index])
            for voxel in (left, right):
                if voxel not in expanded:
                    expanded = {k: v for k, v in expanded.items() if k >= left}
                    expanded[voxel] = self._expand(volumes, voxel)
            blended = torch.lerp(
                expanded[left], expanded[right], float(taps.fraction[index]), out=blended
            )
            yield index, F.leaky_relu_(blended, 0.01)

    def _expand(self, volumes: Sequence[Tensor], voxel: int) -> Tensor:
        """Hidden units of one plane of voxels, spread over the lattice's z and y: [size², H].

        Coordinate x runs along the volume's last axis and z along its first (`quirks`, 2), so z
        before y is the order in memory.
        """
        at_x, along_y, along_z = self._position
        plane = along_z[:, None] + (along_y + (at_x[voxel] + self._bias))
        rows = plane.flatten(0, 1)
        for volume, fused in zip(volumes, self._fused, strict=True):
            rows.addmm_(volume[0, :, :, :, voxel].permute(1, 2, 0).flatten(0, 1), fused)
        _, y, z = self._taps
        spread = torch.lerp(plane[z.left], plane[z.right], z.fraction[:, None, None]).flatten(0, 1)
        # Rows of the flattened plane: an `index_select` of whole rows is the fastest gather.
        first = torch.arange(len(z.left), device=y.left.device)[:, None] * len(along_y)
        left = spread.index_select(0, (first + y.left).flatten())
        right = spread.index_select(0, (first + y.right).flatten())
        return left.lerp_(right, y.fraction.repeat(len(z.left))[:, None])


def _taps(grid: VoxelGrid, axis: int, config: NetworkConfig) -> _Taps:
    """Between which voxels each lattice coordinate is read."""
    xyz = torch.zeros(grid.shape[axis], 3)
    xyz[:, axis] = torch.from_numpy(grid.lattice_axes()[axis])
    size = torch.tensor(config.voxel_shape).float()
    seen = quirks.sampler_coordinates(xyz, torch.tensor(config.scene_bounds), size)[:, axis]
    # Coordinate `axis` runs along voxel axis 2 - axis (`quirks`, 2).
    intervals = config.voxel_shape[2 - axis] - 1
    position = (seen + 1) / 2 * intervals
    left = position.floor().long().clamp(0, intervals)
    return _Taps(left, (left + 1).clamp_max(intervals), position - left)


def _position_part(weight: Tensor, axis: int, config: NetworkConfig) -> Tensor:
    """What the first layer makes of a voxel's own position along one axis: [V, H]."""
    seen = torch.linspace(-1, 1, config.voxel_shape[2 - axis], device=weight.device)
    return seen[:, None] * weight[:, -3 + axis]


@dataclass(frozen=True, eq=False)
class Places:
    """Which M places of a lattice are asked.

    Attributes:
        shape: of the lattice.
        planes: bool [X], where any of them stands.
        index: [M] int64, in (x, y, z) order.
    """

    shape: torch.Size
    planes: Tensor
    index: Tensor

    @classmethod
    def of(cls, wanted: Tensor) -> Places:
        """The places of a mask [X, Y, Z]."""
        return cls(wanted.shape, wanted.flatten(1).any(1), wanted.flatten().nonzero()[:, 0])

    def pick(self, values: Tensor) -> Tensor:
        """What stands at the places of an [X, Y, Z]: [M]."""
        return values.flatten().index_select(0, self.index)


def decode_logits(decoder: LatticeDecoder, volume: Tensor, places: Places) -> Tensor:
    """Logits [M] of a decoder with one output."""
    weight, bias = decoder.last.weight[0], decoder.last.bias
    result = volume.new_empty(places.shape)
    for index, hidden in decoder.planes([volume], places.planes):
        result[index].T.copy_(torch.mv(hidden, weight).view_as(result[index].T))
    return places.pick(result) + bias


def decode_cosine(
    decoder: LatticeDecoder, volumes: Sequence[Tensor], query: Tensor, places: Places
) -> Tensor:
    """Cosine [M] of the decoder's output with `query` [D].

    The output itself (D numbers per position) is never made: its product with the query is linear
    in the hidden units h, and its squared norm is |R·(h, 1)|² with R triangular from a QR of the
    last layer, at most one row more than there are hidden units.
    """
    last = decoder.last
    affine = torch.cat([last.weight, last.bias[:, None]], dim=1).double()
    towards = F.normalize(query.double(), dim=0) @ affine
    triangle = torch.linalg.qr(affine, mode="r").R
    combined = torch.cat([triangle, towards[None]]).float()
    matrix, offset = combined[:, :-1].T.contiguous(), combined[:, -1]
    result = query.new_empty(places.shape)
    mapped = query.new_empty(result[0].numel(), len(combined))
    for index, hidden in decoder.planes(volumes, places.planes):
        torch.mm(hidden, matrix, out=mapped).add_(offset)
        norm = torch.linalg.vector_norm(mapped[:, :-1], dim=1).clamp_min_(_SMALLEST_NORM)
        result[index].T.copy_((mapped[:, -1] / norm).view_as(result[index].T))
    return places.pick(result)
