"""What is shown, as a recipe; and a recipe as what a user would have chosen."""

import numpy as np
import pytest

from lexel.errors import SceneError
from lexel.io.recipes import load_recipe, save_recipe
from lexel.pipelines.ask import open_field
from lexel.query.language import parse
from lexel.scene.recipe import Mode
from lexel.viewer.choices import Choices
from lexel.viewer.drawing.camera import Camera, default_lens
from lexel.viewer.recipes import choices_of, field_of, is_same_version, queries_of, recipe_of
from tests.pipelines.askable import make_field

CAMERA = Camera(np.eye(4), (640, 480), default_lens((640, 480)))


@pytest.fixture
def field(tmp_path, monkeypatch):
    monkeypatch.setenv("LEXEL_CACHE", str(tmp_path / "cache"))
    return open_field(make_field(tmp_path / "fields"), device="cpu")


@pytest.mark.parametrize(
    "choices",
    [
        Choices(text="mug; chair -table", mode=Mode.LABEL, threshold=0.6, camera=CAMERA),
        Choices(text="mug", heat_range=(0.5, 0.9), colour_map="turbo", over_rgb=0.4, camera=CAMERA),
        Choices(mode=Mode.AGREEMENT, negatives=("stuff",), balance=0.3, camera=CAMERA),
    ],
)
def test_a_recipe_brings_back_what_was_shown(tmp_path, field, choices):
    file = tmp_path / "figures" / "mug.json"
    query = parse(choices.text) if choices.text else None
    save_recipe(file, recipe_of(field, choices, query, CAMERA, file))
    recipe = load_recipe(file)
    assert field_of(recipe, file) == field.stored.path.resolve()
    assert is_same_version(recipe, field)
    back = choices_of(recipe, Choices())
    assert back.look == choices.look
    assert (back.negatives, back.balance) == (choices.negatives, choices.balance)
    assert back.camera.key == CAMERA.key
    if query:
        assert parse(back.text) == query


def test_queries_stand_one_each_and_shared_negatives_last():
    text = 'mug; "plant in a pot" -vase; -table -"red thing"'
    queries = queries_of(text, parse(text))
    assert queries[:2] == ("mug", '"plant in a pot" -vase')
    assert queries[2].startswith("-table -") and len(queries) == 3
    assert parse("; ".join(queries)) == parse(text)
    assert queries_of("mug and", None) == ("mug and",)
    assert queries_of(" ", None) == ()


def test_a_recipe_without_its_field_says_so(tmp_path, field):
    file = tmp_path / "figures" / "mug.json"
    save_recipe(file, recipe_of(field, Choices(), None, CAMERA, file))
    moved = file.rename(tmp_path / "mug.json")
    with pytest.raises(SceneError, match="field of this recipe is not there"):
        field_of(load_recipe(moved), moved)
