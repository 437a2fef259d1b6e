"""Where to photograph a mesh or cloud from that has no images: from within, and from around."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lexel.geometry.cameras import look_at

Float = npt.NDArray[np.float64]

_EYE_HEIGHT_M = 1.5
_EYE_SHARE = 0.6  # of a low ceiling's height
_CLEARANCE_M = 0.25
_ROOM_M = 1.5  # whatever is smaller in both directions is walked around, not into
_PLACES = 5
_TURNS = 6
_LOOKS_DOWN_RAD = np.radians(15)
_RING = ((8, np.radians(20)), (8, np.radians(50)))  # how many, how high above the horizon
_AWAY = 1.5  # times half the diagonal: all of it fits the picture


def choose_viewpoints(points_m: npt.NDArray[np.float32]) -> list[Float]:
    """(4, 4) world_from_camera each: from within a room, where there is space, and from around.

    `points_m` (N, 3) lie on all of its surfaces, Z up.
    """
    low, high = (np.percentile(points_m, share, axis=0) for share in (1, 99))
    within = _within(points_m, low, high) if (high - low)[:2].min() > _ROOM_M else []
    return within + _around((low + high) / 2, float(np.linalg.norm(high - low)) / 2)


def _within(points_m: npt.NDArray[np.float32], low: Float, high: Float) -> list[Float]:
    """Places at eye height with the most space about them, each looked from all around."""
    x, y = (np.linspace(a, b, 7)[1:-1] for a, b in zip(low[:2], high[:2], strict=True))
    z = low[2] + min(_EYE_HEIGHT_M, _EYE_SHARE * (high[2] - low[2]))
    places = np.stack([*np.meshgrid(x, y), np.full((5, 5), z)], axis=-1).reshape(-1, 3)
    # A tree over the points would take longer to build than these few places to look through.
    space = np.array([np.linalg.norm(points_m - place, axis=1).min() for place in places])
    chosen = _spread(places[space > _CLEARANCE_M], _PLACES)
    poses = []
    for place in chosen:
        for turn in 2 * np.pi * np.arange(_TURNS) / _TURNS:
            down = -np.tan(_LOOKS_DOWN_RAD)
            ahead = np.array([np.cos(turn), np.sin(turn), down])
            poses.append(look_at(place, place + ahead))
    return poses


def _spread(places: Float, count: int) -> list[Float]:
    """Up to `count` of the places, each as far as possible from those before."""
    if not len(places):
        return []
    middle = np.linalg.norm(places - places.mean(axis=0), axis=1).argmin()
    chosen = [places[middle]]
    while len(chosen) < min(count, len(places)):
        away = np.linalg.norm(places[:, None] - np.stack(chosen), axis=-1).min(axis=1)
        chosen.append(places[away.argmax()])
    return chosen


def _around(centre: Float, radius_m: float) -> list[Float]:
    poses = []
    for count, rise in _RING:
        for turn in 2 * np.pi * np.arange(count) / count:
            outward = np.array([np.cos(turn) * np.cos(rise), np.sin(turn) * np.cos(rise), 0.0])
            outward[2] = np.sin(rise)
            eye = centre + 2 * _AWAY * radius_m * outward
            poses.append(look_at(eye, centre))
    return poses
