"""How far apart the points of a cloud are, and how large they should be drawn."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

_SAMPLE = 100
_AROUND = 50  # about so many points lie within reach of one, on a surface
_NEIGHBOUR = 4
_ALONE_M, _LEAST_M = 0.01, 1e-4


def neighbour_gaps(points_m: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    """(N,) the distance of each point to its fourth neighbour."""
    from scipy.spatial import KDTree

    if len(points_m) <= _NEIGHBOUR:
        return np.full(len(points_m), _ALONE_M)
    distances, _ = KDTree(points_m).query(points_m, k=_NEIGHBOUR + 1)
    gaps: npt.NDArray[np.float64] = distances[:, -1]
    return gaps


def radius_that_closes(points_m: npt.NDArray[np.float32]) -> float:
    """The radius of points (N, 3), metres, that makes a surface of them without gaps.

    With no library but numpy: a window that opens millions of points asks for it.
    """
    if len(points_m) <= _NEIGHBOUR:
        return _ALONE_M
    columns = np.ascontiguousarray(points_m.T)
    extent_m = float(np.ptp(columns, axis=1).max())
    reach_m = max(extent_m * math.sqrt(_AROUND / len(points_m)), _LEAST_M)
    some = points_m[:: max(1, len(points_m) // _SAMPLE)]
    gaps_m = [_gap(point, columns, reach_m) for point in some]
    return max(0.8 * float(np.quantile(gaps_m, 0.7)), _LEAST_M)


def _gap(
    point_m: npt.NDArray[np.float32], columns: npt.NDArray[np.float32], reach_m: float
) -> float:
    """The distance of one of (3, N) points to its fourth neighbour; cheap if within reach."""
    near = np.flatnonzero(np.abs(columns[0] - point_m[0]) < reach_m)
    if len(near) > _NEIGHBOUR:
        away = columns[:, near] - point_m[:, None]
        squared = np.einsum("ij,ij->j", away, away)
        gap_m = math.sqrt(np.partition(squared, _NEIGHBOUR)[_NEIGHBOUR])
        if gap_m <= reach_m or len(near) == columns.shape[1]:
            return gap_m
    return _gap(point_m, columns, 2 * reach_m)
