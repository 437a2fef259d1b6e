"""Cameras that swing around a scene, framed so that nothing leaves the picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

_FIELD_OF_VIEW_RAD = np.deg2rad(36.0)  # vertical; long enough not to distort at the edges
_FRAMING_POINTS = 4000
_FRAMING_QUANTILES = (0.003, 0.997)  # stray points must not make the scene small
_MARGIN = 1.05


_ELEVATION_DEG = 20.0


@dataclass(frozen=True, eq=False)
class Camera:
    """OpenCV convention; pixel centres at +0.5.

    Attributes:
        world_from_camera: (4, 4) float64, rigid.
        focal_px: for both axes.
        centre_px: principal point (x, y).
        size_px: (width, height).
    """

    world_from_camera: npt.NDArray[np.float64]
    focal_px: float
    centre_px: tuple[float, float]
    size_px: tuple[int, int]

    @property
    def eye_m(self) -> npt.NDArray[np.float64]:
        return self.world_from_camera[:3, 3]


def orbit_cameras(
    points_m: npt.NDArray[np.float32],
    forward: npt.NDArray[np.float64],
    num_frames: int,
    size_px: tuple[int, int],
    *,
    sweep_deg: float = 120.0,
    elevation_deg: float = _ELEVATION_DEG,
    radius_m: float = 0.0,
) -> list[Camera]:
    """Cameras looking at `points_m` from where the scene was seen, turning about the up axis.

    They swing by `sweep_deg` in all and come back, so that the film can loop; 360 is a full turn.
    `radius_m` is that of a point.
    """
    low, high = robust_bounds(points_m)
    centre = (low + high) / 2
    inner = _sample(points_m).astype(np.float64)
    inner = np.clip(inner, low, high) - centre
    rotations = [
        _world_from_camera_rotation(forward, azimuth, np.deg2rad(elevation_deg))
        for azimuth in _azimuths(num_frames, sweep_deg)
    ]
    width, height = size_px
    focal_px = height / 2 / np.tan(_FIELD_OF_VIEW_RAD / 2)
    half = np.array([width / 2, height / 2]) / focal_px / _MARGIN
    distance = max(_distance_that_holds(inner @ rotation, half, radius_m) for rotation in rotations)
    return [_camera(rotation, centre, distance, focal_px, size_px) for rotation in rotations]


def robust_bounds(
    points_m: npt.NDArray[np.float32],
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Corners of the box that holds nearly all points; a unit box when there is none."""
    if len(points_m) == 0:
        return -np.ones(3), np.ones(3)
    low, high = np.quantile(_sample(points_m), _FRAMING_QUANTILES, axis=0).astype(np.float64)
    small = (high - low) < 1e-3
    return low - 1e-3 * small, high + 1e-3 * small


def _sample(points_m: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    if len(points_m) == 0:
        return np.zeros((1, 3), np.float32)
    return points_m[:: max(1, len(points_m) // _FRAMING_POINTS)]


def _azimuths(num_frames: int, sweep_deg: float) -> npt.NDArray[np.float64]:
    turn = np.arange(num_frames) / max(num_frames, 1)
    if sweep_deg >= 360:
        return 2 * np.pi * turn
    return np.deg2rad(sweep_deg) / 2 * np.sin(2 * np.pi * turn)


def _world_from_camera_rotation(
    forward: npt.NDArray[np.float64], azimuth_rad: float, elevation_rad: float
) -> npt.NDArray[np.float64]:
    """Columns: the camera's right, down and view direction in the world."""
    start = np.arctan2(forward[1], forward[0])
    flat = np.array([np.cos(start + azimuth_rad), np.sin(start + azimuth_rad), 0.0])
    up = np.array([0.0, 0.0, 1.0])
    ahead = np.cos(elevation_rad) * flat - np.sin(elevation_rad) * up
    right = np.cross(ahead, up)
    right /= np.linalg.norm(right)
    return np.stack([right, np.cross(ahead, right), ahead], axis=1)


def _distance_that_holds(
    points_camera: npt.NDArray[np.float64], half: npt.NDArray[np.float64], radius_m: float
) -> float:
    """Least distance from the centre at which |x|, |y| <= half * depth for all of every point."""
    needed = (np.abs(points_camera[:, :2]) + radius_m) / half - points_camera[:, 2:] + radius_m
    return float(needed.max())


def _camera(
    rotation: npt.NDArray[np.float64],
    centre_m: npt.NDArray[np.float64],
    distance_m: float,
    focal_px: float,
    size_px: tuple[int, int],
) -> Camera:
    pose = np.eye(4)
    pose[:3, :3] = rotation
    pose[:3, 3] = centre_m - distance_m * rotation[:, 2]
    return Camera(pose, focal_px, (size_px[0] / 2, size_px[1] / 2), size_px)
