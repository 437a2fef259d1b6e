"""Rooms of the synthetic world, photographed by another renderer: Blender's Cycles.

Shapes, colours, patterns, lamp, daylight and camera are the ray caster's. Light is not: the lamp
has a size, light bounces from wall to wall, surfaces mirror, and pixels are filtered and denoised.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lexel.render.blender import import_bpy, place_camera
from lexel.render.blender_room import furnish_scene, show_patterns
from lexel.synthetic.render import Studio

_PATTERN_SAMPLES = 2  # per pixel, along each axis
_BOUNCES = 3


class CyclesStudio:
    """A room ready to be photographed. Blender has one scene: a new room ends the one before.

    Args:
        studio: the room as the ray caster has it.
        samples: paths a pixel, before denoising.
        threads: of the CPU.

    Raises:
        InputError: Blender is not installed as a module.
    """

    def __init__(self, studio: Studio, samples: int, threads: int) -> None:
        self._studio, self._bpy = studio, import_bpy()
        scene = furnish_scene(self._bpy, studio.surfaces, studio.room)
        _set_up(scene, samples, threads)

    def photograph(
        self,
        intrinsics: NDArray[np.float64],
        world_from_camera: NDArray[np.float64],
        size_px: tuple[int, int],
    ) -> NDArray[np.uint8]:
        """[H, W, 3] sRGB through a camera (OpenCV axes, pixel centres at +0.5)."""
        place_camera(self._bpy, intrinsics, world_from_camera, size_px)
        patterns = self._studio.patterns(intrinsics, world_from_camera, size_px, _PATTERN_SAMPLES)
        show_patterns(self._bpy, patterns)
        return _rendered(self._bpy)


def _set_up(scene: Any, samples: int, threads: int) -> None:
    """Cycles on the CPU, with nothing in it that depends on the time or the machine's cores."""
    scene.render.engine = "CYCLES"
    cycles = scene.cycles
    cycles.device, cycles.samples, cycles.seed = "CPU", samples, 0
    cycles.use_adaptive_sampling = False
    cycles.use_light_tree = False  # three lights: looking through a tree takes a quarter longer
    # By Open Image Denoise, the default; to name it looks for GPUs and complains that none is here.
    cycles.use_denoising = True
    cycles.denoising_quality, cycles.denoising_prefilter = "FAST", "FAST"
    cycles.max_bounces = cycles.diffuse_bounces = cycles.glossy_bounces = _BOUNCES
    cycles.caustics_reflective = cycles.caustics_refractive = False
    cycles.sample_clamp_indirect = 3.0
    scene.render.threads_mode, scene.render.threads = "FIXED", threads
    # The default, AgX, is for films: it turns named colours pale.
    scene.view_settings.view_transform = "Standard"
    scene.render.image_settings.file_format = "PNG"
    scene.render.image_settings.color_mode = "RGB"


def _rendered(bpy: Any) -> NDArray[np.uint8]:
    """The scene through its camera. A render's pixels can only be had by way of a file."""
    from PIL import Image

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "render.png"
        bpy.ops.render.render()
        bpy.data.images["Render Result"].save_render(str(file))
        with Image.open(file) as image:
            return np.asarray(image.convert("RGB"))
