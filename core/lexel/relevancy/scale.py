"""One size for the relevancies of every encoder.

Encoders differ in handwriting: the published one gives values about 0.01, a small one a tenth or
the tenfold of it. Networks that learn from several encoders, and shall read others, are therefore
given relevancy in units of the view itself: what is peculiar to a map (it less the mean) over the
size that only one value in a hundred exceeds, in any of the view's maps. Published networks read
`50 · (relevancy - mean)` instead and never come here.
"""

from __future__ import annotations

import torch
from torch import Tensor

_QUANTILE = 0.99
_SMALLEST = 1e-8  # of maps that are all the same, nothing is made of noise


def peculiarity_scale(maps: Tensor, mean: Tensor) -> float:
    """The size of a view's relevancies: the 99 % quantile of |map - mean| over all its maps.

    Args:
        maps: [L, H, W] relevancies of the view's labels, at any resolution.
        mean: [H, W], over the labels and their company.
    """
    size = (maps.float() - mean.float()).abs().flatten()
    rank = max(1, round(_QUANTILE * len(size)))
    return max(float(torch.kthvalue(size, rank).values), _SMALLEST)


def normalised(maps: Tensor, mean: Tensor, scale: float) -> Tensor:
    """What networks with `normalised_relevancy` read: (maps - mean) / scale, [..., H, W] float32.

    Mostly within -1..1, and above where a map is sure; clipped at ±10.
    """
    return ((maps.float() - mean.float()) / scale).clamp(-10.0, 10.0)
