"""Pinhole cameras: OpenCV axes (+X right, +Y down, +Z forward), pixel centres at +0.5."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lexel.geometry.transforms import invert

# Published files count pixel centres at integers; core counts them at +0.5.
PIXEL_CENTRE_PX = 0.5

# From a camera with OpenGL's, Blender's or ARKit's axes (+Y up, +Z backward); its own inverse.
OPENCV_FROM_OPENGL: npt.NDArray[np.float64] = np.diag([1.0, -1.0, -1.0, 1.0])


def intrinsics_from_published(intrinsics: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Core's (3, 3) K from one that counts pixel centres at integers."""
    return _shift_principal_point(intrinsics, PIXEL_CENTRE_PX)


def published_intrinsics(intrinsics: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """The K that counts pixel centres at integers, from core's; what `reference` mode needs."""
    return _shift_principal_point(intrinsics, -PIXEL_CENTRE_PX)


def scale_intrinsics(
    intrinsics: npt.ArrayLike, factor_x: float, factor_y: float
) -> npt.NDArray[np.float64]:
    """K of the same image resized by the factors (exact, as pixel centres are at +0.5)."""
    scale: npt.NDArray[np.float64] = np.diag(np.array([factor_x, factor_y, 1.0]))
    return scale @ np.asarray(intrinsics, np.float64)


def back_project(
    depth_m: npt.NDArray[np.floating], intrinsics: npt.NDArray[np.float64]
) -> npt.NDArray[np.float32]:
    """(H, W, 3) float32, metres, camera frame: where each pixel's z-depth lies.

    X = (u - cx) d / fx, Y = (v - cy) d / fy, Z = d. Pixels without depth come out at the origin.
    """
    height, width = depth_m.shape
    depth = depth_m.astype(np.float64)
    x = (np.arange(width) + PIXEL_CENTRE_PX - intrinsics[0, 2]) / intrinsics[0, 0]
    y = (np.arange(height) + PIXEL_CENTRE_PX - intrinsics[1, 2]) / intrinsics[1, 1]
    points = np.empty((height, width, 3), np.float32)
    points[..., 0] = depth * x
    points[..., 1] = depth * y[:, None]
    points[..., 2] = depth
    return points


def project(
    points_camera: npt.ArrayLike, intrinsics: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """(..., 3) camera frame to (..., 3): u, v in pixels and Z; u, v are NaN or ±inf at Z = 0."""
    p = np.asarray(points_camera, np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        u = p[..., 0] / p[..., 2] * intrinsics[0, 0] + intrinsics[0, 2]
        v = p[..., 1] / p[..., 2] * intrinsics[1, 1] + intrinsics[1, 2]
    return np.stack([u, v, p[..., 2]], axis=-1)


def in_frustum(
    points_world: npt.ArrayLike,
    intrinsics: npt.NDArray[np.float64],
    world_from_camera: npt.NDArray[np.float64],
    size_px: tuple[int, int],
) -> npt.NDArray[np.bool_]:
    """Whether points (..., 3) fall into the image: 0 <= u < W, 0 <= v < H, Z > 0; no depth test.

    `size_px` is (width, height). The published test is this one with `published_intrinsics(K)`:
    it counts pixel centres at integers and so cuts half a pixel off left and top.
    """
    width, height = size_px
    camera_from_world = invert(world_from_camera)
    points = np.asarray(points_world, np.float64)
    uvz = project(points @ camera_from_world[:3, :3].T + camera_from_world[:3, 3], intrinsics)
    u, v, z = uvz[..., 0], uvz[..., 1], uvz[..., 2]
    with np.errstate(invalid="ignore"):
        return np.asarray((u >= 0) & (u < width) & (v >= 0) & (v < height) & (z > 0))


def look_at(
    eye: npt.NDArray[np.float64], target: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """[4, 4] world_from_camera of an upright camera at `eye` [3] that looks at `target` [3]."""
    forward = (target - eye) / np.linalg.norm(target - eye)
    right = np.cross(forward, [0, 0, 1.0])
    right /= np.linalg.norm(right)
    pose = np.eye(4)
    pose[:3, 0], pose[:3, 1], pose[:3, 2] = right, np.cross(forward, right), forward
    pose[:3, 3] = eye
    return pose


def _shift_principal_point(intrinsics: npt.ArrayLike, by_px: float) -> npt.NDArray[np.float64]:
    shifted = np.array(intrinsics, np.float64)
    shifted[:2, 2] += by_px
    return shifted
