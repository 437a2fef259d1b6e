"""Pictures and films of what is shown, at any size, drawn without the window."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image as Pillow

from lexel.errors import InputError
from lexel.geometry.transforms import from_quaternion, from_rotation
from lexel.io.atomic import replacing_file
from lexel.io.video import write_mp4
from lexel.progress import Progress, track
from lexel.query.paint import Paint
from lexel.viewer.drawing.camera import Camera, Float
from lexel.viewer.drawing.moves import orbit
from lexel.viewer.drawing.scenery import Dress, Scenery, picture

FRAMES_PER_SECOND = 24
_GROUND = (255, 255, 255)  # of films: they know no transparency


def save_picture(path: Path, scenery: Scenery, paint: Paint, dressed: Dress) -> Path:
    """Write a `.png` of the size of the scenery's camera; whole or not there.

    Where the dress has no background, the ground is transparent.
    """
    image = picture(scenery, paint, dressed)
    with replacing_file(path) as temporary:
        Pillow.fromarray(image).save(temporary, format="png")
    return path


def save_film(
    path: Path,
    cameras: Sequence[Camera],
    scenery: Scenery,
    paint: Paint,
    dressed: Dress,
    progress: Progress,
) -> Path:
    """Write an `.mp4` with a frame for each camera; whole or not there, also when cancelled.

    Raises:
        InputError: there is no camera.
    """
    if not cameras:
        raise InputError("a film needs at least one camera", where=path)
    width, height = (size // 2 * 2 for size in cameras[0].size_px)  # H.264 wants even sizes
    if dressed.background is None:
        dressed = replace(dressed, background=_GROUND)

    def frames() -> Iterator[npt.NDArray[np.uint8]]:
        for camera in track(cameras, "drawing frames", progress):
            seen = replace(scenery, camera=camera.resized((width, height)))
            yield picture(seen, paint, dressed)[..., :3]

    return write_mp4(
        path, frames(), (width, height), frames_per_second=FRAMES_PER_SECOND, comment="Lexel"
    )


def turntable(camera: Camera, pivot_m: Float, seconds: float) -> list[Camera]:
    """Once around a place; the last frame comes before the first, so that it can loop."""
    count = max(2, round(seconds * FRAMES_PER_SECOND))
    return [orbit(camera, pivot_m, 2 * np.pi * turn / count, 0.0) for turn in range(count)]


def camera_path(keys: Sequence[Camera], seconds: float) -> list[Camera]:
    """A way through key cameras, evenly in time, smooth in place and direction.

    Raises:
        InputError: there are fewer than two.
    """
    if len(keys) < 2:
        raise InputError("a camera path needs at least two views", do="Keep another view first.")
    count = max(2, round(seconds * FRAMES_PER_SECOND))
    times = np.linspace(0, len(keys) - 1, count)
    first, size_px = keys[0], keys[0].size_px
    fitted = [key.resized(size_px) for key in keys]
    eyes = _smooth(np.stack([key.eye_m for key in fitted]), times)
    turns = _smooth(_quaternions(fitted), times)
    lenses = _smooth(np.stack([key.intrinsics for key in fitted]), times)
    scales = _smooth(np.array([key.scale_m for key in fitted]), times)
    return [
        replace(
            first,
            world_from_camera=from_rotation(from_quaternion(turn), eye),
            intrinsics=lens,
            scale_m=float(scale),
        )
        for eye, turn, lens, scale in zip(eyes, turns, lenses, scales, strict=True)
    ]


def _smooth(values: Float, times: Float) -> Float:
    """Through (K, ...) at 0, 1, … K - 1 by monotone cubics, which never swing beyond two keys."""
    from scipy.interpolate import PchipInterpolator

    return np.asarray(PchipInterpolator(np.arange(len(values)), values, axis=0)(times))


def _quaternions(cameras: Sequence[Camera]) -> Float:
    """(K, 4) wxyz, each on the side of the one before, so that turns take the short way."""
    from scipy.spatial.transform import Rotation

    rotations = np.stack([camera.world_from_camera[:3, :3] for camera in cameras])
    xyzw = np.asarray(Rotation.from_matrix(rotations).as_quat())
    wxyz = np.concatenate([xyzw[:, 3:], xyzw[:, :3]], axis=1)
    for i in range(1, len(wxyz)):
        if wxyz[i] @ wxyz[i - 1] < 0:
            wxyz[i] *= -1
    return wxyz
