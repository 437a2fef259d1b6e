"""Relevancy as a perfect image-text model would give it, and as a faulty one might.

What is in the picture is known in the synthetic world: the exact relevancy of a label is the mask
of its objects. It bounds what 3D networks can reach with any encoder. Degraded masks are blurred,
patchy, noisy and mixed up with other objects, each view by another handwriting: networks that learn
from them do not learn the faults of one encoder.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

_HANDWRITING = 0.01  # about the size of an encoder's relevancies
_PATCHES = 12  # cells of noise along the shorter side


def exact_maps(masks: Tensor, size: tuple[int, int]) -> Tensor:
    """Share of each cell that the mask covers: [L, h, w] float32 of masks [L, H, W] bool."""
    return F.interpolate(masks[None].float(), size=size, mode="area")[0]


def degraded_maps(exact: Tensor, rng: np.random.Generator) -> Tensor:
    """What a faulty encoder might give for exact maps [L, h, w]: the same shape, ≥ 0.

    All maps of a call share blur, noise and size, as those of one encoder would.
    """
    blurred = _blurred(exact, rng.uniform(0.6, 3.0))
    confused = torch.from_numpy(_confusion(len(exact), rng)).to(exact)
    mixed = torch.einsum("lk,khw->lhw", confused, blurred)
    patchy = 1 - rng.uniform(0.1, 0.8) * _noise(exact.shape, rng)
    noise = rng.uniform(0.05, 0.4) * _noise(exact.shape, rng)
    loudness = torch.from_numpy(rng.lognormal(0, 0.3, (len(exact), 1, 1))).to(exact)
    size = _HANDWRITING * float(rng.lognormal(0, 1))
    return size * loudness * (mixed * patchy + noise)


def _confusion(labels: int, rng: np.random.Generator) -> np.ndarray:
    """[L, L]: each map is its own, and some of one other's."""
    confused = np.eye(labels)
    others = rng.integers(labels, size=labels)
    confused[np.arange(labels), others] += rng.uniform(0, 0.5, labels) * (rng.random(labels) < 0.5)
    return confused


def _noise(shape: torch.Size, rng: np.random.Generator) -> Tensor:
    """Smooth noise 0..1 of shape [L, h, w]."""
    labels, height, width = shape
    coarse = rng.random((1, labels, _PATCHES, round(_PATCHES * width / height)), np.float32)
    return F.interpolate(torch.from_numpy(coarse), size=(height, width), mode="bilinear")[0]


def _blurred(maps: Tensor, sigma: float) -> Tensor:
    """Maps [L, h, w] under a Gaussian of `sigma` cells."""
    reach = int(np.ceil(3 * sigma))
    line = torch.exp(-0.5 * (torch.arange(-reach, reach + 1) / sigma) ** 2)
    line = line / line.sum()
    down = F.conv2d(maps[:, None], line.view(1, 1, -1, 1), padding=(reach, 0))
    return F.conv2d(down, line.view(1, 1, 1, -1), padding=(0, reach))[:, 0]
