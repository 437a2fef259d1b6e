"""Which points of a cloud lie on something level: a floor, a table, a shelf."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

_CELL_M = 0.1
_LEVEL_M = 0.03  # a level surface as sensors see it reaches so far up and down
_AROUND_M = 0.15
_MIN_SHARE = 0.5  # of the points around that must lie on the level; of a wall it is a fifth
_MIN_POINTS = 4  # fewer around say nothing


def on_level(points: npt.NDArray[np.floating]) -> npt.NDArray[np.bool_]:
    """Which points (N, 3), metres, Z up, have most of their surroundings at their own height.

    The surroundings are the 3 x 3 cells around the point's own, 15 cm up and down.
    """
    heights = points[:, 2] - points[:, 2].min()
    cells = np.floor(points[:, :2] / _CELL_M).astype(np.int64)
    cells -= cells.min(axis=0) - 1
    num_columns = int(cells[:, 1].max()) + 2
    # One sorted list of all cells' heights, each cell in a range of its own.
    used, rank = np.unique(cells[:, 0] * num_columns + cells[:, 1], return_inverse=True)
    span = float(heights.max()) + 3 * _AROUND_M
    listed = np.sort(rank * span + heights)
    near, around = np.zeros(len(points), np.int64), np.zeros(len(points), np.int64)
    for dx, dy in np.ndindex(3, 3):
        beside = (cells[:, 0] + dx - 1) * num_columns + cells[:, 1] + dy - 1
        place = np.searchsorted(used, beside).clip(0, len(used) - 1)
        there = used[place] == beside
        at = place * span + heights
        near += there * _count_within(listed, at, _LEVEL_M)
        around += there * _count_within(listed, at, _AROUND_M)
    return np.asarray((around >= _MIN_POINTS) & (near >= _MIN_SHARE * around))


def _count_within(
    values: npt.NDArray[np.float64], at: npt.NDArray[np.float64], reach: float
) -> npt.NDArray[np.intp]:
    """How many of the sorted values lie within `reach` of each of `at`."""
    upper = np.searchsorted(values, at + reach, side="right")
    return upper - np.searchsorted(values, at - reach, side="left")
