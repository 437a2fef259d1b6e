"""From many small regions to few: neighbours that differ least become one, the small ones first."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lexel.geometry.growing import sum_rows, sums

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
    pairs, step, length = _borders(label, steps)
    into = np.arange(len(size))
    for _ in range(max(0, len(size) - most)):
        if not len(pairs):
            break
        a, b = pairs[np.argmin(_prices(pairs, step / length, size, total))]
        into[into == b] = a
        size[a] += size[b]
        total[a] += total[b]
        pairs, step, length = _without(pairs, step, length, int(a), int(b))
    return np.unique(into[label], return_inverse=True)[1].reshape(label.shape).astype(np.int32)


def _prices(
    pairs: npt.NDArray[np.int64],
    step: Doubles,
    size: Doubles,
    total: Doubles,
) -> Doubles:
    a, b = pairs.T
    differ = np.linalg.norm(total[a] / size[a, None] - total[b] / size[b, None], axis=1)
    return np.asarray((differ + step) * np.sqrt(size[a] * size[b] / (size[a] + size[b])))


def _borders(label: Ints, steps: Floats) -> tuple[npt.NDArray[np.int64], Doubles, Doubles]:
    """Pairs of touching regions (B, 2), the summed jump along their borders, and their lengths."""
    ends, jumps = [], []
    for first, second in ((np.s_[:, :-1], np.s_[:, 1:]), (np.s_[:-1], np.s_[1:])):
        a, b = label[first], label[second]
        across = a != b
        ends.append(np.sort(np.stack([a[across], b[across]], axis=1), axis=1))
        jumps.append(np.abs(steps[first][across] - steps[second][across]).sum(-1))
    every = np.concatenate(jumps).astype(np.float64)
    return _grouped(np.concatenate(ends).astype(np.int64), every, np.ones(len(every)))


def _without(
    pairs: npt.NDArray[np.int64],
    step: Doubles,
    length: Doubles,
    kept: int,
    gone: int,
) -> tuple[npt.NDArray[np.int64], Doubles, Doubles]:
    """The borders once `gone` is a part of `kept`."""
    moved = np.sort(np.where(pairs == gone, kept, pairs), axis=1)
    outer = moved[:, 0] != moved[:, 1]
    return _grouped(moved[outer], step[outer], length[outer])


def _grouped(
    pairs: npt.NDArray[np.int64],
    step: Doubles,
    length: Doubles,
) -> tuple[npt.NDArray[np.int64], Doubles, Doubles]:
    keys, number = np.unique(pairs[:, 0] << 32 | pairs[:, 1], return_inverse=True)
    found = np.stack([keys >> 32, keys & 0xFFFFFFFF], axis=1)
    count = len(keys)
    return found, sums(step, number, count), sums(length, number, count)
