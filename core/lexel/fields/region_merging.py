"""From many small regions to few: neighbours that differ least become one, the small ones first."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lexel.geometry.growing import Borders, sum_rows

Floats = npt.NDArray[np.floating]
Ints = npt.NDArray[np.int32]
Doubles = npt.NDArray[np.float64]


def merge_regions(label: Ints, looks: Floats, steps: Floats, most: int) -> Ints:
    """A label image (H, W), numbered from 0, with at most `most` regions.

    The pair merged next has the least Ward price: how much the two differ, times the root of
    n·m / (n + m) pixels. They differ by their mean looks, and by the step across their border.

    Args:
        label: (H, W) numbered from 0, every pixel in a region.
        looks: (H, W, C) whose means are compared.
        steps: (H, W, S) that may slope within a region but not jump at its border.
        most: at least 1.
    """
    size: Doubles = np.bincount(label.reshape(-1)).astype(np.float64)
    total = sum_rows(looks.reshape(-1, looks.shape[-1]), label.reshape(-1), len(size))
    borders, every = _borders(label, steps), np.arange(len(size))
    into = every.copy()
    for _ in range(max(0, len(size) - most)):
        if not len(borders.pairs):
            break
        a, b = borders.pairs[np.argmin(_prices(borders, size, total))]
        into[into == b] = a
        size[a] += size[b]
        total[a] += total[b]
        borders = borders.merged(np.where(every == b, a, every))
    return np.unique(into[label], return_inverse=True)[1].reshape(label.shape).astype(np.int32)


def _prices(borders: Borders, size: Doubles, total: Doubles) -> Doubles:
    a, b = borders.pairs.T
    differ = np.linalg.norm(total[a] / size[a, None] - total[b] / size[b, None], axis=1)
    step = borders.cost / borders.length
    return np.asarray((differ + step) * np.sqrt(size[a] * size[b] / (size[a] + size[b])))


def _borders(label: Ints, steps: Floats) -> Borders:
    """Touching regions; a border costs the summed jump along it."""
    ends, jumps = [], []
    for first, second in ((np.s_[:, :-1], np.s_[:, 1:]), (np.s_[:-1], np.s_[1:])):
        a, b = label[first], label[second]
        across = a != b
        ends.append(np.stack([a[across], b[across]], axis=1))
        jumps.append(np.abs(steps[first][across] - steps[second][across]).sum(-1))
    cost = np.concatenate(jumps).astype(np.float64)
    steps_apart = Borders(np.concatenate(ends).astype(np.int64), cost, np.ones(len(cost)))
    return steps_apart.merged(np.arange(int(label.max()) + 1))
