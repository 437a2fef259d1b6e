"""A mesh in a folder of its own, as the sample scene `mesh` is."""

import pytest

from lexel.errors import SceneError
from lexel.io import diagnose, load_scene
from lexel.io.geometry_folder import find_geometry, words_beside
from lexel.io.samples import sample_scene


def test_the_sample_mesh_is_found_by_its_folder_and_by_its_file():
    folder = sample_scene("mesh")
    assert find_geometry(folder) == find_geometry(folder / "room.glb") == folder / "room.glb"
    words = words_beside(folder / "room.glb")
    assert words.synthetic and "kettle" in words.labels


def test_folders_of_views_and_of_several_meshes_are_none(tmp_path):
    assert find_geometry(sample_scene("scan")) is None
    for name in ("a.obj", "b.ply"):
        (tmp_path / name).write_text("")
    assert find_geometry(tmp_path) is None
    assert find_geometry(tmp_path / "a.obj") == tmp_path / "a.obj"


def test_words_of_a_folder_that_holds_more_are_not_those_of_one_mesh(tmp_path):
    (tmp_path / "scene.json").write_text('{"format": 1, "labels": ["mug"]}')
    (tmp_path / "a.obj").write_text("")
    assert words_beside(tmp_path / "a.obj").labels == ["mug"]
    (tmp_path / "b.obj").write_text("")
    assert words_beside(tmp_path / "a.obj").labels == ()


def test_the_doctor_looks_into_the_folder():
    found = diagnose(sample_scene("mesh"))
    assert found.usable and found.kind == "mesh (.glb)" and found.num_faces


def test_a_scene_of_views_it_is_not():
    with pytest.raises(SceneError, match="has no images to look at"):
        load_scene(sample_scene("mesh"))
