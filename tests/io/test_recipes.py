"""Recipes: what is written is read again; what is unknown or wrong is named."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexel.errors import SceneError
from lexel.io.recipes import load_recipe, save_recipe
from lexel.scene.colour_ramp import RAMPS
from lexel.scene.recipe import Look, Mode, Projection, Recipe, RecipeCamera

POSE = np.array([[0.0, -1, 0, 2], [1, 0, 0, -3], [0, 0, 1, 1.5], [0, 0, 0, 1]])
K = np.array([[900.0, 0, 640], [0, 900, 400], [0, 0, 1]])
# The example of the formats page.
EXAMPLE = {
    "recipe": 1,
    "field": {"path": "kitchen.lexel", "sha256": "ab" * 32},
    "queries": ["mug", "-table"],
    "negatives": None,
    "balance": 0.09,
    "mode": "heat",
    "layer": None,
    "range": [0.5, 0.93],
    "colour_map": "cividis",
    "over_rgb": 0.8,
    "background": "transparent",
    "camera": {
        "world_from_camera": np.eye(4).tolist(),
        "projection": "perspective",
        "K": K.tolist(),
    },
    "size_px": [1280, 800],
    "point_radius_m": 0.012,
    "legend": True,
    "overlays": ["completion/chair"],
}

words = st.text("abc ü-", min_size=1, max_size=9)
cameras = st.none() | st.sampled_from(
    [RecipeCamera(POSE, intrinsics=K), RecipeCamera(POSE, scale_m=4.0)]
)
looks = st.builds(
    Look,
    mode=st.sampled_from(Mode),
    layer=st.none() | words,
    range=st.none() | st.tuples(st.floats(-5, 5), st.floats(-5, 5)),
    colour_map=st.sampled_from(RAMPS),
    over_rgb=st.floats(0, 1),
)
recipes = st.builds(
    Recipe,
    field=words,
    field_sha256=st.sampled_from(["", "cd" * 32]),
    queries=st.lists(words, max_size=3).map(tuple),
    negatives=st.none() | st.lists(words, max_size=3).map(tuple),
    balance=st.floats(0, 1),
    look=looks,
    background=st.sampled_from(["transparent", "#12aBff"]),
    camera=cameras,
    size_px=st.tuples(st.integers(1, 4000), st.integers(1, 4000)),
    point_radius_m=st.none() | st.floats(1e-3, 1),
    legend=st.booleans(),
    overlays=st.lists(words, max_size=2).map(tuple),
)


@given(recipe=recipes)
def test_a_recipe_comes_back_as_it_was(tmp_path_factory, recipe):
    path = tmp_path_factory.mktemp("recipe") / "figure.json"
    got = load_recipe(save_recipe(path, recipe))
    plain, other = dict(vars(got)), dict(vars(recipe))
    ours, theirs = plain.pop("camera"), other.pop("camera")
    assert plain == other
    assert (ours is None) == (theirs is None)
    if ours is not None:
        np.testing.assert_array_equal(ours.world_from_camera, theirs.world_from_camera)
        assert (ours.projection, ours.scale_m) == (theirs.projection, theirs.scale_m)
        np.testing.assert_array_equal(ours.intrinsics, theirs.intrinsics)


def test_the_example_of_the_formats_page(tmp_path):
    path = tmp_path / "figure.json"
    path.write_text(json.dumps(EXAMPLE))
    recipe = load_recipe(path)
    assert recipe.text == "mug; -table"
    assert recipe.look == Look(Mode.HEAT, range=(0.5, 0.93))
    assert recipe.camera.projection is Projection.PERSPECTIVE
    save_recipe(path, recipe)
    assert json.loads(path.read_text()) == EXAMPLE


def test_an_orthographic_camera_has_a_width(tmp_path):
    camera = {"world_from_camera": POSE.tolist(), "projection": "orthographic", "scale_m": 4.0}
    path = tmp_path / "figure.json"
    path.write_text(json.dumps({**EXAMPLE, "camera": camera}))
    assert load_recipe(path).camera.scale_m == 4.0
    path.write_text(json.dumps({**EXAMPLE, "camera": {**camera, "scale_m": -1}}))
    with pytest.raises(SceneError, match="scale_m"):
        load_recipe(path)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"shine": 1}, "shine"),
        ({"field": {"path": "a", "sha": "b"}}, r"field\.sha"),
        ({"recipe": 2}, "recipe"),
        ({"mode": "depth"}, "mode"),
        ({"colour_map": "jet"}, "colour_map"),
        ({"background": "red"}, "background"),
        ({"legend": 1}, "legend"),
        ({"size_px": [0, 100]}, "size_px"),
        ({"size_px": [100]}, "size_px"),
        ({"range": [0.1]}, "range"),
        ({"balance": 2}, "balance"),
        ({"over_rgb": None}, "over_rgb"),
        ({"queries": "mug"}, "queries"),
        ({"camera": {**EXAMPLE["camera"], "fov": 3}}, r"camera\.fov"),
        ({"camera": {**EXAMPLE["camera"], "world_from_camera": (2 * np.eye(4)).tolist()}}, "0 0 0"),
        ({"camera": {**EXAMPLE["camera"], "K": np.zeros((3, 3)).tolist()}}, "focal"),
    ],
)
def test_what_is_wrong_is_named(tmp_path, change, told):
    path = tmp_path / "figure.json"
    path.write_text(json.dumps({**EXAMPLE, **change}))
    with pytest.raises(SceneError, match=told):
        load_recipe(path)


def test_a_missing_key_is_named(tmp_path):
    path = tmp_path / "figure.json"
    for key in EXAMPLE.keys() - {"negatives", "layer", "range", "camera", "point_radius_m"}:
        path.write_text(json.dumps({k: v for k, v in EXAMPLE.items() if k != key}))
        with pytest.raises(SceneError, match=key):
            load_recipe(path)
