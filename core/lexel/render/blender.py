"""Blender as a module, and its camera by our conventions."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lexel.errors import InputError

_SENSOR_MM = 36.0
_NEAR_M, _FAR_M = 0.01, 10_000.0


def check_blender() -> None:
    """Look for Blender without starting it.

    Raises:
        InputError: it is not installed.
    """
    if find_spec("bpy") is None:
        raise _missing()


def import_bpy() -> Any:
    """Blender as a module.

    Raises:
        InputError: it is not installed.
    """
    try:
        import bpy
    except ImportError as cause:
        raise _missing() from cause
    return bpy


def place_camera(
    bpy: Any, intrinsics: NDArray[np.float64], pose: NDArray[np.float64], size_px: tuple[int, int]
) -> None:
    """Look through a camera (OpenCV axes, square pixels, centres at +0.5).

    Args:
        bpy: Blender.
        intrinsics: [3, 3] K.
        pose: [4, 4] world_from_camera.
        size_px: width and height.
    """
    width, height = size_px
    lens = _lens_at(bpy, pose, size_px)
    lens.type, lens.lens = "PERSP", float(intrinsics[0, 0]) * _SENSOR_MM / width
    lens.shift_x = (width / 2 - float(intrinsics[0, 2])) / width
    lens.shift_y = (float(intrinsics[1, 2]) - height / 2) / width


def place_orthographic_camera(
    bpy: Any, width_m: float, pose: NDArray[np.float64], size_px: tuple[int, int]
) -> None:
    """Look along parallel rays at a part of the world `width_m` wide."""
    lens = _lens_at(bpy, pose, size_px)
    lens.type, lens.ortho_scale = "ORTHO", width_m
    lens.shift_x = lens.shift_y = 0.0


def _lens_at(bpy: Any, pose: NDArray[np.float64], size_px: tuple[int, int]) -> Any:
    from mathutils import Matrix

    scene = bpy.context.scene
    if scene.camera is None:
        scene.camera = bpy.data.objects.new("camera", bpy.data.cameras.new("camera"))
        scene.collection.objects.link(scene.camera)
    scene.camera.matrix_world = Matrix((pose @ np.diag([1.0, -1, -1, 1])).tolist())
    lens = scene.camera.data
    lens.sensor_fit, lens.sensor_width = "HORIZONTAL", _SENSOR_MM
    lens.clip_start, lens.clip_end = _NEAR_M, _FAR_M
    scene.render.resolution_x, scene.render.resolution_y = size_px
    scene.render.resolution_percentage = 100
    return lens


def _missing() -> InputError:
    return InputError(
        "Blender is not installed as a module", do='pip install "lexel[render]" (Python 3.11).'
    )
