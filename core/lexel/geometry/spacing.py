"""How far apart the points of a cloud are, and how large they should be drawn."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

_SAMPLE = 20_000
_NEIGHBOUR = 4
_ALONE_M, _LEAST_M = 0.01, 1e-4
_MOST = 200_000  # a tree of so many takes a tenth of a second


def neighbour_gaps(points_m: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    """(N,) the distance of each point to its fourth neighbour."""
    return _gaps(points_m, points_m)


def radius_that_closes(points_m: npt.NDArray[np.float32]) -> float:
    """The radius of points (N, 3), metres, that makes a surface of them without gaps.

    Of very many points some are looked at: on a surface they lie farther apart by the square root
    of how much they are thinned.
    """
    step = max(1, -(-len(points_m) // _MOST))
    thinned = points_m[::step]
    gaps = _gaps(thinned[:: max(1, len(thinned) // _SAMPLE)], thinned)
    if not len(gaps):
        return _ALONE_M
    return max(0.8 * float(np.quantile(gaps, 0.7)) / math.sqrt(step), _LEAST_M)


def _gaps(
    some_m: npt.NDArray[np.float32], points_m: npt.NDArray[np.float32]
) -> npt.NDArray[np.float64]:
    from scipy.spatial import KDTree

    if len(points_m) <= _NEIGHBOUR:
        return np.full(len(some_m), _ALONE_M)
    distances, _ = KDTree(points_m).query(some_m, k=_NEIGHBOUR + 1)
    gaps: npt.NDArray[np.float64] = distances[:, -1]
    return gaps
