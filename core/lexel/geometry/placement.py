"""Bringing a scene into the 2 m box the networks live in."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lexel.geometry.transforms import apply, scaling, translation, yaw
from lexel.geometry.voxels import BOX_LOWER_M, BOX_UPPER_M, VoxelGrid

Float = npt.NDArray[np.float64]

# Fewer valid points in the box than this share, and the scene is brought in.
MIN_SHARE_IN_BOX = 0.95
_LOOKS_DOWN = 0.1  # horizontal part of the view direction below which yaw comes from image-up


def share_in_box(points: npt.NDArray[np.floating]) -> float:
    """Share of points (N, 3), metres, that lie in the box; 0 for none at all."""
    return float(VoxelGrid().contains(points).mean()) if len(points) else 0.0


def heading_rad(world_from_camera: Float) -> float:
    """Angle of the camera's view direction in the x-y plane, from +x; its image-up when it
    looks straight down."""
    x, y = world_from_camera[:2, 2]
    if np.hypot(x, y) < _LOOKS_DOWN:
        x, y = -world_from_camera[:2, 1]
    return float(np.arctan2(y, x))


def place_in_box(
    points: npt.NDArray[np.floating], world_from_camera: Float, floor_height_m: float
) -> Float:
    """(4, 4) similarity box_from_world for a view's points (N, 3), Z up, metres.

    The camera comes to look along +x, the floor to z = 0, the middle of what is seen to the
    middle of the box; the scale shrinks only as far as 95 % of the points need.
    """
    turned = yaw(-heading_rad(world_from_camera))
    cloud = apply(turned, np.asarray(points, np.float64))
    tail = 100.0 * (1.0 - MIN_SHARE_IN_BOX) / 2.0
    middle = np.percentile(cloud[:, :2], [tail, 100.0 - tail], axis=0).mean(axis=0)
    moved = translation((-middle[0], -middle[1], -floor_height_m)) @ turned
    return scaling(_largest_scale(apply(moved, np.asarray(points, np.float64)))) @ moved


def _largest_scale(points: Float) -> float:
    """The largest scale up to 1 at which 95 % of the points lie in the box."""
    lower, upper = np.array(BOX_LOWER_M), np.array(BOX_UPPER_M)
    with np.errstate(divide="ignore"):
        fits_until = (np.where(points > 0, upper, -lower) / np.abs(points)).min(axis=1)
    # At the quantile the share is met with nothing to spare; a hair below survives rounding.
    needed = float(np.quantile(fits_until, 1.0 - MIN_SHARE_IN_BOX, method="lower")) * (1 - 1e-6)
    return min(1.0, needed)
