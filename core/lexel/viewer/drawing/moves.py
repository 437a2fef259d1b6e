"""How a camera moves: every move takes a camera and gives another. Angles in radians."""

from __future__ import annotations

from dataclasses import replace
from enum import Enum

import numpy as np
import numpy.typing as npt

from lexel.geometry.transforms import from_rotation, translation, yaw
from lexel.scene.recipe import Projection
from lexel.viewer.drawing.camera import Camera, Float, default_lens

_STEEPEST_RAD = np.deg2rad(89.9)  # straight up or down, "upright" would have no meaning
_NEAREST_M = 0.01
_ROOM_AROUND = 1.05  # a framed box keeps a little distance from the window's edge


class Direction(Enum):
    """Named views: (yaw, pitch) of the gaze; the front looks along +y, as in Blender."""

    FRONT = (90.0, 0.0)
    BACK = (-90.0, 0.0)
    RIGHT = (180.0, 0.0)
    LEFT = (0.0, 0.0)
    TOP = (90.0, -90.0)
    BOTTOM = (90.0, 90.0)
    CORNER = (50.0, -35.0)


def orbit(camera: Camera, pivot_m: npt.ArrayLike, yaw_rad: float, pitch_rad: float) -> Camera:
    """Turn about a place that stays where it is in the picture; the camera stays upright.

    Args:
        yaw_rad: counter-clockwise seen from above.
        pitch_rad: up; stops short of straight up and straight down.
    """
    pitch_rad = _allowed(camera, pitch_rad)
    right = camera.world_from_camera[:3, 0]
    turn = yaw(yaw_rad) @ _about(right, pitch_rad)
    pivot = np.asarray(pivot_m, np.float64)
    moved = translation(pivot) @ turn @ translation(-pivot) @ camera.world_from_camera
    return _with_pose(camera, moved)


def look_around(camera: Camera, yaw_rad: float, pitch_rad: float) -> Camera:
    """Turn the head: as `orbit` about the eye."""
    return orbit(camera, camera.eye_m, yaw_rad, pitch_rad)


def pan(camera: Camera, right_px: float, down_px: float, depth_m: float) -> Camera:
    """Shift so that what lies at a depth follows the mouse by so many pixels."""
    metres = np.array([-right_px, -down_px]) / camera.pixels_per_m(depth_m)
    return _moved(camera, camera.world_from_camera[:3, :2] @ metres)


def fly(camera: Camera, right_m: float, down_m: float, forward_m: float) -> Camera:
    """Move along the camera's own axes."""
    return _moved(camera, camera.world_from_camera[:3, :3] @ [right_m, down_m, forward_m])


def zoom(camera: Camera, pivot_m: npt.ArrayLike, factor: float) -> Camera:
    """Come nearer to a place (factor above 1) or go away; it stays where it is in the picture."""
    to_pivot = np.asarray(pivot_m, np.float64) - camera.eye_m
    depth_m = float(to_pivot @ camera.forward)
    if not camera.orthographic:
        factor = min(factor, max(depth_m, _NEAREST_M) / _NEAREST_M)
        return _moved(camera, to_pivot * (1 - 1 / factor))
    across = to_pivot - depth_m * camera.forward
    closer = _moved(camera, across * (1 - 1 / factor))
    return replace(closer, scale_m=camera.scale_m / factor)


def seen_from(direction: Direction, box_m: npt.ArrayLike, size_px: tuple[int, int]) -> Camera:
    """A perspective camera that sees a whole box (2, 3) from a named side."""
    yaw_rad, pitch_rad = np.deg2rad(direction.value)
    facing = _facing(float(yaw_rad), float(np.clip(pitch_rad, -_STEEPEST_RAD, _STEEPEST_RAD)))
    return frame(Camera(from_rotation(facing), size_px, default_lens(size_px)), box_m)


def turned_to(camera: Camera, direction: Direction, pivot_m: npt.ArrayLike) -> Camera:
    """Look at a place from a named side, as far from it as now."""
    yaw_rad, pitch_rad = np.deg2rad(direction.value)
    facing = _facing(float(yaw_rad), float(np.clip(pitch_rad, -_STEEPEST_RAD, _STEEPEST_RAD)))
    turn = facing @ camera.world_from_camera[:3, :3].T
    pivot = np.asarray(pivot_m, np.float64)
    eye = pivot + turn @ (camera.eye_m - pivot)
    return replace(camera, world_from_camera=from_rotation(facing, eye))


def frame(camera: Camera, box_m: npt.ArrayLike) -> Camera:
    """Move, without turning, until a box (2, 3) of lower and upper corner just fills the view."""
    rotation = camera.world_from_camera[:3, :3]
    corners = _corners(np.asarray(box_m, np.float64)) @ rotation  # camera axes
    half = np.asarray(camera.size_px) / 2 / _ROOM_AROUND
    if camera.orthographic:
        low, high = corners.min(axis=0), corners.max(axis=0)
        across_m = float(((high - low)[:2] / 2 / half).max()) * camera.size_px[0]
        eye = np.array([*((low + high)[:2] / 2), low[2] - np.linalg.norm(high - low)])
        framed = replace(camera, scale_m=max(across_m, _NEAREST_M))
    else:
        # |x - eye x| f <= half (z - eye z) for each corner: the tightest two of each axis meet.
        slope = half / np.array([camera.intrinsics[0, 0], camera.intrinsics[1, 1]])
        far = (corners[:, :2] - slope * corners[:, 2:]).max(axis=0)
        near = (corners[:, :2] + slope * corners[:, 2:]).min(axis=0)
        back = min(float(((near - far) / (2 * slope)).min()), corners[:, 2].min() - _NEAREST_M)
        eye, framed = np.array([*((far + near) / 2), back]), camera
    return replace(framed, world_from_camera=from_rotation(rotation, rotation @ eye))


def with_projection(camera: Camera, projection: Projection, depth_m: float) -> Camera:
    """The other projection, so that what lies at a depth keeps its size in the picture."""
    if projection is camera.projection:
        return camera
    if projection is Projection.ORTHOGRAPHIC:
        scale_m = camera.size_px[0] / camera.pixels_per_m(depth_m)
        return replace(camera, projection=projection, scale_m=scale_m)
    wanted_m = float(camera.intrinsics[0, 0]) * camera.scale_m / camera.size_px[0]
    back = replace(camera, projection=projection)
    return _moved(back, (depth_m - wanted_m) * camera.forward)


def _allowed(camera: Camera, pitch_rad: float) -> float:
    now = float(np.arcsin(np.clip(camera.forward[2], -1, 1)))
    low, high = min(-_STEEPEST_RAD, now), max(_STEEPEST_RAD, now)
    return float(np.clip(now + pitch_rad, low, high) - now)


def _facing(yaw_rad: float, pitch_rad: float) -> Float:
    """(3, 3) of an upright camera that gazes at an angle from +x, raised by a pitch."""
    c, s = np.cos(yaw_rad), np.sin(yaw_rad)
    forward = np.array([c * np.cos(pitch_rad), s * np.cos(pitch_rad), np.sin(pitch_rad)])
    right = np.array([s, -c, 0.0])
    return np.stack([right, np.cross(forward, right), forward], axis=1)


def _about(axis: Float, angle_rad: float) -> Float:
    """(4, 4) rotation about an axis through the origin (Rodrigues)."""
    x, y, z = axis
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return from_rotation(
        np.eye(3) + np.sin(angle_rad) * cross + (1 - np.cos(angle_rad)) * cross @ cross
    )


def _corners(box: Float) -> Float:
    which = np.indices((2, 2, 2)).reshape(3, -1).T
    return box[which, np.arange(3)]


def _moved(camera: Camera, by_m: Float) -> Camera:
    return replace(camera, world_from_camera=translation(by_m) @ camera.world_from_camera)


def _with_pose(camera: Camera, pose: Float) -> Camera:
    """With the rotation made clean: errors of rounding would add up over thousands of moves."""
    forward = pose[:3, 2] / np.linalg.norm(pose[:3, 2])
    right = pose[:3, 0] - (pose[:3, 0] @ forward) * forward
    right /= np.linalg.norm(right)
    clean = from_rotation(np.stack([right, np.cross(forward, right), forward], axis=1), pose[:3, 3])
    return replace(camera, world_from_camera=clean)
