"""One size for the relevancies of every encoder.

Encoders differ in handwriting: the published one gives values about 0.01, a small one a tenth or
the tenfold of it. Networks that learn from several encoders, and shall read others, are therefore
given relevancy in units of the view itself: what is peculiar to a map (it less the mean) over the
size that only one value in a thousand exceeds, in any of the maps of the view's phrases and of
their company (the background labels, which keep the unit steady however few phrases are asked).
Published networks read `50 · (relevancy - mean)` instead and never come here.
"""

from __future__ import annotations

import torch
from torch import Tensor

_QUANTILE = 0.999
_SMALLEST = 1e-8  # of maps that are all the same, nothing is made of noise
_HIGHEST = 10.0


def peculiarity_scale(peculiar: Tensor) -> float:
    """The size of a view's relevancies: the 99.9 % quantile of |peculiar|.

    Args:
        peculiar: [L, h, w], maps less their mean, at about 64 × 48 cells.
    """
    size = peculiar.abs().flatten()
    rank = max(1, round(_QUANTILE * len(size)))
    return max(float(torch.kthvalue(size, rank).values), _SMALLEST)


def normalised(peculiar: Tensor, scale: float) -> Tensor:
    """What networks with `normalised_relevancy` read: mostly within -1..1, clipped at ±10."""
    return (peculiar / scale).clamp(-_HIGHEST, _HIGHEST)
