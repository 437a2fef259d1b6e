"""Superpoints: small connected pieces of surface that lie within one thing.

A border is cheap where colour and direction go on, dear where they break:
across a concave edge (things that stand on or beside others) and where the views' own regions
keep ending.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lexel.geometry.growing import Borders, grow, sum_rows, sums
from lexel.geometry.vectors import unit_rows

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]

_CONVEX = 0.3  # a convex edge is rarely where a thing ends: this share of its angle counts
_LAB_STEP = 25.0  # a difference of colour that is as telling as a right angle


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
    min_points: int = 5
    views: float = 1.5


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

    def judge(
        borders: Borders, pieces: _Pieces
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
        price = _prices(borders, pieces)
        return price, _allowed(borders, pieces, price, settings)

    borders = Borders(pairs.astype(np.int64), cost.astype(np.float64), np.ones(len(cost)))
    return grow(borders, _Pieces.of_points(xyz_m, normal, lab), judge)


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
        sizes = np.ones(len(xyz_m))
        return cls(sizes, normal.astype(np.float64), lab.astype(np.float64), xyz_m, xyz_m)

    def __len__(self) -> int:
        return len(self.size)

    def merged(self, into: npt.NDArray[np.int64]) -> _Pieces:
        count = int(into.max()) + 1
        lower = np.full((count, 3), np.inf, np.float32)
        upper = np.full((count, 3), -np.inf, np.float32)
        np.minimum.at(lower, into, self.lower)
        np.maximum.at(upper, into, self.upper)
        return _Pieces(
            sums(self.size, into, count),
            sum_rows(self.normal, into, count),
            sum_rows(self.lab, into, count),
            lower,
            upper,
        )


def _allowed(
    borders: Borders,
    pieces: _Pieces,
    price: npt.NDArray[np.float64],
    settings: SuperpointSettings,
) -> npt.NDArray[np.bool_]:
    a, b = borders.pairs.T
    small = np.minimum(pieces.size[a], pieces.size[b]) < settings.min_points
    upper = np.maximum(pieces.upper[a], pieces.upper[b])
    extent = (upper - np.minimum(pieces.lower[a], pieces.lower[b])).max(axis=1)
    return np.asarray(small | ((price <= settings.limit) & (extent <= settings.extent_m)))


def _prices(borders: Borders, pieces: _Pieces) -> npt.NDArray[np.float64]:
    """What growing over each border costs: the border itself, and how unlike the two are."""
    a, b = borders.pairs.T
    lab = pieces.lab / pieces.size[:, None]
    normal = unit_rows(pieces.normal)
    unlike = np.linalg.norm(lab[a] - lab[b], axis=1) / _LAB_STEP
    turned = 1 - (normal[a] * normal[b]).sum(1)
    return np.asarray(borders.cost / borders.length + 0.25 * unlike + 0.15 * turned)
