"""Recipes replayed: the colours of their points, and the place of one point in the picture."""

from __future__ import annotations

from pathlib import Path

import bpy
import numpy as np
from asks import spread_out
from bpy_extras.object_utils import world_to_camera_view
from extension import facts, installed, settle
from flat import photograph
from mathutils import Vector


def main(folder: Path, given: dict) -> dict:
    told, pictures = [], []
    with installed(given["archive"]):
        for recipe in given["recipes"]:
            bpy.ops.lexel.open_recipe(filepath=recipe)
            settle()
            scene = bpy.context.scene
            bpy.context.view_layer.update()
            u, v, _ = world_to_camera_view(scene, scene.camera, Vector(given["point"]))
            size = scene.render.resolution_x, scene.render.resolution_y
            told.append({**facts(), "seen": [u * size[0], (1 - v) * size[1]]})
            bpy.data.objects.remove(scene.camera)
            spread_out(scene.lexel.cloud, given["side"])
            pictures.append(photograph(folder, given["side"]))
            bpy.data.objects.remove(scene.camera)
            bpy.data.objects.remove(scene.lexel.cloud)
    np.savez(folder / "seen.npz", pictures=pictures)
    return {"told": told}
