"""Polycam's raw data export: a folder with `keyframes/`.

`cameras/T.json` (`fx fy cx cy width height`, pose as `t_00` .. `t_23`, row by row), `images/T.jpg`,
`depth/T.png` (16 bit, millimetres), `confidence/T.png` (0 where ARKit believes its depth least).
After loop closure there are `corrected_cameras/` and `corrected_images/` too, which are better and
undistorted. Cameras have ARKit's axes, the world is Y up, principal points count from the corner.

No real export was at hand: this follows Polycam's own description of the format.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from lexel.errors import SceneError
from lexel.geometry.cameras import OPENCV_FROM_OPENGL
from lexel.io.check_image import size_px
from lexel.io.depth_files import DepthFile
from lexel.io.json_files import read_json_object
from lexel.io.notes import Notes
from lexel.io.number_text import numbers
from lexel.io.posed_frames import LOST, Camera, Frame, frames_recording
from lexel.io.recording import Recording, Up

KEYFRAMES = "keyframes"
_MILLIMETRES = 0.001
_INTRINSICS = ("fx", "fy", "cx", "cy", "width", "height")
_POSE = tuple(f"t_{row}{column}" for row in range(3) for column in range(4))
_NO_DEPTH = "Capture in LiDAR mode with developer mode on, and export raw data with its depth."


def open_polycam(folder: Path) -> Recording:
    """The recording in the folder that holds `keyframes/`."""
    keyframes = folder / KEYFRAMES
    corrected = all((keyframes / f"corrected_{kind}").is_dir() for kind in ("cameras", "images"))
    prefix = "corrected_" if corrected else ""
    files = sorted((keyframes / f"{prefix}cameras").glob("*.json"))
    if not files:
        raise SceneError(
            "holds no cameras", where=keyframes, do="Export raw data again, with developer mode on."
        )
    notes = Notes()
    if not corrected:
        notes.warn(
            str(folder),
            "its poses were not corrected by loop closure; ARKit's own are used",
            "Expect some drift.",
        )
    frames = [_frame(keyframes, file, keyframes / f"{prefix}images") for file in files]
    return frames_recording(folder, "Polycam raw data", frames, Up.Y, notes, _NO_DEPTH)


def _frame(keyframes: Path, file: Path, images: Path) -> Frame:
    values = read_json_object(file)
    fx, fy, cx, cy, width, height = numbers(
        [values.get(key) for key in _INTRINSICS], 6, f"{file}, {', '.join(_INTRINSICS)}"
    )
    confidence = keyframes / "confidence" / f"{file.stem}.png"
    return Frame(
        where=str(file),
        colour=images / f"{file.stem}.jpg",
        depth=DepthFile(
            keyframes / "depth" / f"{file.stem}.png",
            _MILLIMETRES,
            confidence if confidence.is_file() else None,
        ),
        camera=Camera(
            np.array([[fx, 0, cx], [0, fy, cy], [0, 0, 1]]), size_px(width, height, file)
        ),
        world_from_camera=_pose(values, file),
    )


def _pose(values: dict[str, Any], file: Path) -> npt.NDArray[np.float64]:
    try:
        rows = numbers([values.get(key) for key in _POSE], 12, file)
    except SceneError:
        return LOST
    return np.vstack([rows.reshape(3, 4), [0, 0, 0, 1]]) @ OPENCV_FROM_OPENGL
