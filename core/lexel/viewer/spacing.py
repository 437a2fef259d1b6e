"""How far apart points are, so that they are drawn large enough to close."""

from __future__ import annotations

import numpy as np

from lexel.viewer.drawing.cloud import Cloud

_SAMPLE = 1 << 18
_LEAST_M = 1e-4
_CLOSED = 0.75  # radius by distance: discs overlap where points lie on a surface


def point_radius_m(cloud: Cloud) -> float:
    """Radius of discs that close a surface, metres.

    In drawing order neighbours in memory are mostly neighbours in space. Of a cloud of more than
    `_SAMPLE` points that order begins with an even sample; on a surface its points lie farther
    apart by the square root of how much it is thinned.
    """
    sample = cloud.local_m[:, :_SAMPLE]
    if sample.shape[1] < 2:
        return _LEAST_M
    steps_m = np.linalg.norm(np.diff(sample, axis=1), axis=0)
    thinned = np.sqrt(sample.shape[1] / len(cloud))
    return max(float(np.median(steps_m) * thinned * _CLOSED), _LEAST_M)
