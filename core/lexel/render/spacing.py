"""How far apart the points of a cloud are, and how large they should be drawn."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

_SAMPLE = 20_000
_NEIGHBOUR = 4
_ALONE_M = 0.01


def neighbour_gaps(points_m: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    """(N,) the distance of each point to its fourth neighbour."""
    return _gaps(points_m, points_m)


def radius_that_closes(points_m: npt.NDArray[np.float32]) -> float:
    """The radius of points, metres, that makes a surface of them without gaps."""
    some = points_m[:: max(1, len(points_m) // _SAMPLE)]
    gaps = _gaps(some, points_m)
    return 0.8 * float(np.quantile(gaps, 0.7)) if len(gaps) else _ALONE_M


def _gaps(
    some_m: npt.NDArray[np.float32], points_m: npt.NDArray[np.float32]
) -> npt.NDArray[np.float64]:
    from scipy.spatial import KDTree

    if len(points_m) <= _NEIGHBOUR:
        return np.full(len(some_m), _ALONE_M)
    distances, _ = KDTree(points_m).query(some_m, k=_NEIGHBOUR + 1)
    gaps: npt.NDArray[np.float64] = distances[:, -1]
    return gaps
