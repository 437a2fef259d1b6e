"""Recordings whose views are image files with a pose each: read one at a time, made straight.

Readers of such formats say where each frame's files lie and which camera took them; the rest –
what is missing, lenses, depth from a camera of its own – is done here for all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from lexel.errors import SceneError
from lexel.geometry.cameras import scale_intrinsics
from lexel.geometry.lenses import (
    STRAIGHT,
    Lens,
    corner_radius,
    is_straight,
    shift_px,
    usable_radius,
)
from lexel.io.check_camera import as_matrix, check_focal_lengths
from lexel.io.depth_files import DepthFile, read_depth
from lexel.io.images import decode_rgb, image_size_px
from lexel.io.notes import Notes
from lexel.io.recording import RawView, Recording, Up
from lexel.io.resampling import straighten_rgb, take_depth
from lexel.io.words_file import read_words

Float = npt.NDArray[np.float64]
LOST: Float = np.full((4, 4), np.nan)  # the pose of a frame that has none
_SAME_ASPECT = 0.02
_LEAST_USABLE = 0.5  # of the image's radius; a lens that folds sooner is no lens


@dataclass(frozen=True, eq=False)
class Camera:
    """What took an image.

    Attributes:
        intrinsics: (3, 3) K, pixel centres at +0.5.
        size_px: (width, height) that K is for; None: for the image as it comes.
        lens: how it bends the image.
    """

    intrinsics: Float
    size_px: tuple[int, int] | None = None
    lens: Lens = STRAIGHT


@dataclass(frozen=True, eq=False)
class Frame:
    """One view: where its images lie and where it was taken.

    Attributes:
        where: what to call it in messages.
        colour: its image.
        depth: of the same view; None when there is none.
        camera: took the colour image.
        depth_camera: took the depth, when it is not on the colour's pixels.
        world_from_camera: (4, 4), OpenCV camera; numbers that are not finite when it was lost.
    """

    where: str
    colour: Path
    depth: DepthFile | None
    camera: Camera
    world_from_camera: Float
    depth_camera: Camera | None = None


def frames_recording(
    folder: Path, kind: str, frames: Sequence[Frame], up: Up, notes: Notes, no_depth: str
) -> Recording:
    """The recording of those frames that have their files; what is left out is said.

    Args:
        folder: holds them, and perhaps `scene.json`.
        kind: for people.
        frames: in the order they were taken.
        up: of the world they stand in.
        notes: what the reader found; said whenever the recording is used.
        no_depth: what to do when no frame has depth.
    """
    usable = _usable(frames, folder, notes)
    _note_lenses(usable, folder, notes)
    words = read_words(folder)
    return Recording(
        path=folder,
        kind=kind,
        name=words.name or folder.resolve().name,
        num_views=len(usable),
        up=up,
        read_view=lambda i: _read_view(usable[i], no_depth),
        read_pose=lambda i: usable[i].world_from_camera,
        labels=words.labels,
        descriptions=words.descriptions,
        declares_labels=words.declares_labels,
        findings=tuple(notes.findings),
    )


def _usable(frames: Sequence[Frame], folder: Path, notes: Notes) -> list[Frame]:
    """The frames that can be read; all that have colour and a pose when none has depth."""
    posed = [f for f in frames if np.isfinite(f.world_from_camera).all()]
    _say_left_out(frames, posed, "a pose", folder, notes)
    coloured = [f for f in posed if f.colour.is_file()]
    _say_left_out(posed, coloured, "a colour image", folder, notes)
    deep = [f for f in coloured if f.depth is not None and f.depth.path.is_file()]
    if not deep:
        return [replace(f, depth=None) for f in coloured]
    _say_left_out(coloured, deep, "a depth image", folder, notes)
    return deep


def _say_left_out(
    frames: Sequence[Frame], kept: Sequence[Frame], what: str, folder: Path, notes: Notes
) -> None:
    """Tell how many of the frames were not kept; none kept is an error."""
    if not kept:
        raise SceneError(
            f"has no frame with {what}",
            where=folder,
            got=frames[0].where if frames else "no frames at all",
            do="Add what is missing, or export it again.",
        )
    if len(kept) < len(frames):
        some = next(
            frame.where for i, frame in enumerate(frames) if i >= len(kept) or frame is not kept[i]
        )
        notes.repaired(
            str(folder),
            f"{len(frames) - len(kept):,} of {len(frames):,} frames are without {what} and were "
            f"left out (the first: {some})",
        )


def _note_lenses(frames: Sequence[Frame], folder: Path, notes: Notes) -> None:
    images: dict[int, tuple[Camera, Path]] = {}  # one that each camera took
    for frame in frames:
        images.setdefault(id(frame.camera), (frame.camera, frame.colour))
        if frame.depth_camera is not None and frame.depth is not None:
            images.setdefault(id(frame.depth_camera), (frame.depth_camera, frame.depth.path))
    bent = [shift for camera, image in images.values() if (shift := _shift_px(camera, image)) > 1.0]
    if bent:
        notes.repaired(
            str(folder),
            f"its lens moves pixels by up to {max(bent):.0f} px; images are made straight",
        )


def _shift_px(camera: Camera, image: Path) -> float:
    if camera.lens == STRAIGHT:
        return 0.0
    try:
        size_px = camera.size_px or image_size_px(image)
    except SceneError:  # said when the view is read
        return 0.0
    return shift_px(camera.lens, camera.intrinsics, size_px)


def _read_view(frame: Frame, no_depth: str) -> RawView:
    if frame.depth is None:
        raise SceneError("has colour and a pose, but no depth", where=frame.where, do=no_depth)
    rgb = decode_rgb(frame.colour, frame.colour, turn=False)
    size_px = (rgb.shape[1], rgb.shape[0])
    k = _intrinsics_for(frame.camera, size_px, f"{frame.where}, intrinsics")
    depth_m = _read_depth_on(frame, k, size_px)
    if not is_straight(frame.camera.lens, k, size_px):
        rgb = straighten_rgb(rgb, k, frame.camera.lens)
    return RawView(
        where=frame.where,
        rgb=rgb,
        depth_m=depth_m,
        intrinsics=k,
        world_from_camera=frame.world_from_camera,
        names=(frame.colour.name, frame.depth.path.name, "intrinsics", "pose"),
    )


def _read_depth_on(frame: Frame, k: Float, size_px: tuple[int, int]) -> npt.NDArray[np.float32]:
    """Depth on the straight colour image's rays, at its own resolution where it can stay there."""
    assert frame.depth is not None
    depth_m = read_depth(frame.depth)
    own_size = (depth_m.shape[1], depth_m.shape[0])
    if frame.depth_camera is not None:
        where = f"{frame.where}, intrinsics of depth"
        own_k = _intrinsics_for(frame.depth_camera, own_size, where)
        return take_depth(depth_m, own_k, frame.depth_camera.lens, k, size_px)
    if is_straight(frame.camera.lens, k, size_px):
        return depth_m
    own_k = scale_intrinsics(k, own_size[0] / size_px[0], own_size[1] / size_px[1])
    return take_depth(depth_m, own_k, frame.camera.lens, own_k, own_size)


def _intrinsics_for(camera: Camera, size_px: tuple[int, int], where: str) -> Float:
    """K (3, 3) for an image of `size_px`, which may be a resized one of what K is for."""
    k = as_matrix(camera.intrinsics, where, ((3, 3),))
    check_focal_lengths(k, where)
    if camera.size_px is not None and camera.size_px != size_px:
        k = _scaled(k, camera.size_px, size_px, where)
    if usable_radius(camera.lens, k, size_px) < _LEAST_USABLE * corner_radius(k, size_px):
        raise SceneError(
            "have a distortion that folds the image over itself",
            where=where,
            got=camera.lens,
            do="Undistort the images with the program that calibrated them.",
        )
    return k


def _scaled(k: Float, of_px: tuple[int, int], size_px: tuple[int, int], where: str) -> Float:
    across, down = size_px[0] / of_px[0], size_px[1] / of_px[1]
    if abs(across / down - 1) > _SAME_ASPECT:
        raise SceneError(
            "belong to images of {} x {} pixels".format(*of_px),
            where=where,
            got="{} x {}".format(*size_px),
            do="Give the images they were computed for, neither cut nor turned.",
        )
    return scale_intrinsics(k, across, down)
