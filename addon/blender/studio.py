"""Photographs of the scene that is open: colour, depth and which object each pixel shows.

Depth and objects come from a second render in which everything shines in numbers: red is depth,
green the object. So one way serves every version, engine and kind of object; passes differ between
them, and casting rays from Python takes 40 µs each.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import bpy
import numpy as np
import numpy.typing as npt
from mathutils import Matrix

from lexel.errors import InputError

from ..photograph import Photograph
from .nodes import shining_material

CYCLES, WORKBENCH, EEVEE = "CYCLES", "BLENDER_WORKBENCH", "BLENDER_EEVEE"
_SENSOR_MM, _LENS_MM = 36.0, 20.0  # 84° across: rooms are small
_SAMPLES = 32
_POINT_FILTER_PX = 0.01  # a pixel of numbers is what its centre sees


class Studio:
    """A copy of the scene to take photographs in: `with Studio(scene, objects) as studio`.

    Args:
        scene: stays as it is.
        objects: numbered from 1 on in `ids`; all others are 0.
        engine: that draws the colours.
        size_px: width and height.

    Raises:
        InputError: Cycles, which counts pixels' objects, is switched off.
    """

    def __init__(
        self, scene: Any, objects: Sequence[Any], engine: str, size_px: tuple[int, int]
    ) -> None:
        if not hasattr(scene, CYCLES.lower()):
            raise InputError(
                "Cycles is switched off", do="Switch its add-on on in the preferences."
            )
        self._objects = objects
        self._kept = [(thing, thing.pass_index) for thing in scene.objects]
        self._folder = tempfile.TemporaryDirectory(prefix="lexel-")
        self._colour = _copy(scene, engine, size_px)
        self._numbers = _copy(scene, CYCLES, size_px)
        self._lens = bpy.data.cameras.new("Lexel")
        self._camera = bpy.data.objects.new("Lexel", self._lens)
        self._material = _numbers_material()
        self._size_px = size_px

    def __enter__(self) -> Studio:
        for thing, _ in self._kept:
            thing.pass_index = 0
        for number, thing in enumerate(self._objects, start=1):
            thing.pass_index = number
        self._lens.sensor_fit, self._lens.sensor_width = "HORIZONTAL", _SENSOR_MM
        self._lens.lens, self._lens.clip_start = _LENS_MM, 0.01
        for scene in (self._colour, self._numbers):
            scene.collection.objects.link(self._camera)
            scene.camera = self._camera
        _for_numbers(self._numbers, self._material)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for thing, index in self._kept:
            thing.pass_index = index
        for scene in (self._colour, self._numbers):
            bpy.data.scenes.remove(scene)
        bpy.data.objects.remove(self._camera)
        bpy.data.cameras.remove(self._lens)
        bpy.data.materials.remove(self._material)
        self._folder.cleanup()

    @property
    def intrinsics(self) -> npt.NDArray[np.float64]:
        """(3, 3) K of every photograph."""
        width, height = self._size_px
        focal = _LENS_MM / _SENSOR_MM * width
        return np.array([[focal, 0, width / 2], [0, focal, height / 2], [0, 0, 1]])

    def take(self, world_from_camera: npt.NDArray[np.float64]) -> Photograph:
        """What is seen from there; holds Blender for a second or so."""
        pose = world_from_camera @ np.diag([1.0, -1, -1, 1])  # Blender's cameras look along -Z
        self._camera.matrix_world = Matrix(pose.tolist())
        seen = self._pixels(self._colour, "png")
        numbers = self._pixels(self._numbers, "exr")
        return Photograph(
            rgb=np.floor(seen[..., :3] * 255 + 0.5).astype(np.uint8),
            depth_m=np.ascontiguousarray(numbers[..., 0]),
            ids=np.rint(numbers[..., 1]).astype(np.int32),
            intrinsics=self.intrinsics,
            world_from_camera=world_from_camera,
        )

    def _pixels(self, scene: Any, suffix: str) -> npt.NDArray[np.float32]:
        """(H, W, 4), the first row on top. A render can only be had by way of a file."""
        scene.render.filepath = str(Path(self._folder.name) / f"view.{suffix}")
        bpy.ops.render.render(scene=scene.name, write_still=True)
        image = bpy.data.images.load(scene.render.filepath)
        image.colorspace_settings.name = "Non-Color"
        width, height = self._size_px
        pixels = np.empty(width * height * 4, np.float32)
        image.pixels.foreach_get(pixels)
        bpy.data.images.remove(image)
        return pixels.reshape(height, width, 4)[::-1]


def best_engine() -> str:
    """EEVEE where a graphics card draws, Cycles where none does."""
    if bpy.app.background:
        return CYCLES
    import gpu

    if gpu.platform.device_type_get() == "SOFTWARE":
        return CYCLES
    return EEVEE


def _copy(scene: Any, engine: str, size_px: tuple[int, int]) -> Any:
    """A scene of the same things, without what is done to pictures afterwards."""
    copy = scene.copy()
    render = copy.render
    engines = [engine, f"{engine}_NEXT"]  # EEVEE's name in 4.2
    known = {item.identifier for item in render.bl_rna.properties["engine"].enum_items}
    render.engine = next((name for name in engines if name in known), engine)
    render.resolution_x, render.resolution_y = size_px
    render.resolution_percentage = 100
    render.pixel_aspect_x = render.pixel_aspect_y = 1
    render.use_compositing = render.use_sequencer = False
    render.use_border = render.use_multiview = render.use_motion_blur = False
    render.film_transparent = False
    render.image_settings.file_format, render.image_settings.color_mode = "PNG", "RGB"
    copy.view_settings.view_transform = "Standard"
    if engine == CYCLES:
        copy.cycles.device, copy.cycles.samples = "CPU", _SAMPLES
        copy.cycles.use_denoising = True
    return copy


def _for_numbers(scene: Any, material: Any) -> None:
    """One straight look at each pixel's centre, at full precision."""
    scene.world = None
    for layer in scene.view_layers:
        layer.material_override = material
    cycles = scene.cycles
    cycles.samples, cycles.use_denoising, cycles.max_bounces = 1, False, 0
    cycles.pixel_filter_type, cycles.filter_width = "BLACKMAN_HARRIS", _POINT_FILTER_PX
    scene.render.filter_size = _POINT_FILTER_PX
    settings = scene.render.image_settings
    settings.file_format, settings.color_mode, settings.color_depth = "OPEN_EXR", "RGBA", "32"
    scene.view_settings.view_transform = "Raw"


def _numbers_material() -> Any:
    material, shine = shining_material("Lexel numbers")
    tree = material.node_tree
    both = tree.nodes.new("ShaderNodeCombineXYZ")
    view, thing = tree.nodes.new("ShaderNodeCameraData"), tree.nodes.new("ShaderNodeObjectInfo")
    tree.links.new(view.outputs["View Z Depth"], both.inputs[0])
    tree.links.new(thing.outputs["Object Index"], both.inputs[1])
    tree.links.new(both.outputs[0], shine.inputs["Color"])
    return material
