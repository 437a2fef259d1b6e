"""What a structured-light depth camera makes of exact depth: noise, steps and holes.

Axial and lateral noise as Nguyen, Izadi and Lovell measured them for the first Kinect ("Modeling
Kinect Sensor Noise for Improved 3D Reconstruction and Tracking", 3DIMPVT 2012); steps of disparity
as Khoshelham and Oude Elberink describe ("Accuracy and Resolution of Kinect Depth Data for Indoor
Mapping Applications", Sensors 12, 2012). Holes are ours: where the projector's light is
hidden, where surfaces are seen too flatly, half of the pixels at the edges of things, and what is
too near.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lexel.geometry.cameras import back_project

Float = NDArray[np.float64]
EXACT, STRUCTURED_LIGHT = "exact", "structured-light"
SENSORS = (EXACT, STRUCTURED_LIGHT)

_FOCAL_PX = 580.0  # of the sensor's own infrared camera, in which its noise is told
_BASELINE_M = 0.075  # from that camera to the projector, along its +X
_STEP_PX = 1 / 8  # of disparity
_NEAREST_M = 0.4
_EDGE_LOSS = 0.5
# Between these angles, from the normal to the ray, ever more light is lost; the formulas end there.
_GRAZING_RAD = (np.radians(75), np.radians(85))


def sense(
    depth_m: NDArray[np.float32], intrinsics: Float, rng: np.random.Generator
) -> NDArray[np.float32]:
    """Depth [H, W] as the sensor would tell it through this camera; 0 where it tells none."""
    points_m = back_project(depth_m, intrinsics).astype(np.float64)
    angle = _angles(points_m, (_own_slope(points_m, 0), _own_slope(points_m, 1)))
    # Over an edge the surface through a pixel's neighbours is steep.
    over_edge = _angles(points_m, np.gradient(points_m, axis=(0, 1)))
    loss = np.maximum(_loss(angle), _EDGE_LOSS * _loss(over_edge))
    lost = _shadowed(depth_m, intrinsics) | (rng.random(depth_m.shape) < loss)
    angle = np.minimum(angle, _GRAZING_RAD[1])
    moved = _moved(depth_m, lateral_noise_px(angle) * intrinsics[0, 0] / _FOCAL_PX, rng)
    seen = np.where(moved > 0, moved, np.inf)
    noisy = seen + rng.standard_normal(depth_m.shape) * axial_noise_m(moved, angle)
    lost |= (moved == 0) | (noisy < _NEAREST_M)
    return np.where(lost, 0, _stepped(np.where(lost, 1, noisy))).astype(np.float32)


def axial_noise_m(depth_m: NDArray[np.floating], angle_rad: Float) -> Float:
    """Standard deviation along the camera's axis: equation 2 of Nguyen et al."""
    steep = angle_rad / (np.pi / 2 - angle_rad)
    z = np.maximum(depth_m, _NEAREST_M)
    return np.asarray(0.0012 + 0.0019 * (z - 0.4) ** 2 + 0.0001 / np.sqrt(z) * steep**2)


def lateral_noise_px(angle_rad: Float) -> Float:
    """Standard deviation across it, in pixels of the sensor: equation 1 of Nguyen et al."""
    return np.asarray(0.8 + 0.035 * angle_rad / (np.pi / 2 - angle_rad))


def _angles(points_m: Float, slopes: tuple[Float, Float]) -> Float:
    """Angle from each pixel's ray to the normal of a surface with these slopes, 0..π/2."""
    normal = np.cross(*slopes)
    lengths = np.linalg.norm(normal, axis=-1) * np.linalg.norm(points_m, axis=-1)
    cosine = np.abs((normal * points_m).sum(-1)) / np.maximum(lengths, 1e-12)
    return np.asarray(np.arccos(np.clip(cosine, 0, 1)))


def _own_slope(points_m: Float, axis: int) -> Float:
    """Difference to the neighbour before or behind, whichever is on the same surface."""
    step = np.diff(points_m, axis=axis)
    first, last = step.take([0], axis), step.take([-1], axis)
    before, behind = np.concatenate([first, step], axis), np.concatenate([step, last], axis)
    return np.where(np.abs(before[..., 2:]) < np.abs(behind[..., 2:]), before, behind)


def _loss(angle_rad: Float) -> Float:
    """Probability 0..1 that too little light comes back."""
    least, most = _GRAZING_RAD
    return np.asarray(np.clip((angle_rad - least) / (most - least), 0, 1))


def _shadowed(depth_m: NDArray[np.float32], intrinsics: Float) -> NDArray[np.bool_]:
    """Where something nearer, further right, stands in the projector's light."""
    x = (np.arange(depth_m.shape[1]) + 0.5 - intrinsics[0, 2]) / intrinsics[0, 0]
    near = np.where(depth_m > 0, depth_m, np.inf)
    from_projector = x - _BASELINE_M / near
    least = np.minimum.accumulate(from_projector[:, ::-1], axis=1)[:, ::-1]
    return np.asarray(least < from_projector)


def _moved(
    depth_m: NDArray[np.float32], spread_px: Float, rng: np.random.Generator
) -> NDArray[np.float32]:
    """Depth of pixels nearby, drawn within `spread_px`: depth is never blended across edges."""
    height, width = depth_m.shape
    rows, columns = np.mgrid[:height, :width]
    shift = np.round(rng.standard_normal((2, height, width)) * spread_px).astype(int)
    rows, columns = rows + shift[0], columns + shift[1]
    return depth_m[np.clip(rows, 0, height - 1), np.clip(columns, 0, width - 1)]


def _stepped(depth_m: Float) -> Float:
    """Depth at the nearest whole step of disparity."""
    steps = _FOCAL_PX * _BASELINE_M / _STEP_PX
    return np.asarray(steps / np.maximum(np.round(steps / depth_m), 1))
