"""Points moved to where most views saw their surface.

A TSDF's surface is a mean, and a mean listens to whoever is furthest off: a camera whose pose has
drifted pulls the surface away from all that agree. The median of what each view says does not.
It is found from a histogram for every point, so that views can come one after another.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lexel.geometry.depth_camera import DepthCamera

Floats = npt.NDArray[np.float32]

_BINS = 25
_REACH_VOXELS = 2.5  # further off a view sees something else
_AT_ONCE = 1 << 18


class SettlingVotes:
    """How far along its normal each view says that a point should move.

    Attributes:
        counts: (N, bins) float32, views by the shift they ask for.
    """

    def __init__(self, num_points: int, voxel_size_m: float) -> None:
        self.reach_m = _REACH_VOXELS * voxel_size_m
        self.counts = np.zeros((num_points, _BINS), np.float32)

    def add(
        self,
        camera: DepthCamera,
        xyz_m: Floats,
        normal: Floats,
        world_from_camera: npt.NDArray[np.float64],
    ) -> None:
        """Take in what one view says of points (N, 3)."""
        for start in range(0, len(xyz_m), _AT_ONCE):
            some = slice(start, start + _AT_ONCE)
            self._add_some(start, camera, xyz_m[some], normal[some], world_from_camera)

    def shifts(self) -> Floats:
        """(N,) metres along the normal: the median over the views, 0 where none sees a point."""
        below = np.cumsum(self.counts, axis=1)
        half = below[:, -1:] / 2
        at = (below < half).sum(axis=1).clip(0, _BINS - 1)
        row = np.arange(len(at))
        before = np.where(at > 0, below[row, at - 1], 0)
        inside = self.counts[row, at]
        share = np.where(inside > 0, (half[:, 0] - before) / np.maximum(inside, 1e-9), 0.5)
        width = 2 * self.reach_m / _BINS
        return np.where(half[:, 0] > 0, -self.reach_m + (at + share) * width, 0).astype(np.float32)

    def _add_some(
        self,
        start: int,
        camera: DepthCamera,
        xyz_m: Floats,
        normal: Floats,
        world_from_camera: npt.NDArray[np.float64],
    ) -> None:
        distance, weight, _ = camera.look(xyz_m)
        ray = xyz_m - world_from_camera[:3, 3].astype(np.float32)
        depth = ray @ world_from_camera[:3, 2].astype(np.float32)
        towards = (ray * normal).sum(axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            shift = distance / depth * towards
        own = np.abs(distance) <= self.reach_m
        at = np.flatnonzero((weight > 0) & (towards < 0) & own)
        bins = ((shift[at] / self.reach_m + 1) * (_BINS / 2)).clip(0, _BINS - 1).astype(np.int64)
        self.counts[start + at, bins] += 1
