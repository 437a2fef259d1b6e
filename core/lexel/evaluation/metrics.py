"""Agreement of predicted and true points, on the points themselves and on voxels.

Source: the evaluation protocol of Ha & Song, "Semantic Abstraction" (CoRL 2022). Points are pooled
into voxels by "any": a voxel is predicted (true) when any of its points is. It is ignored when any
of its points is, or when it has none. Letters in shapes: Q points, V voxels; "..." stands for
scenes and labels, each of which is measured by itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from lexel.completion.quirks import voxel_index
from lexel.geometry.voxels import VoxelGrid

# The two resolutions of the published tables, both in the networks' 2 m box.
COARSE = VoxelGrid(shape=(32, 32, 32))
FINE = VoxelGrid(shape=(64, 64, 64))


@dataclass(frozen=True, eq=False)
class Judged:
    """What is compared: `prediction`, `label`, `ignore`, each [..., Q or V] bool."""

    prediction: Tensor
    label: Tensor
    ignore: Tensor


@dataclass(frozen=True, eq=False)
class Agreement:
    """Each [...] float64; NaN where a ratio is 0 / 0.

    Attributes:
        precision: share of the predicted that is true.
        recall: share of the true that is predicted.
        false_positive, false_negative: wrongly predicted and wrongly missed, as shares of
            everything that is not ignored.
        iou: both predicted and true, as a share of either.
    """

    precision: Tensor
    recall: Tensor
    false_positive: Tensor
    false_negative: Tensor
    iou: Tensor


def threshold(logits: Tensor, cutoff: float, label: Tensor, ignore: Tensor) -> Judged:
    """The points [..., Q] whose logit is above `cutoff`, ready to be compared."""
    return Judged(logits > cutoff, label.bool(), ignore.bool())


def voxelise(points: Judged, xyz: Tensor, grid: VoxelGrid = COARSE) -> Judged:
    """Pool points [..., Q] at `xyz` [..., Q, 3] (metres, frame of the grid) into voxels [..., V].

    V runs over the grid in C order.
    """
    voxel = _voxel_of(xyz, grid)
    seen = _any_of(torch.ones_like(points.ignore), voxel, grid.num_voxels)
    ignored = _any_of(points.ignore, voxel, grid.num_voxels)
    return Judged(
        prediction=_any_of(points.prediction, voxel, grid.num_voxels),
        label=_any_of(points.label, voxel, grid.num_voxels),
        ignore=ignored | ~seen,
    )


def agreement(judged: Judged) -> Agreement:
    """Precision, recall, shares of errors and IoU of what is not ignored."""
    counted = ~judged.ignore
    prediction, label = judged.prediction & counted, judged.label & counted
    total = _count(counted)
    both = _count(prediction & label)
    false_positive = _count(prediction & ~label)
    false_negative = _count(label & ~prediction)
    return Agreement(
        precision=both / (both + false_positive),
        recall=both / (both + false_negative),
        false_positive=false_positive / total,
        false_negative=false_negative / total,
        iou=both / (both + false_positive + false_negative),
    )


def _voxel_of(xyz: Tensor, grid: VoxelGrid) -> Tensor:
    """Flat voxel index [..., Q]: the networks' own rule, so that both see the same cells."""
    bounds = xyz.new_tensor([grid.lower_m, grid.upper_m])
    size = xyz.new_tensor(grid.shape)
    return voxel_index(xyz.reshape(-1, 3), bounds, size).view(xyz.shape[:-1])


def _any_of(mask: Tensor, voxel: Tensor, num_voxels: int) -> Tensor:
    """[..., V] bool: whether `mask` [..., Q] holds for any point of each voxel."""
    pooled = mask.new_zeros((*mask.shape[:-1], num_voxels), dtype=torch.uint8)
    return pooled.scatter_reduce_(-1, voxel, mask.to(torch.uint8), reduce="amax").bool()


def _count(mask: Tensor) -> Tensor:
    return mask.sum(dim=-1, dtype=torch.float64)
