"""How fields are asked elsewhere: dense features in torch, and a hash-grid network over the points.

`DenseField`: a feature for each point, multiplied with every phrase (OpenScene, ConceptFusion;
relevancy after LERF). `HashGridField`: a network of the size of CLIP-Fields' (Shafiullah et al.,
2023), which must run over the points because it holds no features: 18 levels of 8 numbers in a
hash grid (Müller et al., 2022), a layer 600 wide, heads of 512 and 768 numbers. Its weights are
random and its tables have 2^18 rows instead of their 2^24, which only spares it cache misses.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

_LEVELS, _LEVEL_DIM, _TABLE_ROWS, _WIDTH = 18, 8, 1 << 18, 600
_COARSEST, _FINEST = 16, 2048
_PRIMES = (1, 2_654_435_761, 805_459_861)
_CHUNK = 20_000  # points at once


@torch.inference_mode()
def relevancy(features: Tensor, phrases: Tensor, negatives: Tensor, scale: float = 10.0) -> Tensor:
    """[N, Q] least pair softmax of unit features [N, D] for unit phrases [Q, D].

    By the same short cut as Lexel: only the strongest negative counts.
    """
    similarity = scale * features @ torch.cat([phrases, negatives]).T
    strongest = similarity[:, len(phrases) :].amax(dim=1, keepdim=True)
    return (similarity[:, : len(phrases)] - strongest).sigmoid()


@torch.inference_mode()
def colours(scores: Tensor, palette: Tensor) -> Tensor:
    """[N, 4] uint8: the colour of the best of [N, Q] scores."""
    return palette[scores.argmax(dim=1)]


@dataclass(frozen=True, eq=False)
class DenseField:
    """[N, D] float32 unit features; `block` is passed again and again where N is larger than it."""

    block: Tensor
    num_points: int

    def ask(self, phrases: Tensor, negatives: Tensor, palette: Tensor) -> Tensor:
        """Colours of all points."""
        rows = len(self.block)
        found = [
            colours(relevancy(self.block[: self.num_points - start], phrases, negatives), palette)
            for start in range(0, self.num_points, rows)
        ]
        return torch.cat(found)


class HashGridField(nn.Module):
    """Positions in 0..1 to CLIP and sentence features."""

    def __init__(self, dim: int = 512, sentence_dim: int = 768) -> None:
        super().__init__()
        self.tables = nn.Parameter(0.1 * torch.randn(_LEVELS, _TABLE_ROWS, _LEVEL_DIM))
        self.mlp = nn.Sequential(nn.Linear(_LEVELS * _LEVEL_DIM, _WIDTH), nn.ReLU())
        self.heads = nn.Linear(_WIDTH, dim + sentence_dim)
        self.dim = dim
        growth = (_FINEST / _COARSEST) ** (1 / (_LEVELS - 1))
        self.resolutions = [int(_COARSEST * growth**level) for level in range(_LEVELS)]

    @torch.inference_mode()
    def ask(self, xyz: Tensor, phrases: Tensor, negatives: Tensor, palette: Tensor) -> Tensor:
        """Colours of points [N, 3]."""
        found = []
        for start in range(0, len(xyz), _CHUNK):
            features = self.heads(self.mlp(self._encode(xyz[start : start + _CHUNK])))
            visual = nn.functional.normalize(features[:, : self.dim], dim=-1)
            found.append(colours(relevancy(visual, phrases, negatives), palette))
        return torch.cat(found)

    def _encode(self, xyz: Tensor) -> Tensor:
        levels = zip(self.tables, self.resolutions, strict=True)
        return torch.cat([_interpolated(table, xyz * size) for table, size in levels], dim=-1)


def _interpolated(table: Tensor, position: Tensor) -> Tensor:
    """Trilinear mean of a hashed grid's rows at the eight corners around each position [N, 3]."""
    lower = position.floor()
    part, corner = position - lower, lower.long()
    total = position.new_zeros(len(position), table.shape[1])
    for offset in torch.cartesian_prod(*[torch.tensor([0, 1])] * 3):
        x, y, z = ((corner + offset) * torch.tensor(_PRIMES)).unbind(-1)
        weight = torch.where(offset.bool(), part, 1 - part).prod(dim=-1, keepdim=True)
        total += weight * table[(x ^ y ^ z) & (_TABLE_ROWS - 1)]
    return total
