"""From what a file gives to core's `View`: checked and repaired aloud, or as published."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from lexel.errors import SceneError
from lexel.geometry.cameras import scale_intrinsics
from lexel.io.check_camera import (
    as_matrix,
    check_focal_lengths,
    check_intrinsics,
    check_pose,
    check_rigid,
)
from lexel.io.check_image import check_depth, check_rgb, check_same_shape
from lexel.io.images import resize_bilinear, resize_nearest, resize_smooth
from lexel.io.limits import MAX_PIXELS
from lexel.io.notes import Notes
from lexel.io.recording import RawView
from lexel.scene import View

_SAME_ASPECT = 0.02


def normalise(raw: RawView, notes: Notes) -> View:
    """A `View` that keeps the contract, whatever the file holds; or a `SceneError`."""
    rgb_name, depth_name, k_name, pose_name = (f"{raw.where}, {name}" for name in raw.names)
    rgb = check_rgb(raw.rgb, rgb_name, notes)
    depth = check_depth(raw.depth_m, depth_name, notes)
    check_same_shape(rgb, depth, depth_name)
    read_size = (rgb.shape[1], rgb.shape[0])
    size = _wanted_size(raw, read_size, notes)
    k = raw.intrinsics
    if size != read_size:
        k = _for_size(as_matrix(k, k_name, ((3, 3), (4, 4))), read_size, size, k_name, notes)
        rgb = resize_smooth(rgb, size)
        notes.note(rgb_name, f"resized from {_by(read_size)} to {_by(size)} pixels")
    if (depth.shape[1], depth.shape[0]) != size:
        notes.note(
            depth_name,
            f"{_by((depth.shape[1], depth.shape[0]))} samples, taken to {_by(size)} pixels "
            "by nearest sample",
        )
        depth = resize_nearest(depth, size)
    return View(
        rgb=rgb,
        depth_m=np.ascontiguousarray(depth),
        intrinsics=check_intrinsics(k, size, k_name, notes),
        world_from_camera=check_pose(raw.world_from_camera, pose_name, notes),
    )


def as_published(raw: RawView, notes: Notes) -> View:
    """The view of `reference` mode: geometry is not repaired; `img_shape` as published.

    There the images are resized by two-point interpolation (depth too) and K stays as it is. What
    no camera can have given is refused; colours of another kind are converted aloud.
    """
    rgb_name, depth_name, k_name, pose_name = (f"{raw.where}, {name}" for name in raw.names)
    rgb = check_rgb(raw.rgb, rgb_name, notes)
    depth = raw.depth_m
    if not isinstance(depth, np.ndarray) or depth.ndim != 2 or depth.dtype.kind not in "fiu":
        raise SceneError("should be an H x W array of metres", where=depth_name)
    check_same_shape(rgb, depth, depth_name)
    size = (rgb.shape[1], rgb.shape[0])
    with np.errstate(over="ignore"):  # becomes inf, which is no point
        depth = depth.astype(np.float32)
    if raw.resize_px is not None:
        size = _checked_size(raw)
        rgb = np.rint(resize_bilinear(rgb, size)).astype(np.uint8)
        depth = resize_bilinear(depth, size).astype(np.float32)
    elif depth.shape != rgb.shape[:2]:
        depth = resize_nearest(depth, size)
    k = as_matrix(raw.intrinsics, k_name, ((3, 3), (4, 4)))[:3, :3].copy()
    check_focal_lengths(k, k_name)
    pose = as_matrix(raw.world_from_camera, pose_name, ((4, 4),))
    check_rigid(pose, pose_name)
    return View(rgb=rgb, depth_m=depth, intrinsics=k, world_from_camera=pose)


def _wanted_size(raw: RawView, read_size: tuple[int, int], notes: Notes) -> tuple[int, int]:
    """(width, height) to bring the images to; `img_shape` written (height, width) is turned."""
    if raw.resize_px is None:
        return read_size
    width, height = _checked_size(raw)
    aspect = read_size[0] / read_size[1]
    if abs(width / height / aspect - 1) > _SAME_ASPECT:
        where = f"{raw.where}, img_shape"
        if abs(height / width / aspect - 1) <= _SAME_ASPECT:
            notes.repaired(
                where,
                f"({width}, {height}) is height, width; it should be width, height for these "
                f"images of {_by(read_size)} and was turned",
            )
            return height, width
        notes.warn(where, f"({width}, {height}) stretches images of {_by(read_size)}")
    return width, height


def _checked_size(raw: RawView) -> tuple[int, int]:
    where = f"{raw.where}, img_shape"
    try:
        given = np.array(raw.resize_px)
    except ValueError:  # lists of different lengths
        given = np.empty(0)
    if given.shape != (2,) or given.dtype.kind not in "iuf" or not np.isin(given % 1, 0).all():
        raise SceneError(
            "should be two whole numbers: width, height", where=where, got=raw.resize_px
        )
    width, height = (int(n) for n in given)
    if min(width, height) < 8 or width * height > MAX_PIXELS:
        raise SceneError("is no size for an image", where=where, got=(width, height))
    return width, height


def _for_size(
    k: npt.NDArray[np.float64],
    read_size: tuple[int, int],
    size: tuple[int, int],
    where: str,
    notes: Notes,
) -> npt.NDArray[Any]:
    """K for the resized image: as it is when it fits there, scaled when it fits the file's."""
    k = k[:3, :3]
    if _off_centre(k, size) <= _off_centre(k, read_size):
        return k
    notes.repaired(
        where, f"it belongs to the images of {_by(read_size)} and was scaled to {_by(size)}"
    )
    return scale_intrinsics(k, size[0] / read_size[0], size[1] / read_size[1])


def _off_centre(k: npt.NDArray[np.float64], size: tuple[int, int]) -> float:
    point = k[:2, 2]
    straight, swapped = (np.abs(p / np.array(size) - 0.5).max() for p in (point, point[::-1]))
    return float(min(straight, swapped))


def _by(size: tuple[int, int]) -> str:
    return f"{size[0]} x {size[1]}"
