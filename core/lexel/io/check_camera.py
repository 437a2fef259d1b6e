"""Checks and repairs of intrinsics and poses."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from lexel.errors import SceneError
from lexel.geometry.transforms import nearest_rotation, rotation_error
from lexel.io.notes import Notes

Float = npt.NDArray[np.float64]

# Focal lengths outside these shares of the image width are no camera's (170° and 2° of view).
_FOCAL_RANGE = (0.04, 30.0)
_SWAP_OFF_CENTRE = 0.1  # share of the size a principal point may be off its centre for a swap
_FAR_OFF_CENTRE = 0.25
_SKEW_SHARE = 0.01
_ROTATION_ROUNDING = 1e-6  # as float32 text and products leave it
_ROTATION_REPAIRABLE = 0.05
_FARTHEST_M = 1e6


def as_matrix(value: Any, where: str, shapes: tuple[tuple[int, int], ...]) -> Float:
    """A finite float64 array of one of the shapes, or a sentence."""
    try:
        given = np.array(value)
        if given.dtype.kind not in "fiu":
            raise TypeError(given.dtype)
        with np.errstate(over="ignore"):  # an overflow is found just below
            matrix = given.astype(np.float64)
    except (TypeError, ValueError, OverflowError) as cause:
        raise SceneError(
            "is not a matrix of numbers", where=where, got=type(value).__name__
        ) from cause
    if matrix.shape not in shapes:
        wanted = " or ".join(f"{r} x {c}" for r, c in shapes)
        raise SceneError(f"should be {wanted}", where=where, got=f"shape {matrix.shape}")
    if not np.isfinite(matrix).all():
        raise SceneError(
            "holds numbers that are not finite",
            where=where,
            do="The camera was probably lost here: use another view.",
        )
    return matrix


def check_intrinsics(value: Any, size_px: tuple[int, int], where: str, notes: Notes) -> Float:
    """(3, 3) K that fits an image of `size_px` (width, height)."""
    k = as_matrix(value, where, ((3, 3), (4, 4)))
    if k.shape == (4, 4):
        notes.note(where, "a 4 x 4 matrix; its upper left 3 x 3 is used")
        k = k[:3, :3].copy()
    if np.abs(k[2] - [0.0, 0.0, 1.0]).max() > 1e-6 or abs(k[1, 0]) > 1e-6 * abs(k[0, 0]):
        raise SceneError(
            "does not end in the row 0 0 1, so it is no intrinsics matrix",
            where=where,
            got=k.round(3).tolist(),
            do="Write fx 0 cx / 0 fy cy / 0 0 1 (is it transposed?).",
        )
    check_focal_lengths(k, where)
    _check_field_of_view(k, size_px, where, notes)
    k = _without_skew(k, where, notes)
    k = _with_principal_point(k, size_px, where, notes)
    k[1, 0], k[2] = 0.0, (0.0, 0.0, 1.0)
    return k


def check_focal_lengths(k: Float, where: str) -> None:
    """Refuse K (3, 3) of a camera that sees nothing, or behind itself."""
    fx, fy = k[0, 0], k[1, 1]
    if fx <= 0 or fy <= 0:
        raise SceneError(
            "has a focal length that is not positive",
            where=where,
            got=f"fx {fx:g}, fy {fy:g}",
            do="Give both in pixels (a negative one means another camera convention).",
        )


def _check_field_of_view(k: Float, size_px: tuple[int, int], where: str, notes: Notes) -> None:
    fx, fy = k[0, 0], k[1, 1]
    low, high = (share * max(size_px) for share in _FOCAL_RANGE)
    if not (low <= fx <= high and low <= fy <= high):
        raise SceneError(
            f"does not fit an image of {size_px[0]} x {size_px[1]} pixels",
            where=where,
            got=f"fx {fx:g}, fy {fy:g}",
            do="Give focal lengths in pixels of this image, not in millimetres or shares of it.",
        )
    if not 0.5 <= fx / fy <= 2.0:
        notes.warn(where, f"fx {fx:g} and fy {fy:g} are unusually far apart", "Check them.")


def _without_skew(k: Float, where: str, notes: Notes) -> Float:
    skew = k[0, 1]
    if abs(skew) > _SKEW_SHARE * k[0, 0]:
        raise SceneError(
            "has skew, which no camera here has", where=where, got=f"{skew:g}", do="Rectify it."
        )
    if abs(skew) > 1e-9 * k[0, 0]:
        notes.repaired(where, f"a skew of {skew:g} pixels was dropped")
    k[0, 1] = 0.0
    return k


def _with_principal_point(k: Float, size_px: tuple[int, int], where: str, notes: Notes) -> Float:
    """K, its principal point swapped back when it was given for the image turned on its side."""
    size = np.array(size_px, np.float64)
    point = k[:2, 2]
    off = np.abs(point / size - 0.5).max()
    swapped_off = np.abs(point[::-1] / size - 0.5).max()
    if off > _SWAP_OFF_CENTRE > swapped_off:
        notes.repaired(
            where,
            f"the principal point {_shown(point)}, counted from the corner, fits this "
            f"image of {size_px[0]} x {size_px[1]} only with its numbers swapped; "
            f"{_shown(point[::-1])} is used",
            "Correct the file, or use --compat reference to take it as it is.",
        )
        k[:2, 2] = point[::-1].copy()
        return k
    if off > 0.5:
        raise SceneError(
            f"has its principal point outside the image of {size_px[0]} x {size_px[1]} pixels",
            where=where,
            got=_shown(point),
            do="Scale the intrinsics to this image: do they belong to a larger one?",
        )
    if off > _FAR_OFF_CENTRE:
        notes.warn(
            where,
            f"the principal point {_shown(point)} is far from the middle of the image of "
            f"{size_px[0]} x {size_px[1]}",
            "Check that the intrinsics belong to this image.",
        )
    return k


def check_pose(value: Any, where: str, notes: Notes) -> Float:
    """(4, 4) rigid world_from_camera; a rotation that is slightly off is made one aloud."""
    pose = as_matrix(value, where, ((4, 4), (3, 4)))
    if pose.shape == (3, 4):
        notes.note(where, "a 3 x 4 matrix; the row 0 0 0 1 was added")
        pose = np.vstack([pose, [0.0, 0.0, 0.0, 1.0]])
    check_rigid(pose, where)
    pose[3] = (0.0, 0.0, 0.0, 1.0)
    error = rotation_error(pose[:3, :3])
    if error > _ROTATION_ROUNDING:
        notes.repaired(where, f"the rotation was off by {error:.1g} and was made exact")
        pose[:3, :3] = nearest_rotation(pose[:3, :3])
    return pose


def check_rigid(pose: Float, where: str) -> None:
    """Refuse a pose (4, 4) that no camera can have; a rotation may be slightly off."""
    if np.abs(pose[3] - [0.0, 0.0, 0.0, 1.0]).max() > 1e-6:
        raise SceneError(
            "does not end in the row 0 0 0 1",
            where=where,
            got=pose[3].tolist(),
            do="Give world-from-camera as rotation and translation (is it transposed?).",
        )
    if np.abs(pose[:3, 3]).max() > _FARTHEST_M:
        raise SceneError(
            "stands more than 1000 km from its origin",
            where=where,
            got=pose[:3, 3].tolist(),
            do="Give metres, from an origin near the scene.",
        )
    linear = pose[:3, :3]
    error = rotation_error(linear) if np.abs(linear).max() < 10 else np.inf
    if error > _ROTATION_REPAIRABLE:
        raise SceneError(
            "holds no rotation: its columns are not perpendicular unit vectors",
            where=where,
            got=f"off by {error:.2g}",
            do="Give a rigid world-from-camera matrix without scale.",
        )
    if np.linalg.det(linear) < 0:
        raise SceneError(
            "mirrors the world: its determinant is -1",
            where=where,
            do="Flip one axis: cameras here are +X right, +Y down, +Z forward.",
        )


def _shown(point: Float) -> str:
    return f"({point[0]:g}, {point[1]:g})"
