"""Objects: superpoints that touch and mean the same, with their boxes and best names."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lexel.fields.smoothing import spread_of
from lexel.geometry.growing import Borders, grow, sum_rows, sums
from lexel.geometry.vectors import unit_rows
from lexel.scene import Box

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]

_ENOUGH_POINTS = 5000  # to choose a turn by


@dataclass(frozen=True)
class InstanceSettings:
    """When superpoints are one object.

    Attributes:
        limit: of how far apart their meanings are, in units of the scene's spread, plus half of
            the border's cost.
        min_points: smaller objects are none.
    """

    limit: float = 0.5
    min_points: int = 20


@dataclass(frozen=True, eq=False)
class _Meanings:
    """Sums over P growing objects: of weights, and of weighted unit vectors."""

    size: npt.NDArray[np.float64]
    total: npt.NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.size)

    def merged(self, into: npt.NDArray[np.int64]) -> _Meanings:
        count = int(into.max()) + 1
        return _Meanings(sums(self.size, into, count), sum_rows(self.total, into, count))


def group_superpoints(
    meaning: Floats, size: npt.NDArray[np.integer], borders: Borders, settings: InstanceSettings
) -> Ints:
    """(S,) object of each superpoint, numbered from 0.

    Args:
        meaning: (S, D) unit vectors; zeros mean nothing and join nothing.
        size: (S,) points of each.
        borders: between them.
    """
    spread = spread_of(meaning)

    def judge(
        borders: Borders, pieces: _Meanings
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
        unit = unit_rows(pieces.total)
        a, b = borders.pairs.T
        apart = (1 - np.einsum("bd,bd->b", unit[a], unit[b])) / spread
        price = apart + 0.5 * borders.cost / borders.length
        return price, price <= settings.limit

    weight = size.astype(np.float64)
    return grow(borders, _Meanings(weight, meaning * weight[:, None]), judge)


def oriented_box(xyz_m: Floats) -> Box:
    """An upright box about points (N, 3), turned about z so that its footprint is smallest.

    Things stand upright far more often than not: a box that leans says less.
    """
    flat = xyz_m[:: max(1, len(xyz_m) // _ENOUGH_POINTS), :2].astype(np.float64)
    angles = np.arange(0, 90, 2) * np.pi / 180
    turns = np.stack([np.cos(angles), np.sin(angles), -np.sin(angles), np.cos(angles)], axis=1)
    turned = np.einsum("aij,nj->ani", turns.reshape(-1, 2, 2), flat)
    best = np.ptp(turned, axis=1).prod(axis=1).argmin()
    axes = np.eye(3)
    axes[:2, :2] = turns[best].reshape(2, 2)
    along = xyz_m @ axes.T
    lower, upper = along.min(axis=0), along.max(axis=0)
    centre = (lower + upper) / 2 @ axes
    return Box(*(np.asarray(v, np.float32) for v in (centre, axes, upper - lower)))
