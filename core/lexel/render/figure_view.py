"""Who looks at a figure: the recipe's camera, or a good view of the whole field."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from lexel.errors import InputError
from lexel.geometry.cameras import project
from lexel.geometry.transforms import apply, invert
from lexel.render.orbit import Camera, orbit_cameras, robust_bounds
from lexel.render.passes import Points, blank_canvas, draw_points
from lexel.render.stage import Shot, facing_points
from lexel.scene.recipe import RecipeCamera

_ELEVATION_DEG = 36.0
_ASIDE_DEG = 36.0  # from where a one-view field was seen from: no more, its backs are unknown
_ONE_VIEW_ELEVATION_DEG = 28.0
_BESIDE_DEG = (-12.0, 0.0, 12.0)  # of a corner of the scene's box
_TRIAL_PX = (160, 100)
_TRIAL_POINTS = 40_000
_SHELL = 0.08  # of the scene's sides: how thick its walls and ceiling may be
_WHOLE = 0.5  # what seeing much of the scene counts beside seeing what was asked for
_STRAY = 0.0001  # of the points may lie outside
_BORDER, _BELOW = 0.03, 0.07  # of the picture's sides: left free around the scene, and below it
_SQUARE = 0.01  # difference of focal lengths that nobody sees


@dataclass(frozen=True, eq=False)
class Sight:
    """What a default view should show.

    Attributes:
        points_m, normals: (N, 3) float32; zeros where a normal is not known.
        radius_m: of the points.
        interest: (N,) float32 0..1, how much each was asked for.
        forward: unit vector, where a one-view field was looked at along; None: many views.
        along: unit vector, the way to look along; None: the best one.
    """

    points_m: npt.NDArray[np.float32]
    normals: npt.NDArray[np.float32]
    radius_m: float
    interest: npt.NDArray[np.float32]
    forward: npt.NDArray[np.float64] | None
    along: npt.NDArray[np.float64] | None = None


def shot_of_camera(
    camera: RecipeCamera, recipe_px: tuple[int, int], size_px: tuple[int, int], free_px: int
) -> Shot:
    """The recipe's view in a picture of another size: all that it shows, and more at the sides.

    Args:
        recipe_px: the size that the camera's own numbers are for.
        size_px: of the picture.
        free_px: columns of it, from the left, that have to hold all of the recipe's view.

    Raises:
        InputError: the camera's pixels are not square.
    """
    scale = min(free_px / recipe_px[0], size_px[1] / recipe_px[1])
    middle = free_px / 2, size_px[1] / 2
    if camera.intrinsics is None:
        assert camera.scale_m is not None
        m_px = camera.scale_m / (scale * recipe_px[0])
        aside = np.eye(4)
        aside[0, 3] = (size_px[0] / 2 - middle[0]) * m_px
        return Shot(camera.world_from_camera @ aside, size_px, width_m=size_px[0] * m_px)
    focal = camera.intrinsics[0, 0], camera.intrinsics[1, 1]
    if abs(focal[0] / focal[1] - 1) > _SQUARE:
        raise InputError(
            "the camera's pixels are not square",
            where="the recipe",
            got=f"focal lengths {focal[0]:g} and {focal[1]:g}",
            do="Give K[0][0] and K[1][1] the same value.",
        )
    centre = [(camera.intrinsics[i, 2] - recipe_px[i] / 2) * scale + middle[i] for i in range(2)]
    return Shot(camera.world_from_camera, size_px, _intrinsics(focal[0] * scale, centre))


def shots_around(
    sight: Sight, size_px: tuple[int, int], free_px: int, num_frames: int
) -> list[Shot]:
    """A three-quarter view from above, without near walls and ceilings, turned about the scene.

    Args:
        sight: what it shows. It is turned all around, or to and fro if it was seen from one view.
        size_px: of the picture.
        free_px: columns of it, from the left, that the scene may fill.
        num_frames: of the turn; the first is the best view.
    """
    one_view = sight.forward is not None
    elevation_deg = _ONE_VIEW_ELEVATION_DEG if one_view else _ELEVATION_DEG
    # Along its own way of looking, a field of one view is what its photograph shows; a film goes
    # to either side of that.
    forward = sight.forward if one_view and num_frames > 1 else _best_forward(sight, elevation_deg)
    assert forward is not None
    cameras = orbit_cameras(
        sight.points_m,
        forward,
        num_frames,
        (free_px, size_px[1]),
        sweep_deg=2 * _ASIDE_DEG if one_view else 360,
        elevation_deg=elevation_deg,
        radius_m=sight.radius_m,
    )
    shots = [_shot(camera, size_px) for camera in cameras]
    return [_centred(shots[0], sight, free_px)] if num_frames == 1 else shots


def _centred(shot: Shot, sight: Sight, free_px: int) -> Shot:
    """The same view, with what it shows in the middle and large, and room for shadows below."""
    assert shot.intrinsics is not None
    shown = facing_points(sight.points_m, sight.normals, shot)
    if not shown.any():
        return shot
    camera_from_world = invert(shot.world_from_camera)
    pixels = project(apply(camera_from_world, sight.points_m[shown]), shot.intrinsics)
    dot_px = sight.radius_m * shot.intrinsics[0, 0] / pixels[:, 2:]
    first = np.quantile(pixels[:, :2] - dot_px, _STRAY, axis=0)
    last = np.quantile(pixels[:, :2] + dot_px, 1 - _STRAY, axis=0)
    room = np.array([free_px * (1 - 2 * _BORDER), shot.size_px[1] * (1 - _BORDER - _BELOW)])
    scale = float((room / (last - first)).min())
    middle = np.array([free_px / 2, shot.size_px[1] * (1 + _BORDER - _BELOW) / 2])
    centre = middle + scale * (shot.intrinsics[:2, 2] - (first + last) / 2)
    return replace(shot, intrinsics=_intrinsics(scale * shot.intrinsics[0, 0], centre))


def _best_forward(sight: Sight, elevation_deg: float) -> npt.NDArray[np.float64]:
    """The direction from which most of what was asked for is seen, and much of the rest."""
    if sight.along is not None:
        return sight.along
    low, high = robust_bounds(sight.points_m)
    away = np.minimum(sight.points_m - low, high - sight.points_m)
    inner = (away > _SHELL * (high - low)).all(axis=1)
    forwards = [np.array([np.cos(a), np.sin(a), 0.0]) for a in _angles(sight, high - low)]
    seen = np.array([_seen(sight, forward, elevation_deg, inner) for forward in forwards])
    asked, whole = (seen / np.maximum(seen.max(axis=0), 1e-9)).T
    return forwards[int(np.argmax(asked + _WHOLE * whole))]


def _angles(sight: Sight, extent_m: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Directions that are tried, radians about the up axis.

    A scene of many views is looked at over the corners of its box, since a view along a wall shows
    little depth; one of a single view from a little aside, since its backs are unknown.
    """
    if sight.forward is not None:
        ahead = np.arctan2(sight.forward[1], sight.forward[0])
        return np.asarray(ahead + np.deg2rad([_ASIDE_DEG, -_ASIDE_DEG]))
    steep = np.arctan2(extent_m[1], extent_m[0])
    corners = np.array([steep, np.pi - steep, np.pi + steep, -steep])
    return np.asarray((corners[:, None] + np.deg2rad(_BESIDE_DEG)).ravel())


def _seen(
    sight: Sight,
    forward: npt.NDArray[np.float64],
    elevation_deg: float,
    inner: npt.NDArray[np.bool_],
) -> tuple[float, float]:
    """How much of a small picture shows what was asked for, and anything at all.

    Both count as far as they are not cut away (of the rest only what stands in the middle, `inner`
    (N,), since walls are meant to be): half a thing is no good view.
    """
    points_m = sight.points_m
    (camera,) = orbit_cameras(points_m, forward, 1, _TRIAL_PX, elevation_deg=elevation_deg)
    shown = facing_points(points_m, sight.normals, _shot(camera, _TRIAL_PX))
    some = np.flatnonzero(shown)[:: max(1, int(shown.sum()) // _TRIAL_POINTS)]
    grey = (255 * sight.interest[some]).astype(np.uint8)
    canvas = blank_canvas(_TRIAL_PX)
    rgb = np.repeat(grey[:, None], 3, axis=1)
    draw_points(canvas, Points(points_m[some], rgb, 2 * sight.radius_m), camera)
    asked, whole = float(canvas.rgb[..., 0].mean()), float(np.isfinite(canvas.depth_m).mean())
    return asked * _share(shown, sight.interest), whole * _share(shown, inner)


def _share(shown: npt.NDArray[np.bool_], of: npt.NDArray[np.floating | np.bool_]) -> float:
    return float(of[shown].sum() / max(float(of.sum()), 1e-9))


def _shot(camera: Camera, size_px: tuple[int, int]) -> Shot:
    intrinsics = _intrinsics(camera.focal_px, camera.centre_px)
    return Shot(camera.world_from_camera, size_px, intrinsics, cutaway=True)


def _intrinsics(focal_px: float, centre_px: npt.ArrayLike) -> npt.NDArray[np.float64]:
    centre = np.asarray(centre_px, np.float64)
    return np.array([[focal_px, 0, centre[0]], [0, focal_px, centre[1]], [0, 0, 1]], np.float64)
