"""Losses of the completion networks: binary cross-entropy on point logits.

Source: Ha & Song, "Semantic Abstraction" (CoRL 2022). Letters in shapes: B scenes, P labels or
descriptions of a scene, Q points.
"""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor

_EPSILON = 1e-10  # keeps a label without any positive (or negative) point finite


def balancing_weights(label: Tensor) -> Tensor:
    """Weights [..., Q] float32 under which positives and negatives of each label count the same.

    Each point weighs the inverse of its class's share among the label's points, scaled so that
    a label's weights still add up to Q.

    Args:
        label: [..., Q] bool, whether the point belongs to the label.
    """
    positive_share = label.float().mean(dim=-1, keepdim=True)
    share = label * positive_share + ~label * (1 - positive_share)
    weight = 1 / (share + _EPSILON)
    return weight / weight.mean(dim=-1, keepdim=True)


def binary_cross_entropy(
    logits: Tensor, label: Tensor, ignore: Tensor | None = None, *, balanced: bool = False
) -> Tensor:
    """Mean binary cross-entropy, a scalar.

    Args:
        logits: [..., Q] float.
        label: [..., Q] bool.
        ignore: [..., Q] bool, points left out of the mean; None leaves out none.
        balanced: weigh the points by `balancing_weights`.
    """
    weight = balancing_weights(label) if balanced else None
    loss = F.binary_cross_entropy_with_logits(
        logits, label.to(logits.dtype), weight=weight, reduction="none"
    )
    return loss.mean() if ignore is None else loss[~ignore].mean()
