"""A picture of points on a grid, straight from above, a pixel's colour unchanged."""

from __future__ import annotations

from pathlib import Path

import bpy
import numpy as np

_PIXELS = 8  # a side of a point's cell


def photograph(folder: Path, side: int) -> np.ndarray:
    """(side · side, 3) uint8, the colours in the middle of cells of 1 m, by Cycles."""
    scene = bpy.context.scene
    if scene.camera is None:
        scene.camera = bpy.data.objects.new("camera", bpy.data.cameras.new("camera"))
        scene.collection.objects.link(scene.camera)
    camera = scene.camera
    camera.data.type, camera.data.ortho_scale = "ORTHO", side
    camera.location = ((side - 1) / 2, (side - 1) / 2, 5)
    render = scene.render
    render.engine = "CYCLES"
    scene.cycles.samples, scene.cycles.use_denoising = 1, False
    scene.cycles.pixel_filter_type = "BOX"
    scene.view_settings.view_transform = "Standard"
    render.dither_intensity = 0
    render.resolution_x = render.resolution_y = side * _PIXELS
    render.image_settings.file_format, render.image_settings.color_mode = "PNG", "RGB"
    render.filepath = str(folder / "flat.png")
    bpy.ops.render.render(write_still=True)
    image = bpy.data.images.load(render.filepath)
    pixels = np.empty(image.size[0] * image.size[1] * 4, np.float32)
    image.pixels.foreach_get(pixels)
    bpy.data.images.remove(image)
    middle = pixels.reshape(side * _PIXELS, -1, 4)[_PIXELS // 2 :: _PIXELS, _PIXELS // 2 :: _PIXELS]
    return np.floor(middle[..., :3] * 255 + 0.5).astype(np.uint8).reshape(-1, 3)
