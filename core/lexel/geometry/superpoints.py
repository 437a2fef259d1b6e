"""Superpoints: small connected pieces of surface that lie within one thing.

Pieces grow by pairs. In each round every piece looks at its cheapest neighbour, and two that look
at each other become one; a round is a few sorts, and there are some tens of them whatever the
number of points. A border is cheap where colour and direction go on, dear where they break:
across a concave edge (things that stand on or beside others) and where the views' own regions
keep ending.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]

_CONVEX = 0.3  # a convex edge is rarely where a thing ends: this share of its angle counts
_LAB_STEP = 25.0  # a difference of colour that is as telling as a right angle
_JITTER = 1e-3  # ties on plain walls would make long chains of one-sided looks


@dataclass(frozen=True)
class SuperpointSettings:
    """When to stop growing.

    Attributes:
        extent_m: longest edge of a piece's box.
        limit: dearest border that is still grown over.
        min_points: smaller pieces join their cheapest neighbour whatever it costs.
        views: how much the borders of the views' regions count.
    """

    extent_m: float = 0.3
    limit: float = 0.35
    min_points: int = 8
    views: float = 1.0


def border_costs(
    pairs: Ints, xyz_m: Floats, normal: Floats, lab: Floats, disagreement: Floats | None = None
) -> Floats:
    """(E,) how much each pair of neighbouring points looks like a border, 0 for none at all.

    Args:
        pairs: (E, 2) neighbours.
        xyz_m, normal, lab: (N, 3) place, unit normal and colour of points.
        disagreement: (E,) 0..1, share of the views that put the two into different regions.
    """
    i, j = pairs.T
    step = xyz_m[j] - xyz_m[i]
    bend = 1 - (normal[i] * normal[j]).sum(1)
    convex = ((normal[j] - normal[i]) * step).sum(1) > 0
    colour = np.linalg.norm(lab[i] - lab[j], axis=1) / _LAB_STEP
    cost = np.where(convex, _CONVEX * bend, bend) + 0.5 * colour
    if disagreement is not None:
        cost = cost + disagreement
    return np.asarray(cost, np.float32)


def grow_superpoints(
    pairs: Ints,
    cost: Floats,
    xyz_m: Floats,
    normal: Floats,
    lab: Floats,
    settings: SuperpointSettings,
) -> Ints:
    """(N,) superpoint of each point, numbered from 0 in the order of their first points."""
    pieces = _Pieces.of_points(xyz_m, normal, lab)
    label = np.arange(len(xyz_m))
    edges = _Borders(pairs.astype(np.int64), cost.astype(np.float64), np.ones(len(cost)))
    while len(edges.pairs):
        into = _pair_up(edges, pieces, settings)
        if into is None:
            break
        label = into[label]
        pieces = pieces.merged(into)
        edges = edges.merged(into, len(pieces.size))
    _, first, number = np.unique(label, return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int32)
    rank[np.argsort(first)] = np.arange(len(first), dtype=np.int32)
    return rank[number]


@dataclass(frozen=True, eq=False)
class _Pieces:
    """P pieces: how many points, sums over them, and their boxes."""

    size: npt.NDArray[np.float64]
    normal: npt.NDArray[np.float64]
    lab: npt.NDArray[np.float64]
    lower: Floats
    upper: Floats

    @classmethod
    def of_points(cls, xyz_m: Floats, normal: Floats, lab: Floats) -> _Pieces:
        wide = (a.astype(np.float64) for a in (normal, lab))
        return cls(np.ones(len(xyz_m)), *wide, xyz_m.copy(), xyz_m.copy())

    def merged(self, into: npt.NDArray[np.int64]) -> _Pieces:
        count = int(into.max()) + 1
        lower = np.full((count, 3), np.inf, np.float32)
        upper = np.full((count, 3), -np.inf, np.float32)
        np.minimum.at(lower, into, self.lower)
        np.maximum.at(upper, into, self.upper)
        return _Pieces(
            np.bincount(into, self.size, count),
            _sum_rows(self.normal, into, count),
            _sum_rows(self.lab, into, count),
            lower,
            upper,
        )


@dataclass(frozen=True, eq=False)
class _Borders:
    """Pairs of neighbouring pieces (B, 2), the summed cost along each border, and its length."""

    pairs: npt.NDArray[np.int64]
    cost: npt.NDArray[np.float64]
    length: npt.NDArray[np.float64]

    def merged(self, into: npt.NDArray[np.int64], count: int) -> _Borders:
        ends = np.sort(into[self.pairs], axis=1)
        outer = ends[:, 0] != ends[:, 1]
        keys = ends[outer, 0] * count + ends[outer, 1]
        kept, number = np.unique(keys, return_inverse=True)
        return _Borders(
            np.stack([kept // count, kept % count], axis=1),
            np.bincount(number, self.cost[outer], len(kept)),
            np.bincount(number, self.length[outer], len(kept)),
        )


def _pair_up(
    edges: _Borders, pieces: _Pieces, settings: SuperpointSettings
) -> npt.NDArray[np.int64] | None:
    """New number of every piece once those that choose each other are one; None: nobody does."""
    price = _prices(edges, pieces)
    a, b = edges.pairs.T
    small = np.minimum(pieces.size[a], pieces.size[b]) < settings.min_points
    extent = np.maximum(pieces.upper[a], pieces.upper[b]) - np.minimum(
        pieces.lower[a], pieces.lower[b]
    )
    allowed = small | ((price <= settings.limit) & (extent.max(1) <= settings.extent_m))
    order = np.flatnonzero(allowed)
    order = order[np.argsort(price[order], kind="stable")]
    if not len(order):
        return None
    ends = edges.pairs[order]
    best = np.full(len(pieces.size), len(order))
    rank = np.arange(len(order))
    for side in (0, 1):
        np.minimum.at(best, ends[:, side], rank)
    mutual = (best[ends[:, 0]] == rank) & (best[ends[:, 1]] == rank)
    root = np.arange(len(pieces.size))
    root[ends[mutual, 1]] = ends[mutual, 0]
    return np.unique(root, return_inverse=True)[1]


def _prices(edges: _Borders, pieces: _Pieces) -> npt.NDArray[np.float64]:
    """What growing over each border costs: the border itself, and how unlike the two are."""
    a, b = edges.pairs.T
    lab = pieces.lab / pieces.size[:, None]
    normal = pieces.normal / np.maximum(
        np.linalg.norm(pieces.normal, axis=1, keepdims=True), 1e-12
    )
    unlike = np.linalg.norm(lab[a] - lab[b], axis=1) / _LAB_STEP
    turned = 1 - (normal[a] * normal[b]).sum(1)
    noise = _JITTER * ((a * 2654435761 + b * 40503) % 1024) / 1024
    return np.asarray(edges.cost / edges.length + 0.25 * unlike + 0.15 * turned + noise)


def _sum_rows(
    rows: npt.NDArray[np.float64], into: npt.NDArray[np.int64], count: int
) -> npt.NDArray[np.float64]:
    return np.stack([np.bincount(into, column, count) for column in rows.T], axis=1)
