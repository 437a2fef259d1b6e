"""Results and shapes in files, as Blender gets them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from addon.results import is_field, open_results
from lexel.errors import SceneError
from lexel.io.clouds import vertex_table, write_ply
from lexel.io.results import write_answer
from tests.io.fields.samples import write_field
from tests.io.test_results import COLOURS, make_answer, make_found

LATTICE = 240
LOW, HIGH = np.array([-1, -1, -0.1]), np.array([1, 1, 1.9])


def published_mesh(occupied):
    """A mesh as the published program writes it, and its vertices in the world, metres."""
    from skimage.measure import marching_cubes

    index, faces, normals, _ = marching_cubes(occupied.astype(np.float32), 0.5)
    cube = (index - LATTICE / 2) / LATTICE
    lines = [f"v {x} {y} {z}\n" for x, y, z in cube]
    lines += [f"vn {x} {y} {z}\n" for x, y, z in normals]
    lines += [f"f {a} {b} {c}\n" for a, b, c in faces + 1]
    return "".join(lines), LOW + index / (LATTICE - 1) * (HIGH - LOW)


def ball(centre, radius):
    axes = np.ogrid[:LATTICE, :LATTICE, :LATTICE]
    return sum((axis - c) ** 2 for axis, c in zip(axes, centre, strict=True)) <= radius**2


def test_published_meshes_are_placed_in_the_scene(tmp_path):
    text, world = published_mesh(ball((60, 180, 100), 9) | ball((70, 180, 100), 6))
    (tmp_path / "hair dryer.obj").write_text(text, encoding="utf-8")
    (tmp_path / "mug.obj").write_text(published_mesh(ball((120, 20, 30), 5))[0], encoding="utf-8")
    results = open_results(tmp_path)
    dryer, mug = results.things
    assert (dryer.name, mug.name) == ("hair dryer", "mug")
    np.testing.assert_allclose(dryer.points_m, world, atol=1e-5)
    assert dryer.inferred and dryer.legend and dryer.colour != mug.colour
    assert "unit cube" in results.notes[0]


@pytest.mark.parametrize("moved", ["scaled", "coloured", "between"])
def test_other_small_meshes_stay_where_they_are(tmp_path, moved):
    corners = np.array([[0, 0, 0], [0.2, 0, 0], [0, 0.2, 0.1]]) + 0.1
    if moved == "scaled":
        corners = corners * 3
    colours = " 1 0 0" if moved == "coloured" else ""
    lines = [f"v {x} {y} {z}{colours}\n" for x, y, z in corners]
    (tmp_path / "a.obj").write_text("".join(lines) + "f 1 2 3\n", encoding="utf-8")
    results = open_results(tmp_path / "a.obj")
    np.testing.assert_allclose(results.things[0].points_m, corners, atol=1e-6)
    assert not results.things[0].inferred and results.notes == ()


def test_lexels_results_come_with_labels_colours_and_scores(tmp_path):
    completed = make_answer("completion", ["chair", "a lamp", "unicorn"], empty="unicorn")
    write_answer(completed, tmp_path)
    folder = write_answer(make_answer("localisation", ["the mug"]), tmp_path)
    results = open_results(folder)
    scene, chair, lamp, mug = results.things
    assert results.name == scene.name == "My Kitchen" and not results.meaningless
    np.testing.assert_array_equal(scene.points_m, completed.scene_points_m)
    np.testing.assert_array_equal(scene.rgb, completed.scene_rgb)
    assert not scene.inferred and not scene.legend
    assert (chair.name, lamp.name, mug.name) == ("chair", "a lamp", "the mug")
    assert (chair.colour, lamp.colour) == (COLOURS[0], COLOURS[1])
    np.testing.assert_allclose(lamp.points_m, completed.found[1].mesh.vertices_m, atol=1e-6)
    np.testing.assert_array_equal(lamp.faces, completed.found[1].mesh.faces)
    wanted = make_found("the mug", 0, mesh=False)
    np.testing.assert_array_equal(mug.points_m, wanted.points_m)
    np.testing.assert_array_equal(mug.columns["score"], wanted.score)
    assert mug.faces is None and all(thing.inferred for thing in (chair, lamp, mug))
    assert results.notes == ("Nothing was found of: unicorn.",)


def test_random_weights_are_told(tmp_path):
    answer = make_answer("completion", ["chair"])
    untrained = replace(answer, provenance={"meaningless": True})
    assert open_results(write_answer(untrained, tmp_path)).meaningless


def test_a_cloud_without_codes_is_a_cloud(tmp_path):
    points = np.random.default_rng(0).normal(size=(50, 3)).astype(np.float32)
    rgb = np.arange(150, dtype=np.uint8).reshape(50, 3)
    path = write_ply(tmp_path / "scan.ply", vertex_table(points, rgb))
    (thing,) = open_results(path).things
    np.testing.assert_array_equal(thing.points_m, points)
    np.testing.assert_array_equal(thing.rgb, rgb)
    assert thing.faces is None and thing.columns == {}


def test_columns_of_a_cloud_are_kept_in_types_that_blender_has(tmp_path):
    head = "ply\nformat ascii 1.0\nelement vertex 2\nproperty float x\nproperty float y\n"
    head += "property float z\nproperty ushort code\nproperty double score\nend_header\n"
    (tmp_path / "a.ply").write_text(head + "0 0 0 7 0.25\n1 0 0 9 0.5\n", encoding="utf-8")
    (thing,) = open_results(tmp_path / "a.ply").things
    assert thing.columns["code"].dtype == np.int32 and thing.columns["code"].tolist() == [7, 9]
    assert thing.columns["score"].dtype == np.float32 and thing.rgb is None


def test_faces_of_a_ply_are_triangles(tmp_path):
    head = "ply\nformat ascii 1.0\nelement vertex 4\nproperty float x\nproperty float y\n"
    head += "property float z\nelement face 1\nproperty list uchar int vertex_indices\nend_header\n"
    rows = "0 0 0\n1 0 0\n1 1 0\n0 1 0\n4 0 1 2 3\n"
    (tmp_path / "a.ply").write_text(head + rows, encoding="utf-8")
    (thing,) = open_results(tmp_path / "a.ply").things
    assert thing.faces.tolist() == [[0, 1, 2], [0, 2, 3]]


def test_a_field_is_told_from_results(tmp_path):
    path = write_field(tmp_path)
    assert is_field(path) and not is_field(tmp_path)
    with pytest.raises(SceneError, match="this is a field"):
        open_results(path)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.stl", "solid", "neither a result nor a shape"),
        ("a.obj", "# nothing\n", "no vertices"),
        ("a.obj", "v 0 0 nan\n", "no finite number"),
        ("a.obj", "v 0 0 0\nf 1 2 3\n", "faces of points that are not there"),
        ("a.obj", "v 0 zero 0\n", "cannot be read"),
        ("a.ply", "ply\n", "no header"),
        ("a.ply", "not a ply", "no header"),
    ],
)
def test_damage_gets_a_sentence(tmp_path, name, content, said):
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SceneError, match=said):
        open_results(path)


def test_an_empty_folder_and_a_missing_one_get_a_sentence(tmp_path):
    with pytest.raises(SceneError, match=r"no \.obj"):
        open_results(tmp_path)
    with pytest.raises(SceneError):
        open_results(tmp_path / "gone.ply")


def test_geometry_that_was_taken_away_is_missed(tmp_path):
    folder = write_answer(make_answer("completion", ["chair"]), tmp_path)
    (folder / "labels" / "chair.obj").unlink()
    with pytest.raises(SceneError, match="missing"):
        open_results(folder)
