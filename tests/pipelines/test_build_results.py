from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lexel.errors import SceneError
from lexel.geometry.transforms import apply, translation
from lexel.geometry.vectors import unit_rows
from lexel.io.fields import open_field
from lexel.io.results import write_answer
from lexel.io.stored import StoredResult, open_result
from lexel.pipelines.build import build
from lexel.scene import Answer, AnswerKind, Found, Modality, Origin
from tests.fields.box_room import Oracle, around
from tests.pipelines.test_build import SETTINGS, VOCABULARY, views_at

HIDDEN = np.array([[0.1, 0.1, 0.1], [0.1, 0.1, 0.15]], np.float32)
SCORE = np.array([2.0, -1.0], np.float32)


def encode(texts):
    """Vectors that nothing observed has."""
    return unit_rows(np.ones((len(texts), 3)))


WORDS = replace(VOCABULARY, encode=encode)


def answer_at(folder: Path, **changes) -> StoredResult:
    mug = Found("hidden mug", (1, 2, 3), HIDDEN, SCORE)
    nothing = Found("safe", (4, 5, 6), HIDDEN[:0], SCORE[:0])
    answer = Answer(
        kind=AnswerKind.LOCALISATION,
        scene_name="boxes",
        found=(mug, nothing),
        scene_points_m=HIDDEN + 1,
        scene_rgb=np.zeros((2, 3), np.uint8),
        voxel_size_m=0.05,
        world_from_source=np.eye(4),
        forward=np.array([1.0, 0, 0]),
        relevancy_labels=("hidden mug",),
        relevancies=np.zeros((1, 2, 2), np.float32),
        rgb=np.zeros((2, 2, 3), np.uint8),
        provenance={"network": {"sha256": "ab" * 32}},
    )
    return open_result(write_answer(replace(answer, **changes), folder))


def build_with(tmp_path, result):
    shots, out = around(4), tmp_path / "boxes.lexel"
    build(views_at(shots, out), Oracle(shots), WORDS, SETTINGS, out, [result])
    return open_field(out)


def test_found_voxels_stand_beside_what_was_observed(tmp_path):
    field = build_with(tmp_path, answer_at(tmp_path / "answers"))
    origin = np.asarray(field.points.origin)
    inferred = origin == Origin.INFERRED
    assert inferred.sum() == 2
    assert not inferred[:-2].any()
    np.testing.assert_allclose(np.asarray(field.points.xyz_m)[inferred], HIDDEN)
    np.testing.assert_allclose(
        np.asarray(field.points.confidence)[inferred], 1 / (1 + np.exp(-SCORE)), atol=1e-6
    )
    (row,) = np.unique(np.asarray(field.points.code)[inferred])
    assert field.codebook.modality[row] == Modality.TEXT
    assert (field.codebook.modality[:row] == Modality.IMAGE).all()
    np.testing.assert_allclose(field.codebook.clip[row], encode(["x"])[0], atol=1e-3)
    assert field.codebook.count[row] == 2


def test_scores_are_a_layer_that_says_where_it_is_from(tmp_path):
    field = build_with(tmp_path, answer_at(tmp_path / "answers"))
    (note,) = field.layers
    assert note.text == "hidden mug"
    assert note.name.startswith("localisation/")
    assert note.network == "ab" * 32
    layer = field.layer(note.name)
    np.testing.assert_array_equal(layer.score, SCORE)
    assert layer.index.tolist() == [field.num_points - 2, field.num_points - 1]


def test_another_world_is_brought_into_this_one(tmp_path):
    world_from_source = translation([0, 0, 3])
    result = answer_at(tmp_path / "answers", world_from_source=world_from_source)
    field = build_with(tmp_path, result)
    expected = apply(translation([0, 0, -3]), HIDDEN)
    np.testing.assert_allclose(np.asarray(field.points.xyz_m)[-2:], expected, atol=1e-6)


def test_results_of_another_scene_are_refused_before_the_work(tmp_path):
    result = answer_at(tmp_path / "answers", scene_name="kitchen")
    with pytest.raises(SceneError, match="another scene"):
        build_with(tmp_path, result)
    assert not (tmp_path / "boxes.building").exists()


def test_two_results_that_answer_the_same_are_refused_before_the_work(tmp_path):
    shots, out = around(4), tmp_path / "boxes.lexel"
    results = [answer_at(tmp_path / name) for name in ("a", "b")]
    with pytest.raises(SceneError, match=r"b.boxes.*answer the same as .*a.boxes.*hidden mug"):
        build(views_at(shots, out), Oracle(shots), WORDS, SETTINGS, out, results)
    assert not (tmp_path / "boxes.building").exists()


def test_results_may_both_have_found_nothing(tmp_path):
    """Nothing has no layer; what one of them found has."""
    shots, out = around(4), tmp_path / "boxes.lexel"
    found = answer_at(tmp_path / "a")
    nothing = Found("safe", (4, 5, 6), HIDDEN[:0], SCORE[:0])
    results = [found, answer_at(tmp_path / "b", found=(nothing,))]
    build(views_at(shots, out), Oracle(shots), WORDS, SETTINGS, out, results)
    assert len(open_field(out).layers) == 1
