"""Which way is up, and how high the floor is, in a cloud whose frame does not say."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lexel.geometry.levels import on_level
from lexel.geometry.transforms import apply, level

Float = npt.NDArray[np.float64]

_NUM_POINTS = 12_000  # drawn once: more change no answer
_NUM_TRIPLES = 6_000
_NEAR_PLANE_M = 0.02
_MIN_PLANE_SHARE = 0.03
_BIN_M = 0.02
_MAX_BINS = 100_000
_WINDOW_M = 0.06  # thickness of a floor as sensors see it
_FLOOR_SHARE = 0.04  # of all points, to call a level a floor; less is clutter
_MIN_FLOOR_POINTS = 3
_LOWEST_PERCENTILE = 1.0
_SPREAD_OF_X_AXES = 0.05  # below this the cameras all face one way and say little about up


@dataclass(frozen=True, eq=False)
class Floor:
    """The plane `up · p = height_m`.

    Attributes:
        up: (3,) unit vector.
        height_m: of the floor along `up`.
        seen: False when no level surface was found and the lowest points stand in for it.
    """

    up: Float
    height_m: float
    seen: bool


def guess_up(world_from_cameras: npt.ArrayLike) -> Float:
    """(3,) rough up direction from camera poses (M, 4, 4), held more or less upright.

    People tilt a camera far more than they roll it, so its x axis is nearly level: up is the
    direction most perpendicular to all x axes when those differ, else the mean of -y.
    """
    poses = np.asarray(world_from_cameras, np.float64).reshape(-1, 4, 4)
    x_axes, minus_y = poses[:, :3, 0], -poses[:, :3, 1].mean(axis=0)
    norm = np.linalg.norm(minus_y)
    minus_y = minus_y / norm if norm > 1e-6 else -poses[0, :3, 1]
    values, vectors = np.linalg.eigh(x_axes.T @ x_axes / len(poses))
    if values[1] < _SPREAD_OF_X_AXES:
        return np.asarray(minus_y)
    sign = 1.0 if vectors[:, 0] @ minus_y >= 0 else -1.0
    return np.asarray(vectors[:, 0] * sign)


def find_floor(
    points: npt.NDArray[np.floating],
    up_guess: npt.ArrayLike,
    viewpoints: npt.ArrayLike,
    *,
    max_tilt_rad: float = 0.6,
    seed: int = 0,
) -> Floor:
    """Floor of a cloud (N, 3), metres, whose up is known to within `max_tilt_rad`.

    Any level surface (floor, table, bed) seen from above gives the direction; the lowest level
    that holds enough points gives the height. `viewpoints` (M, 3) are the cameras' centres: a
    surface must face them, which keeps ceilings and walls out.
    """
    rng = np.random.default_rng(seed)
    cloud = np.asarray(points, np.float64)
    if len(cloud) > _NUM_POINTS:
        cloud = cloud[rng.choice(len(cloud), _NUM_POINTS, replace=False)]
    guess = np.asarray(up_guess, np.float64) / np.linalg.norm(up_guess)
    eye = np.asarray(viewpoints, np.float64).reshape(-1, 3).mean(axis=0)
    up = _level_direction(cloud, guess, eye, max_tilt_rad, rng)
    height, seen = find_floor_height(cloud, guess if up is None else up)
    return Floor(guess if up is None else up, height, seen and up is not None)


def find_floor_height(
    points: npt.NDArray[np.floating], up: npt.ArrayLike = (0.0, 0.0, 1.0)
) -> tuple[float, bool]:
    """(height along `up` of the lowest level surface, whether there is one).

    With none, the height of nearly the lowest point. A wall is none, however many of its points
    lie at one height.
    """
    upright = apply(level(up), np.asarray(points, np.float64))
    heights = np.sort(upright[on_level(upright), 2])
    if len(heights) < _MIN_FLOOR_POINTS:
        return _lowest(upright), False
    step = max(_BIN_M, float(heights[-1] - heights[0]) / _MAX_BINS)
    starts = np.arange(heights[0], heights[-1] + step, step)
    counts = np.searchsorted(heights, starts + _WINDOW_M) - np.searchsorted(heights, starts)
    enough = np.flatnonzero(counts >= max(_FLOOR_SHARE * len(points), _MIN_FLOOR_POINTS))
    if not len(enough):
        return _lowest(upright), False
    # The first window that holds enough may only touch the surface: climb to its fullest.
    first = int(enough[0])
    best = first + int(np.argmax(counts[first : first + round(_WINDOW_M / _BIN_M) + 1]))
    inside = (heights >= starts[best]) & (heights < starts[best] + _WINDOW_M)
    return float(np.median(heights[inside])), True


def _lowest(upright: npt.NDArray[np.floating]) -> float:
    return float(np.percentile(upright[:, 2], _LOWEST_PERCENTILE))


def _level_direction(
    cloud: Float, guess: Float, eye: Float, max_tilt_rad: float, rng: np.random.Generator
) -> Float | None:
    """Normal of the best supported plane within the tilt and below the eye; None without one."""
    normals, offsets = _candidate_planes(cloud, rng)
    flip = np.where(normals @ guess < 0, -1.0, 1.0)
    normals, offsets = normals * flip[:, None], offsets * flip
    fits = (normals @ guess >= np.cos(max_tilt_rad)) & (normals @ eye > offsets + _NEAR_PLANE_M)
    normals, offsets = normals[fits], offsets[fits]
    if not len(normals):
        return None
    some = cloud[:: max(1, len(cloud) // 3_000)]
    share = np.array(
        [
            (np.abs(some @ n - d) < _NEAR_PLANE_M).mean()
            for n, d in zip(normals, offsets, strict=True)
        ]
    )
    best = int(np.argmax(share))
    if share[best] < _MIN_PLANE_SHARE:
        return None
    return _refine(cloud, normals[best], offsets[best])


def _candidate_planes(cloud: Float, rng: np.random.Generator) -> tuple[Float, Float]:
    """Unit normals (T, 3) and offsets (T,) through random triples of points."""
    a, b, c = (cloud[rng.integers(0, len(cloud), _NUM_TRIPLES)] for _ in range(3))
    normals = np.cross(b - a, c - a)
    length = np.linalg.norm(normals, axis=1)
    whole = length > 1e-4  # thinner triangles point anywhere
    normals = normals[whole] / length[whole, None]
    return normals, (normals * a[whole]).sum(axis=1)


def _refine(cloud: Float, normal: Float, offset: float) -> Float:
    """Least-squares normal of the plane's inliers, three rounds."""
    for _ in range(3):
        inliers = cloud[np.abs(cloud @ normal - offset) < 1.5 * _NEAR_PLANE_M]
        centre = inliers.mean(axis=0)
        fitted = np.linalg.svd(inliers - centre, full_matrices=False)[2][2]
        normal = fitted if fitted @ normal > 0 else -fitted
        offset = float(normal @ centre)
    return normal
