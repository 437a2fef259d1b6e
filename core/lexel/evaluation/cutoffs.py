"""Agreement at many cut-offs at once.

The published protocol thresholds the points and pools them into voxels, once for each cut-off.
A voxel is predicted when any of its points is, which is when its largest logit is above the
cut-off: so logits are pooled once, and all cut-offs are counted from two sorted lists.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lexel.completion.quirks import voxel_index
from lexel.geometry.voxels import VoxelGrid

# The published cut-offs are -2.5, -2.4, … -0.1; networks of other balance have theirs elsewhere.
CUTOFFS = np.concatenate(
    [np.arange(-10, -2.5, 0.5), np.arange(-25, 30) / 10, np.arange(3, 10.5, 0.5)]
)


@dataclass(frozen=True, eq=False)
class Pools:
    """Which voxel of a grid each of Q positions falls in, by the networks' own rule."""

    voxel: Tensor
    num_voxels: int

    @classmethod
    def of(cls, xyz: Tensor, grid: VoxelGrid) -> Pools:
        """For positions [Q, 3], metres, in the frame of the grid."""
        bounds = xyz.new_tensor([grid.lower_m, grid.upper_m])
        voxel = voxel_index(xyz, bounds, xyz.new_tensor(grid.shape))
        return cls(voxel, grid.num_voxels)

    def pool(self, logits: Tensor, label: Tensor, ignore: Tensor) -> tuple[Tensor, Tensor]:
        """Largest logit and any label [V] of the voxels that count; inputs are [Q]."""
        largest = torch.full((self.num_voxels,), -torch.inf).scatter_reduce_(
            0, self.voxel, logits.float(), "amax"
        )
        counted = torch.zeros(self.num_voxels, dtype=torch.bool)
        counted[self.voxel] = True
        counted[self.voxel[ignore]] = False
        true = torch.zeros(self.num_voxels, dtype=torch.bool)
        true[self.voxel[label]] = True
        return largest[counted], true[counted]


def agreement_at(
    logits: Tensor, label: Tensor, cutoffs: NDArray[np.float64] = CUTOFFS
) -> dict[str, NDArray[np.float64]]:
    """IoU, precision, recall and shares of errors at every cut-off, each [C]; NaN where 0 / 0.

    `logits` and `label` [V] are of what counts. The same numbers as `metrics.agreement`.
    """
    total = np.float64(len(logits))
    true = np.sort(logits[label].numpy())
    false = np.sort(logits[~label].numpy())
    both = len(true) - np.searchsorted(true, cutoffs.astype(np.float32), "right").astype(float)
    wrong = len(false) - np.searchsorted(false, cutoffs.astype(np.float32), "right").astype(float)
    missed = len(true) - both
    with np.errstate(divide="ignore", invalid="ignore"):
        return {
            "iou": both / (both + wrong + missed),
            "precision": both / (both + wrong),
            "recall": both / (both + missed),
            "false_positive": wrong / total,
            "false_negative": missed / total,
        }
