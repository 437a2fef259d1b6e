"""`lexel.complete`, `lexel.locate` and `lexel.explain_image`: one call from Python."""

from __future__ import annotations

from types import ModuleType

import numpy as np
import pytest
from safetensors.torch import save_file

import lexel
from lexel.completion.networks import SemAbs3D, SemAbsVOOL
from lexel.errors import InputError, LabelError, SceneError
from lexel.io import save_view_folder
from lexel.pipelines import api
from lexel.pipelines.api import Models
from lexel.pipelines.device import pick_device
from lexel.pipelines.settings import Settings
from lexel.scene import Description
from tests.completion.small import small_network
from tests.pipelines.tiny import DESCRIPTIONS, LABELS, tiny_scene, write_checkpoint
from tests.relevancy.tiny_clip import tiny_model

QUICK = Settings("chefer_et_al", grid_size=12)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A scene, an encoder's weights and two checkpoints on disk."""
    folder = tmp_path_factory.mktemp("made")
    state = tiny_model(head_width=64).state_dict()
    save_file({k: v for k, v in state.items() if k != "attn_mask"}, folder / "clip.safetensors")
    write_checkpoint(folder / "ovssc", small_network(SemAbs3D))
    write_checkpoint(folder / "vool", small_network(SemAbsVOOL))
    save_view_folder(tiny_scene(), folder / "room")
    return folder


@pytest.fixture
def complete(made):
    models = Models(str(made / "clip.safetensors"), str(made / "ovssc"))
    return lambda scene, labels=None: lexel.complete(scene, labels, models=models, settings=QUICK)


@pytest.fixture
def locate(made):
    models = Models(str(made / "clip.safetensors"), str(made / "vool"))
    return lambda scene, texts=None: lexel.locate(scene, texts, models=models, settings=QUICK)


def texts(answer):
    return [found.text for found in answer.found]


def test_a_path_and_a_loaded_scene_give_the_same_answer(complete, made):
    by_path, by_scene = complete(made / "room"), complete(lexel.load_scene(made / "room"))
    assert texts(by_path) == texts(by_scene) == list(LABELS)
    for a, b in zip(by_path.found, by_scene.found, strict=True):
        np.testing.assert_array_equal(a.points_m, b.points_m)
        np.testing.assert_array_equal(a.score, b.score)


def test_an_answer_can_be_written_at_once(complete, made, tmp_path):
    folder = lexel.write_answer(complete(made / "room", ["mug"]), tmp_path)
    assert (folder / "result.json").exists()


def test_labels_of_one_s_own_take_the_place_of_the_scene_s(complete, made):
    assert texts(complete(made / "room", ["sofa", "mug"])) == ["sofa", "mug"]


def test_labels_given_twice_are_one(complete, made):
    assert texts(complete(made / "room", ["sofa", "mug", "sofa"])) == ["sofa", "mug"]


@pytest.mark.parametrize("labels", [[], [""], ["a\nb"], ["x" * 10_000], [7]])
def test_labels_that_are_none(complete, made, labels):
    with pytest.raises(LabelError):
        complete(made / "room", labels)


def test_descriptions_are_parsed_or_taken_as_they_are(locate, made):
    assert texts(locate(made / "room")) == [str(d) for d in DESCRIPTIONS]
    given = ["a mug on the sofa", Description("plant in a pot", "behind", "sofa")]
    expected = ["the mug on the sofa", "the plant in a pot behind the sofa"]
    assert texts(locate(made / "room", [*given, given[0]])) == expected


@pytest.mark.parametrize(
    "given",
    [[], ["mug"], [Description("", "on", "sofa")], [Description("mug", "near", "sofa")]],
    ids=str,
)
def test_descriptions_that_are_none(locate, made, given):
    with pytest.raises(LabelError):
        locate(made / "room", given)


def test_relevancy_of_a_photograph(made):
    rgb = np.random.default_rng(0).integers(0, 256, (20, 30, 3), np.uint8)
    models = Models(str(made / "clip.safetensors"))
    read = api.explain_image(rgb, ["mug", "sofa"], models=models, settings=QUICK)
    assert read.phrases == ("mug", "sofa")
    assert read.maps.shape == (2, 20, 30)
    with pytest.raises(LabelError, match="no labels"):
        api.explain_image(rgb, [], models=models, settings=QUICK)


@pytest.mark.parametrize("name", lexel.__all__)
def test_no_name_of_the_face_is_hidden_by_a_package(name):
    """Importing `lexel.NAME.anything` would put the package in the place of the function."""
    assert not isinstance(getattr(lexel, name), ModuleType)


def test_a_scene_that_is_not_there(complete, tmp_path):
    with pytest.raises(SceneError, match="does not exist"):
        complete(tmp_path / "nothing.r3d")


@pytest.mark.parametrize("name", ["abacus", "cuda:99", "cuda:x", "", "cpu:0:0"])
def test_a_device_that_is_not_there(name):
    with pytest.raises(InputError, match="cannot be used"):
        pick_device(name)


def test_a_device_is_found_without_a_name():
    assert pick_device("auto") in ("cpu", "cuda")
    assert pick_device("cpu") == "cpu"


@pytest.mark.parametrize("wrong", [{"preset": "slow"}, {"templates": ()}, {"templates": ("a",)}])
def test_settings_that_cannot_be_are_refused_at_once(wrong):
    with pytest.raises(InputError):
        Settings(**wrong)
