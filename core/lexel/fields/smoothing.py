"""Meaning made consistent over a surface, without bleeding over its edges.

Each superpoint keeps what the views said of it, as far as they said much, and listens to its
neighbours: the more, the less of a border lies between, the more alike they are already, and the
surer the neighbour is. One that no view saw says nothing and takes what it hears.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lexel.geometry.growing import Borders, sum_rows
from lexel.geometry.vectors import unit_rows

Longs = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]

_WHISPER = 0.05  # what a superpoint that no view saw passes on counts so much
_ALIKE = 0.4  # of the scene's spread: so far apart, 1/e of the word is heard
_LEAST_SPREAD = 1e-3


@dataclass(frozen=True)
class SmoothingSettings:
    """How much neighbours say.

    Attributes:
        rounds: how far word travels; 0 leaves everything as the views said.
        share: of the neighbours' word against a superpoint's own, at most.
        border: cost of a border over which 1/e of the word comes.
    """

    rounds: int = 16
    share: float = 0.75
    border: float = 0.2


def superpoint_borders(superpoint: Ints, pairs: Ints, cost: Floats) -> Borders:
    """Borders between superpoints, from those between points (E, 2)."""
    each = Borders(pairs.astype(np.int64), cost.astype(np.float64), np.ones(len(cost)))
    return each.merged(superpoint.astype(np.int64))


def smooth(
    mean: Floats, certainty: Floats, borders: Borders, settings: SmoothingSettings
) -> Floats:
    """(S, D) unit vectors; rows of zeros where nothing was said anywhere near.

    Args:
        mean: (S, D) unit vectors as the views have it, zeros where none saw anything.
        certainty: (S,) 0..1, how much the views said, and with one voice.
        borders: between superpoints.
    """
    if not len(borders.pairs):
        return mean
    a, b = borders.pairs.T
    through = borders.length * np.exp(-borders.cost / borders.length / settings.border)
    own = (certainty * (1 - settings.share))[:, None].astype(np.float32)
    spread = spread_of(mean)
    current = mean
    for _ in range(settings.rounds):
        voice = np.where(current.any(axis=1), np.maximum(certainty, _WHISPER), 0)
        heard = through * _likeness(current, a, b, spread)
        word = _mean_of_neighbours(
            current,
            np.concatenate([heard * voice[b], heard * voice[a]]),
            np.concatenate([a, b]),
            np.concatenate([b, a]),
        )
        current = unit_rows(own * mean + settings.share * word)
    return current


def spread_of(vectors: Floats) -> float:
    """How far apart any two of the unit vectors (S, D) are on average: 1 - their mean cosine."""
    said = vectors[vectors.any(axis=1)]
    if len(said) < 2:
        return 1.0
    mean = said.mean(axis=0)
    count = len(said)
    return max(_LEAST_SPREAD, float(1 - (count * (mean @ mean) - 1) / (count - 1)))


def _likeness(vectors: Floats, a: Longs, b: Longs, spread: float) -> npt.NDArray[np.float64]:
    """0..1 for each pair; towards one that says nothing, 1."""
    silent = ~vectors.any(axis=1)
    cosine = np.einsum("bd,bd->b", vectors[a], vectors[b])
    likeness = np.exp(-(1 - cosine) / (_ALIKE * spread))
    return np.where(silent[a] | silent[b], 1, likeness)


def _mean_of_neighbours(
    vectors: Floats, weight: npt.NDArray[np.float64], listener: Longs, speaker: Longs
) -> Floats:
    from scipy.sparse import csr_array

    count = len(vectors)
    graph = csr_array((weight, (listener, speaker)), (count, count))
    total = graph.sum(axis=1)
    mean = (graph @ vectors) / np.where(total > 0, total, 1)[:, None]
    return np.asarray(mean, np.float32)


def fill_silent(meaning: Floats, superpoint: Ints, xyz_m: Floats) -> Floats:
    """Superpoints of which nobody said anything take the meaning of the nearest that has one."""
    from scipy.spatial import cKDTree

    said = meaning.any(axis=1)
    if said.all() or not said.any():
        return meaning
    count = np.bincount(superpoint, minlength=len(meaning))[:, None]
    centre = sum_rows(xyz_m, superpoint, len(meaning)) / np.maximum(count, 1)
    _, nearest = cKDTree(centre[said]).query(centre[~said])
    filled = meaning.copy()
    filled[~said] = meaning[said][nearest]
    return filled
