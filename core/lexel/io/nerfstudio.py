"""nerfstudio's `transforms.json`, as ns-process-data, Polycam's converters and instant-ngp write.

Intrinsics (`fl_x fl_y cx cy w h`, or `camera_angle_x`) and distortion (`k1 k2 k3 k4 p1 p2`) stand
in each frame or once for all; the principal point is counted from the image's corner. Frames have
`file_path`, `transform_matrix` (4 x 4 world from camera, OpenGL axes) and perhaps
`depth_file_path`: 16-bit PNG or .npy in millimetres unless `depth_unit_scale_factor` says else
(instant-ngp: `depth_path`, `integer_depth_scale`). `applied_scale` is what positions, but not
depths, were multiplied with; `applied_transform` leads back to an earlier frame and is not needed.
The world is known to be upright only where `orientation_override` is "none".
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from lexel.errors import SceneError
from lexel.geometry.cameras import OPENCV_FROM_OPENGL
from lexel.geometry.lenses import Lens
from lexel.io.check_camera import as_matrix
from lexel.io.check_image import size_px
from lexel.io.depth_files import DepthFile
from lexel.io.inner_paths import inner_path
from lexel.io.json_files import read_json_object
from lexel.io.notes import Notes
from lexel.io.number_text import numbers
from lexel.io.posed_frames import LOST, Camera, Frame, frames_recording
from lexel.io.recording import Recording, Up

TRANSFORMS_FILE = "transforms.json"
_NO_DEPTH = (
    "Lexel builds from depth. Name a depth image in each frame as depth_file_path "
    "(ns-process-data polycam --use-depth does)."
)
_MILLIMETRES = 0.001
_PINHOLES = ("SIMPLE_PINHOLE", "PINHOLE", "SIMPLE_RADIAL", "RADIAL", "OPENCV", "perspective", "")
_FISHEYES = ("OPENCV_FISHEYE", "fisheye")
_DEPTH_KEYS = (
    ("depth_file_path", "depth_unit_scale_factor"),
    ("depth_path", "integer_depth_scale"),
)
_UNSAID_SUFFIXES = (".png", ".jpg")  # Blender's synthetic scenes leave them out

Values = Mapping[str, Any]
Float = npt.NDArray[np.float64]


def open_nerfstudio(path: Path) -> Recording:
    """The recording in a folder with `transforms.json`, or in such a file itself."""
    file = path / TRANSFORMS_FILE if path.is_dir() else path
    content = read_json_object(file)
    listed = content.get("frames")
    if not isinstance(listed, list) or not all(isinstance(frame, dict) for frame in listed):
        raise SceneError(
            "lists no frames, so it is no transforms.json of nerfstudio",
            where=file,
            do="Give the folder that ns-process-data wrote.",
        )
    cameras: dict[tuple[Any, ...], Camera] = {}
    frames = [
        _frame(file, f"{file}, frame {i}", {**content, **frame}, cameras)
        for i, frame in enumerate(listed)
    ]
    upright = content.get("orientation_override") == "none"
    return frames_recording(
        file.parent,
        "nerfstudio transforms.json",
        frames,
        Up.Z if upright else Up.UNKNOWN,
        Notes(),
        _NO_DEPTH,
    )


def _frame(file: Path, where: str, values: Values, cameras: dict[tuple[Any, ...], Camera]) -> Frame:
    """A frame from its own values over those for all; equal cameras are one object."""
    key = tuple(str(values.get(name)) for name in _CAMERA_KEYS)
    if key not in cameras:
        cameras[key] = _camera(values, where)
    return Frame(
        where=where,
        colour=_colour(file.parent, values.get("file_path"), where),
        depth=_depth(file.parent, values, where),
        camera=cameras[key],
        world_from_camera=_pose(values, where),
    )


_CAMERA_KEYS = (
    "camera_model", "is_fisheye", "fl_x", "fl_y", "cx", "cy", "w", "h", "camera_angle_x",
    "camera_angle_y", "k1", "k2", "k3", "k4", "p1", "p2",
)  # fmt: skip


def _camera(values: Values, where: str) -> Camera:
    size = _size(values, where)
    fx = _focal(values, "x", size[0] if size else None, where)
    fy = _focal(values, "y", size[1] if size else None, where) or fx
    if fx is None or fy is None:
        raise SceneError(
            "has no focal length", where=where, do="Give fl_x in pixels, or camera_angle_x and w."
        )
    if size is None and not {"cx", "cy"} <= values.keys():
        raise SceneError("has no principal point", where=where, do="Give cx and cy, or w and h.")
    middle = (0.0, 0.0) if size is None else (size[0] / 2, size[1] / 2)
    cx, cy = (
        _number(values, f"c{axis}", where, half) for axis, half in zip("xy", middle, strict=True)
    )
    k = np.array([[fx, 0, cx], [0, fy, cy], [0, 0, 1.0]])
    return Camera(k, size, _lens(values, where))


def _size(values: Values, where: str) -> tuple[int, int] | None:
    if "w" not in values or "h" not in values:
        return None
    width, height = (_number(values, key, where, 0.0) for key in ("w", "h"))
    return size_px(width, height, f"{where}, w, h")


def _focal(values: Values, axis: str, extent_px: int | None, where: str) -> float | None:
    if f"fl_{axis}" in values:
        return _number(values, f"fl_{axis}", where, 0.0)
    if f"camera_angle_{axis}" not in values or extent_px is None:
        return None
    angle = _number(values, f"camera_angle_{axis}", where, 0.0)
    if not 0 < angle < math.pi:
        raise SceneError("is no angle of view", where=f"{where}, camera_angle_{axis}", got=angle)
    return extent_px / 2 / math.tan(angle / 2)


def _lens(values: Values, where: str) -> Lens:
    model = values.get("camera_model", "")
    k1, k2, k3, k4, p1, p2 = (
        _number(values, key, where, 0.0) for key in ("k1", "k2", "k3", "k4", "p1", "p2")
    )
    if model in _FISHEYES or values.get("is_fisheye") is True:
        return Lens(radial=(k1, k2, k3, k4), fisheye=True)
    if model not in _PINHOLES:
        raise SceneError(
            "is a camera model Lexel does not read",
            where=f"{where}, camera_model",
            got=model,
            do="Undistort the images to a PINHOLE camera first.",
        )
    if not any((k1, k2, k3, k4, p1, p2)):
        return Lens()
    return Lens(radial=(k1, k2, k3, k4), tangential=(p1, p2))


def _colour(folder: Path, name: object, where: str) -> Path:
    file = inner_path(folder, name, f"{where}, file_path")
    if file.suffix or file.is_file():
        return file
    named = (file.with_name(file.name + suffix) for suffix in _UNSAID_SUFFIXES)
    return next((path for path in named if path.is_file()), file)


def _depth(folder: Path, values: Values, where: str) -> DepthFile | None:
    for path_key, unit_key in _DEPTH_KEYS:
        if values.get(path_key) is not None:
            unit = _number(values, unit_key, where, _MILLIMETRES)
            if unit <= 0:
                raise SceneError("should be positive", where=f"{where}, {unit_key}", got=unit)
            return DepthFile(inner_path(folder, values[path_key], f"{where}, {path_key}"), unit)
    return None


def _pose(values: Values, where: str) -> Float:
    """(4, 4) OpenCV camera, in metres where the original was; NaN where there is no pose."""
    scale = _number(values, "applied_scale", where, 1.0)
    if scale <= 0:
        raise SceneError("should be positive", where=f"{where}, applied_scale", got=scale)
    try:
        matrix = as_matrix(values.get("transform_matrix"), where, ((4, 4), (3, 4)))
    except SceneError:
        return LOST
    pose = np.eye(4)
    pose[: len(matrix)] = matrix
    pose[:3, 3] /= scale
    return pose @ OPENCV_FROM_OPENGL


def _number(values: Values, key: str, where: str, otherwise: float) -> float:
    if values.get(key) is None:
        return otherwise
    return float(numbers([values[key]], 1, f"{where}, {key}")[0])
