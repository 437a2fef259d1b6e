"""How the published programs ask a network: anew for every chunk of the lattice.

Each chunk of 2^20 places draws 80,000 points with replacement and runs the whole network on them,
U-Net included, with a graph that nobody uses.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from benchmarks.published.networks import PlainNetwork

CHUNK = 1 << 20
POINTS = 80_000
CUTOFF = -3.0
KEEP_BELOW_MAX = 0.15


@dataclass(frozen=True, eq=False)
class Asked:
    """What every run of a network is given.

    Attributes:
        xyz: [N, 3], the view's points inside the box.
        places: [M, 3], the lattice.
        random: source of the draws.
        points: how many are drawn for one run.
        chunk: how many places are asked in one run.
    """

    xyz: Tensor
    places: Tensor
    random: np.random.RandomState
    points: int = POINTS
    chunk: int = CHUNK

    def draw(self) -> Tensor:
        """Indices of the points of one run."""
        return torch.from_numpy(self.random.choice(len(self.xyz), self.points))


def complete_label(network: PlainNetwork, asked: Asked, relevancy: Tensor) -> Tensor:
    """Logits [M] of one label, from its relevancy at the points [N, 1]."""

    def run(drawn: Tensor, places: Tensor) -> Tensor:
        return network.logits(asked.xyz[drawn], relevancy[drawn], places)

    return _chunk_by_chunk(asked, run)


def locate_description(
    network: PlainNetwork, asked: Asked, target: Tensor, relation: str, reference: Tensor
) -> Tensor:
    """Logits [M] of one description, from relevancies at the points, each [N, 1]."""

    def run(drawn: Tensor, places: Tensor) -> Tensor:
        return network.pointing_logits(
            asked.xyz[drawn], target[drawn], reference[drawn], relation, places
        )

    return _chunk_by_chunk(asked, run)


def best_labels(logits: Sequence[Tensor], wanted: Tensor) -> Tensor:
    """Index of the winning label at each place [M]; -1 where all are low or none is wanted."""
    stacked = torch.stack(list(logits))
    empty = (stacked < CUTOFF).all(dim=0) | ~wanted
    return stacked.argmax(dim=0).masked_fill(empty, -1)


def kept_places(logits: Tensor) -> Tensor:
    """bool [M]: the places that answer a description."""
    return logits > logits.max() - KEEP_BELOW_MAX


def _chunk_by_chunk(asked: Asked, run: Callable[[Tensor, Tensor], Tensor]) -> Tensor:
    parts = [run(asked.draw(), places).detach() for places in asked.places.split(asked.chunk)]
    return torch.cat(parts)
