"""`lexel figure` and `lexel object-views` as people type them."""

from __future__ import annotations

import pytest

from lexel.io.recipes import save_recipe
from lexel.scene.recipe import Recipe
from tests.pipelines.askable import make_field

pytest.importorskip("bpy", reason="the extra `render` is not installed")

QUICK = ("--light", "flat", "--samples", 1)


@pytest.fixture
def recipe(nowhere):
    make_field(nowhere)
    return save_recipe(
        nowhere / "mug.json", Recipe("kitchen.lexel", queries=("mug",), size_px=(80, 60))
    )


def test_a_figure_and_what_is_said_of_it(lexel, recipe, nowhere):
    ran = lexel("figure", recipe, "--out", nowhere / "mug.png", *QUICK, "--json")
    assert ran.code == 0
    assert ran.json["size_px"] == [80, 60] and ran.json["changed"] == []
    assert (nowhere / "mug.png").read_bytes()[:4] == b"\x89PNG"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--light", "moon"], "Use soft, flat"),
        (["--preset", "poster"], "thumbnail"),
        (["--points", "cubes"], "Use spheres, discs"),
        (["--path", "cameras.json"], "makes a film"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(lexel, recipe, nowhere, arguments, told):
    ran = lexel("figure", recipe, "--out", nowhere / "mug.png", *arguments)
    assert ran.code == 2 and told in ran.sentence
    assert not (nowhere / "mug.png").exists()


def test_a_recipe_with_an_unknown_key_is_refused(lexel, recipe, nowhere):
    recipe.write_text(recipe.read_text().replace('"balance"', '"balence"'))
    ran = lexel("figure", recipe, "--out", nowhere / "mug.png")
    assert ran.code == 2 and "balence" in ran.sentence


def test_an_object_that_is_not_there(lexel, nowhere):
    ran = lexel("object-views", nowhere / "cup.glb", "--out", nowhere / "views")
    assert ran.code == 2 and "does not exist" in ran.sentence
