"""What a path is, and what is shown of it at once."""

import json

import numpy as np
import pytest
from PIL import Image

from lexel.errors import InputError, SceneError
from lexel.io.samples import sample_scene
from lexel.progress import Silent
from lexel.viewer.contents import load_contents
from lexel.viewer.opening import Can, Kind, recognise
from tests.io.published_meshes import write_published


@pytest.mark.parametrize(
    ("name", "kind"),
    [("view", Kind.RECORDING), ("scan", Kind.RECORDING), ("mesh", Kind.GEOMETRY)],
)
def test_the_sample_scenes_can_be_opened_by_their_folders(name, kind):
    opening = recognise(sample_scene(name))
    assert opening.kind is kind and Can.BUILD in opening.can
    shown = load_contents(opening, Silent())
    assert len(shown.xyz_m) == len(shown.rgb)
    assert len(shown.xyz_m) or shown.things


def test_a_view_tells_what_can_be_completed():
    shown = load_contents(recognise(sample_scene("view")), Silent())
    assert "safe" in shown.labels and shown.views == 1
    assert shown.descriptions[0] == "the hair dryer behind the globe"


def test_a_scan_shows_points_of_all_its_views():
    shown = load_contents(recognise(sample_scene("scan")), Silent())
    assert shown.views == 24
    assert np.isfinite(shown.xyz_m).all() and shown.rgb.std() > 10


def test_a_folder_of_published_meshes_is_placed_in_its_scene(tmp_path):
    write_published(tmp_path / "mug.obj", (120, 120, 12), (10, 10, 10))
    write_published(tmp_path / "desk.obj", (60, 60, 12), (80, 80, 40))
    opening = recognise(tmp_path)
    assert opening.kind is Kind.MESHES and not opening.can
    shown = load_contents(opening, Silent())
    sizes = {one.text: np.ptp(one.points_m, axis=0).max() for one in shown.things}
    assert sizes == pytest.approx({"desk": 80 * 2 / 239, "mug": 10 * 2 / 239}, rel=1e-4)
    assert len({one.colour for one in shown.things}) == 2
    assert all(one.points_m[:, 2].min() > -0.1 for one in shown.things)


def test_a_photo_is_a_picture_that_can_be_asked(tmp_path):
    Image.new("RGB", (40, 30), (200, 20, 20)).save(tmp_path / "photo.png")
    opening = recognise(tmp_path / "photo.png")
    assert opening.can == {Can.ASK_PICTURE}
    assert load_contents(opening, Silent()).picture.shape == (30, 40, 3)


def test_recipes_are_told_from_other_json(tmp_path):
    (tmp_path / "a.json").write_text(json.dumps({"recipe": 1}))
    (tmp_path / "transforms.json").write_text(json.dumps({"frames": []}))
    assert recognise(tmp_path / "a.json").kind is Kind.RECIPE
    assert recognise(tmp_path / "transforms.json").kind is Kind.RECORDING


def test_a_folder_around_one_field_is_that_field(tmp_path):
    (tmp_path / "room.lexel").mkdir()
    (tmp_path / "room.lexel" / "field.json").write_text("{}")
    opening = recognise(tmp_path)
    assert opening.kind is Kind.FIELD and opening.path.name == "room.lexel"
    assert opening.name == "room"
    (tmp_path / "view.lexel").mkdir()
    with pytest.raises(SceneError, match=r"several.*room\.lexel, view\.lexel"):
        recognise(tmp_path)


@pytest.mark.parametrize("name", ["missing", "notes.txt", "nothing", "broken.json", "a\0b"])
def test_what_cannot_be_opened_gets_a_sentence(tmp_path, name):
    (tmp_path / "notes.txt").write_text("no scene")
    (tmp_path / "nothing").mkdir()
    (tmp_path / "broken.json").write_text("{")
    with pytest.raises(InputError, match=r"\.$"):
        recognise(tmp_path / name)


def test_a_broken_mesh_gets_a_sentence(tmp_path):
    (tmp_path / "broken.ply").write_bytes(b"ply\nformat nonsense\n\0\xff")
    with pytest.raises(InputError, match=r"broken\.ply"):
        load_contents(recognise(tmp_path / "broken.ply"), Silent())
