"""A recipe of the viewer's or a figure's in Blender: same field, same colours, same camera."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import bpy
import numpy as np
from mathutils import Matrix

from lexel.errors import InputError
from lexel.io.recipes import load_recipe
from lexel.scene.recipe import TRANSPARENT, Mode, Recipe, RecipeCamera

from .opening import open_cloud

_SENSOR_MM = 36.0


def replay(path: Path) -> Any:
    """Open a recipe's field and show what the recipe shows; the cloud.

    Raises:
        LexelError: the recipe or its field cannot be read, or shows what Blender does not.
    """
    recipe = load_recipe(path)
    if recipe.look.mode is Mode.NORMALS:
        raise InputError("normals are not shown in Blender", where=path, do="Choose another mode.")
    cloud = open_cloud(path.parent / recipe.field)
    if recipe.field_sha256 and recipe.field_sha256 != cloud.lexel.sha256:
        raise InputError(
            "the field is another version than the recipe's",
            where=path,
            do="Build it as it was, or save the recipe again.",
        )
    scene = bpy.context.scene
    _choose(scene.lexel, recipe)
    render = scene.render
    render.resolution_x, render.resolution_y = recipe.size_px
    render.resolution_percentage = 100
    render.film_transparent = recipe.background == TRANSPARENT
    scene.view_settings.view_transform = "Standard"
    if recipe.camera is not None:
        _look(scene, recipe.camera, recipe.size_px)
    return cloud


def _choose(choices: Any, recipe: Recipe) -> None:
    look = recipe.look
    choices.text, choices.query, choices.balance = recipe.text, 0, recipe.balance
    choices.own_negatives = recipe.negatives is None
    if recipe.negatives is not None:
        choices.negatives = "; ".join(recipe.negatives)
    choices.mode, choices.layer = str(look.mode), look.layer or ""
    choices.colour_map, choices.over_rgb = look.colour_map, look.over_rgb
    choices.own_range = look.range is not None and look.mode is not Mode.LABEL
    choices.suggested = look.range is None or look.mode is not Mode.LABEL
    if look.range is not None:
        choices.range = look.range
        choices.threshold = look.range[0]
    if recipe.point_radius_m is not None:
        choices.point_radius_m = recipe.point_radius_m


def _look(scene: Any, camera: RecipeCamera, size_px: tuple[int, int]) -> None:
    """Have the scene's camera, or a new one, see what the recipe's sees."""
    if scene.camera is None:
        scene.camera = bpy.data.objects.new("camera", bpy.data.cameras.new("camera"))
        scene.collection.objects.link(scene.camera)
    width, height = size_px
    pose = camera.world_from_camera @ np.diag([1.0, -1, -1, 1])  # Blender looks along -Z
    scene.camera.matrix_world = Matrix(pose.tolist())
    lens = scene.camera.data
    lens.sensor_fit, lens.sensor_width = "HORIZONTAL", _SENSOR_MM
    lens.shift_x = lens.shift_y = 0.0
    if camera.intrinsics is None:
        lens.type, lens.ortho_scale = "ORTHO", camera.scale_m
        return
    k = camera.intrinsics
    lens.type, lens.lens = "PERSP", float(k[0, 0]) * _SENSOR_MM / width
    lens.shift_x = float(width / 2 - k[0, 2]) / width
    lens.shift_y = float(k[1, 2] - height / 2) / width
