"""COLMAP's camera models as pinhole and lens; pixels count from the image's corner, as in core."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from lexel.errors import SceneError
from lexel.geometry.lenses import STRAIGHT, Lens
from lexel.io.posed_frames import Camera

# Parameters after fx, fy, cx, cy to the lens.
_Bends = Callable[..., Lens]


def _opencv(k1: float, k2: float, p1: float, p2: float) -> Lens:
    return Lens(radial=(k1, k2), tangential=(p1, p2))


def _full_opencv(*k: float) -> Lens:
    k1, k2, p1, p2, k3, k4, k5, k6 = k
    return Lens(radial=(k1, k2, k3), tangential=(p1, p2), denominator=(k4, k5, k6))


def _radial(*k: float) -> Lens:
    return Lens(radial=k)


def _fisheye(*k: float) -> Lens:
    return Lens(radial=k, fisheye=True)


# id: name, how many focal lengths, how many parameters bend, what they make.
_MODELS: dict[int, tuple[str, int, int, _Bends]] = {
    0: ("SIMPLE_PINHOLE", 1, 0, lambda: STRAIGHT),
    1: ("PINHOLE", 2, 0, lambda: STRAIGHT),
    2: ("SIMPLE_RADIAL", 1, 1, _radial),
    3: ("RADIAL", 1, 2, _radial),
    4: ("OPENCV", 2, 4, _opencv),
    5: ("OPENCV_FISHEYE", 2, 4, _fisheye),
    6: ("FULL_OPENCV", 2, 8, _full_opencv),
    8: ("SIMPLE_RADIAL_FISHEYE", 1, 1, _fisheye),
    9: ("RADIAL_FISHEYE", 1, 2, _fisheye),
    14: ("SIMPLE_FISHEYE", 1, 0, _fisheye),
    15: ("FISHEYE", 2, 0, _fisheye),
}
_BY_NAME = {name: model for model, (name, *_) in _MODELS.items()}


def num_parameters(model: int, where: str) -> int:
    """How many numbers a camera of the model has."""
    if model not in _MODELS:
        raise _unknown(model, where)
    _, focal, bending, _ = _MODELS[model]
    return focal + 2 + bending


def model_named(name: str, where: str) -> int:
    """The id of a model."""
    if name not in _BY_NAME:
        raise _unknown(name, where)
    return _BY_NAME[name]


def camera_of(model: int, size_px: tuple[int, int], parameters: list[float]) -> Camera:
    """A camera from the right number of finite parameters."""
    _, focal, _, lens = _MODELS[model]
    fx, fy = parameters[0], parameters[focal - 1]
    cx, cy, *bends = parameters[focal:]
    k = np.array([[fx, 0, cx], [0, fy, cy], [0, 0, 1.0]])
    return Camera(k, size_px, lens(*bends) if model in (14, 15) or any(bends) else STRAIGHT)


def _unknown(model: object, where: str) -> SceneError:
    return SceneError(
        "has a camera model Lexel does not read",
        where=where,
        got=model,
        do="Undistort the images with colmap image_undistorter, and give its output folder.",
    )
