"""A recipe looks in Blender as in the viewer and in figures."""

from __future__ import annotations

import numpy as np
import pytest

import lexel
from lexel.geometry.cameras import look_at, project
from lexel.geometry.transforms import apply, invert
from lexel.io.recipes import save_recipe
from lexel.pipelines.painting import paint_recipe
from lexel.scene.recipe import Look, Mode, Recipe, RecipeCamera

SIDE, APART = 10, 2
POINT = np.array([0.3, 0.2, 0.5])
CAMERA = RecipeCamera(
    look_at(np.array([2.0, -3, 2]), np.zeros(3)),
    np.array([[500.0, 0, 300], [0, 500, 260], [0, 0, 1]]),
)
LOOKS = (
    Look(Mode.HEAT, range=(0.5, 0.52), colour_map="viridis", over_rgb=0.7),
    Look(Mode.LABEL, range=(0.51, 1.0), over_rgb=1.0),
    Look(Mode.LABEL, over_rgb=0.9),
    Look(Mode.AGREEMENT, over_rgb=1.0),
)


def test_a_recipe_is_replayed_to_the_same_colours_and_camera(blender, archive, field, tmp_path):
    recipes = [
        Recipe(
            str(field),
            queries=("mug", "table"),
            negatives=("floor",),
            balance=0.3,
            look=look,
            camera=CAMERA,
            size_px=(640, 480),
        )
        for look in LOOKS
    ]
    paths = [save_recipe(tmp_path / f"{n}.json", recipe) for n, recipe in enumerate(recipes)]
    told = blender.run(
        "recipes",
        tmp_path,
        archive=str(archive),
        recipes=list(map(str, paths)),
        side=SIDE,
        point=POINT.tolist(),
    )
    pictures = np.load(tmp_path / "seen.npz")["pictures"]
    pixel = project(apply(invert(CAMERA.world_from_camera), POINT), CAMERA.intrinsics)[:2]
    engine = lexel.open_field(field)
    for recipe, picture, panel in zip(recipes, pictures, told["told"], strict=True):
        assert not panel["is_error"], panel["message"]
        expected = paint_recipe(engine, recipe).paint.colours()
        assert np.abs(picture.astype(int) - expected).max() <= APART, recipe.look
        assert panel["seen"] == pytest.approx(pixel.tolist(), abs=0.01)
