"""The symmetric contrastive loss of CLIP, where pictures may have several captions.

Source: Radford et al., "Learning Transferable Visual Models From Natural Language Supervision"
(ICML 2021), figure 3. There every pair of a batch is the only right one; here pairs of one image,
or of the same words, are right together, so that no caption is taught to be wrong for its image.
"""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor


def contrastive_loss(images: Tensor, texts: Tensor, scale: Tensor, right: Tensor) -> Tensor:
    """Mean of the losses image to text and text to image, a scalar.

    Args:
        images, texts: [B, D] unit vectors; row i of both is a pair.
        scale: scalar, the inverse temperature.
        right: [B, B] bool, symmetric: image i may go with text j; the diagonal is true. With
            nothing else true this is cross entropy on the diagonal.
    """
    logits = scale * images.float() @ texts.float().T
    shares = right.float() / right.sum(1, keepdim=True)
    return (_cross_entropy(logits, shares) + _cross_entropy(logits.T, shares)) / 2


def right_pairs(images: Tensor, texts: Tensor) -> Tensor:
    """[B, B] bool from numbers [B] that tell images, and texts, apart."""
    return (images[:, None] == images) | (texts[:, None] == texts)


def _cross_entropy(logits: Tensor, shares: Tensor) -> Tensor:
    return -(shares * F.log_softmax(logits, dim=1)).sum(1).mean()
