"""Growing pieces by pairs: every piece looks at its cheapest neighbour, and two that look at each
other become one.

A round is a few sorts, and there are some tens of them whatever the number of pieces.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, Self, TypeVar

import numpy as np
import numpy.typing as npt

Doubles = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]

_JITTER = 1e-3  # ties on plain walls would make long chains of one-sided looks


class Pieces(Protocol):
    """What is known of P pieces."""

    def __len__(self) -> int: ...

    def merged(self, into: Longs) -> Self:
        """The same of the pieces that `into` (P,) numbers from 0."""


P = TypeVar("P", bound=Pieces)


@dataclass(frozen=True, eq=False)
class Borders:
    """Pairs of neighbouring pieces (B, 2), the summed cost along each border, and its length."""

    pairs: Longs
    cost: Doubles
    length: Doubles

    def merged(self, into: Longs) -> Borders:
        """The borders that are left once the pieces are those of `into` (P,)."""
        ends = np.sort(into[self.pairs], axis=1)
        outer = ends[:, 0] != ends[:, 1]
        kept, number = np.unique(ends[outer, 0] << 32 | ends[outer, 1], return_inverse=True)
        return Borders(
            np.stack([kept >> 32, kept & 0xFFFFFFFF], axis=1),
            sums(self.cost[outer], number, len(kept)),
            sums(self.length[outer], number, len(kept)),
        )


Judge = Callable[[Borders, P], tuple[Doubles, npt.NDArray[np.bool_]]]


def grow(borders: Borders, pieces: P, judge: Judge[P]) -> npt.NDArray[np.int32]:
    """(P,) which grown piece each piece became a part of, numbered in the order of their firsts.

    `judge` tells what growing over each border costs, and whether it is allowed.
    """
    label = np.arange(len(pieces))
    while len(borders.pairs):
        into = _pair_up(borders.pairs, *judge(borders, pieces), len(pieces))
        if into is None:
            break
        label, pieces, borders = into[label], pieces.merged(into), borders.merged(into)
    _, first, number = np.unique(label, return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int32)
    rank[np.argsort(first)] = np.arange(len(first), dtype=np.int32)
    return rank[number]


def _pair_up(
    pairs: Longs, price: Doubles, allowed: npt.NDArray[np.bool_], count: int
) -> Longs | None:
    """New number of every piece once those that choose each other are one; None: nobody does."""
    at = np.flatnonzero(allowed)
    if not len(at):
        return None
    noise = (pairs[at, 0] * 2654435761 + pairs[at, 1] * 40503) % 1024
    ends = pairs[at[np.argsort(price[at] + _JITTER / 1024 * noise, kind="stable")]]
    rank = np.arange(len(ends))
    best = np.full(count, len(ends))
    for side in (0, 1):
        np.minimum.at(best, ends[:, side], rank)
    mutual = (best[ends[:, 0]] == rank) & (best[ends[:, 1]] == rank)
    root = np.arange(count)
    root[ends[mutual, 1]] = ends[mutual, 0]
    return np.unique(root, return_inverse=True)[1]


def sums(values: Doubles, into: npt.NDArray[np.integer], count: int) -> Doubles:
    """(count,) sums of the values (P,) that go into each."""
    return np.asarray(np.bincount(into, values, count), np.float64)


def sum_rows(rows: npt.NDArray[np.floating], into: npt.NDArray[np.integer], count: int) -> Doubles:
    """(count, C) sums of the rows (P, C) that go into each."""
    return np.stack([sums(column.astype(np.float64), into, count) for column in rows.T], axis=1)
