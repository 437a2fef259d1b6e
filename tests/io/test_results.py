"""The result folder: whole or not there, nothing lost, everything opens elsewhere."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lexel.errors import CancelledError, InputError, LabelError
from lexel.io.clouds import points_of, read_ply
from lexel.io.report import answer_summary, summary_text
from lexel.io.results import check_out, check_writable, result_folder, write_answer
from lexel.io.stored import open_result
from lexel.progress import Silent
from lexel.scene import Answer, AnswerKind, Found, Mesh
from tests.io.samples import colours_of

COLOURS = [(200, 40, 90), (20, 140, 230), (250, 180, 20)]


def make_found(text: str, number: int, *, mesh: bool, size: int = 20) -> Found:
    rng = np.random.default_rng(number)
    points_m = rng.uniform(number, number + 0.5, (size, 3)).astype(np.float32)
    corner = np.float32(number)
    vertices_m = corner + np.array([[0, 0, 0], [0.5, 0, 0], [0, 0.5, 0], [0, 0, 0.5]], np.float32)
    faces = np.array([[0, 2, 1], [0, 1, 3], [0, 3, 2], [1, 2, 3]], np.int32)
    score = rng.normal(size=size).astype(np.float32)
    return Found(text, COLOURS[number], points_m, score, Mesh(vertices_m, faces) if mesh else None)


def make_answer(
    kind: str,
    texts: list[str],
    empty: str | None = None,
    provenance: Mapping[str, Any] | None = None,
) -> Answer:
    rng = np.random.default_rng(7)
    nothing = np.zeros((0, 3), np.float32)
    found = tuple(
        Found(text, COLOURS[i], nothing, nothing[:, 0])
        if text == empty
        else make_found(text, i, mesh=kind == "completion")
        for i, text in enumerate(texts)
    )
    return Answer(
        kind=AnswerKind(kind),
        scene_name="My Kitchen",
        found=found,
        scene_points_m=rng.normal(size=(30, 3)).astype(np.float32),
        scene_rgb=rng.integers(0, 256, (30, 3), np.uint8),
        voxel_size_m=0.01,
        world_from_source=np.eye(4),
        forward=np.array([1.0, 0, 0]),
        relevancy_labels=tuple(texts),
        relevancies=np.zeros((len(texts), 4, 3), np.float32),
        rgb=np.zeros((4, 3, 3), np.uint8),
        provenance=provenance or {"network": {"sha256": "abc"}, "seed": 3},
    )


def labels_of(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "labels" / "labels.json").read_text("utf-8"))


def everything(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


class StopAt(Silent):
    """Cancels when the n-th step is done."""

    def __init__(self, step: int) -> None:
        self.steps_left = step

    def advance(self, steps: int = 1) -> None:
        self.steps_left -= 1
        if self.steps_left == 0:
            raise CancelledError


def test_completion_opens_elsewhere(tmp_path: Path) -> None:
    import open3d
    import trimesh

    answer = make_answer("completion", ["chair", "wall"])
    folder = write_answer(answer, tmp_path)
    assert folder == tmp_path / "my-kitchen.lexel" == result_folder(tmp_path, "My Kitchen")
    for found, name in zip(answer.found, ["chair", "wall"], strict=True):
        path = folder / "labels" / f"{name}.obj"
        assert found.mesh is not None
        low, high = found.mesh.vertices_m.min(0), found.mesh.vertices_m.max(0)
        mesh = trimesh.load(path, force="mesh")
        assert np.allclose(mesh.bounds, [low, high], atol=1e-5)
        assert tuple(mesh.visual.material.diffuse[:3]) == found.colour
        other = open3d.io.read_triangle_mesh(str(path))
        assert np.allclose(other.get_max_bound(), high, atol=1e-5)
        assert np.allclose(np.asarray(other.vertex_colors)[0] * 255, found.colour, atol=0.5)


def test_localisation_clouds_carry_scores(tmp_path: Path) -> None:
    answer = make_answer("localisation", ["the mug on the table"])
    folder = write_answer(answer, tmp_path)
    table = read_ply(folder / "labels" / "the-mug-on-the-table.ply")
    assert np.array_equal(points_of(table), answer.found[0].points_m)
    assert np.array_equal(table["score"], answer.found[0].score)
    assert len(np.unique(colours_of(table), axis=0)) > 5


def test_equal_scores_get_a_colour(tmp_path: Path) -> None:
    answer = make_answer("localisation", ["a"])
    flat = replace(answer.found[0], score=np.zeros(20, np.float32))
    folder = write_answer(replace(answer, found=(flat,)), tmp_path)
    assert len(np.unique(colours_of(read_ply(folder / "labels" / "a.ply")), axis=0)) == 1


def test_points_and_layers_agree(tmp_path: Path) -> None:
    answer = make_answer("completion", ["chair", "wall"])
    folder = write_answer(answer, tmp_path)
    table = read_ply(folder / "points.ply")
    assert np.array_equal(points_of(table)[:30], answer.scene_points_m)
    assert np.array_equal(table["origin"], [0] * 30 + [1] * 40)
    assert np.array_equal(colours_of(table)[30], COLOURS[0])
    for entry, found in zip(open_result(folder).entries(answer.kind), answer.found, strict=True):
        assert np.array_equal(entry.points_m, found.points_m)
        assert np.array_equal(entry.score, found.score)
    assert np.array_equal(points_of(read_ply(folder / "scene.ply")), answer.scene_points_m)


def test_the_manifest_lists_every_other_file(tmp_path: Path) -> None:
    folder = write_answer(make_answer("completion", ["chair", "wall"], empty="wall"), tmp_path)
    manifest = json.loads((folder / "result.json").read_text("utf-8"))
    files = everything(folder)
    files.pop("result.json")
    assert set(manifest["files"]) == set(files)
    for name, data in files.items():
        assert manifest["files"][name]["bytes"] == len(data)
        assert manifest["files"][name]["sha256"] == hashlib.sha256(data).hexdigest()
    (layer,) = manifest["layers"]
    assert layer["name"] == "completion/chair"
    assert layer["file"] == "layers/completion-chair.safetensors"
    assert (layer["tier"], layer["text"], layer["network"]) == (3, "chair", "abc")
    assert not (folder / "field.json").exists()


def test_an_empty_label_is_listed_and_not_written(tmp_path: Path) -> None:
    answer = make_answer("completion", ["chair", "wall"], empty="wall")
    folder = write_answer(answer, tmp_path)
    assert labels_of(folder)["wall"] == {
        "text": "wall",
        "kind": "completion",
        "colour": list(COLOURS[1]),
        "empty": True,
    }
    assert not [name for name in everything(folder) if "wall" in name]
    assert "nothing found: wall" in summary_text(answer)
    assert [label["empty"] for label in answer_summary(answer)["labels"]] == [False, True]
    json.dumps(answer_summary(answer))


def test_a_hostile_label_stays_inside(tmp_path: Path) -> None:
    texts = ["../../x", "X", "con"]
    folder = write_answer(make_answer("completion", texts), tmp_path / "out")
    assert {name: label["text"] for name, label in labels_of(folder).items()} == {
        "x": "../../x",
        "x-2": "X",
        "label-con": "con",
    }
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["my-kitchen.lexel"]


def test_a_label_that_is_none_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(LabelError):
        write_answer(make_answer("completion", ["x" * 10_000]), tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("step", [1, 2, 3, 5, 7, 9])
def test_cancelled_writing_leaves_the_older_result(tmp_path: Path, step: int) -> None:
    folder = write_answer(make_answer("completion", ["chair"]), tmp_path)
    before = everything(tmp_path)
    with pytest.raises(CancelledError):
        write_answer(make_answer("completion", ["a", "b"]), tmp_path, StopAt(step))
    assert everything(tmp_path) == before
    assert list(tmp_path.iterdir()) == [folder]
    with pytest.raises(CancelledError):
        write_answer(make_answer("completion", ["a", "b"]), tmp_path / "new", StopAt(step))
    assert not list((tmp_path / "new").iterdir())


def test_both_kinds_live_in_one_folder(tmp_path: Path) -> None:
    completion = make_answer("completion", ["chair", "wall"], empty="wall")
    localisation = make_answer("localisation", ["chair", "the mug on the table"])
    write_answer(completion, tmp_path)
    folder = write_answer(localisation, tmp_path)
    assert {name: label["kind"] for name, label in labels_of(folder).items()} == {
        "chair": "completion",
        "wall": "completion",
        "chair-2": "localisation",
        "the-mug-on-the-table": "localisation",
    }
    stored = open_result(folder)
    assert set(stored.kinds) == set(AnswerKind)
    for answer in (completion, localisation):
        for entry, found in zip(stored.entries(answer.kind), answer.found, strict=True):
            assert np.array_equal(entry.points_m, found.points_m)
            assert np.array_equal(entry.score, found.score)
    assert (folder / "labels" / "chair.mtl").is_file()
    assert len(read_ply(folder / "points.ply")) == 30 + 20 + 40


def test_the_same_kind_is_replaced_and_the_other_kept(tmp_path: Path) -> None:
    localisation = make_answer("localisation", ["the mug on the table"])
    write_answer(make_answer("completion", ["chair", "wall"]), tmp_path)
    write_answer(localisation, tmp_path)
    folder = write_answer(make_answer("completion", ["lamp"]), tmp_path)
    assert set(labels_of(folder)) == {"the-mug-on-the-table", "lamp"}
    (entry,) = open_result(folder).entries(AnswerKind.LOCALISATION)
    assert np.array_equal(entry.points_m, localisation.found[0].points_m)
    assert not (folder / "labels" / "chair.obj").exists()


def test_what_others_put_there_stays(tmp_path: Path) -> None:
    folder = write_answer(make_answer("completion", ["chair"]), tmp_path)
    (folder / "notes").mkdir()
    (folder / "notes" / "mine.txt").write_text("keep me")
    write_answer(make_answer("completion", ["wall"]), tmp_path)
    assert (folder / "notes" / "mine.txt").read_text() == "keep me"


@pytest.mark.parametrize("damage", ["manifest", "size", "field", "stranger", "label", "outside"])
def test_what_is_not_ours_is_never_replaced(tmp_path: Path, damage: str) -> None:
    folder = write_answer(make_answer("completion", ["chair"]), tmp_path)
    labels, manifest = folder / "labels" / "labels.json", folder / "result.json"
    if damage == "manifest":
        manifest.write_text("{")
    elif damage == "size":
        (folder / "points.ply").write_bytes(b"ply")
    elif damage == "field":
        (folder / "field.json").write_text("{}")
    elif damage == "stranger":
        manifest.unlink()
    elif damage == "label":
        labels.write_text(labels.read_text().replace('"chair": ', '"../ch": ')[:-2] + "}\n")
    else:
        manifest.write_text(manifest.read_text().replace('"scene.ply"', '"../scene.ply"'))
    before = everything(tmp_path)
    with pytest.raises(InputError, match=r"my-kitchen\.lexel.*--out"):
        write_answer(make_answer("localisation", ["mug"]), tmp_path)
    assert everything(tmp_path) == before


def test_results_of_another_frame_are_not_mixed(tmp_path: Path) -> None:
    completion = make_answer("completion", ["chair"])
    write_answer(completion, tmp_path)
    moved = np.eye(4)
    moved[0, 3] = 1
    other = replace(make_answer("localisation", ["mug"]), world_from_source=moved)
    with pytest.raises(InputError, match="another frame"):
        write_answer(other, tmp_path)
    with pytest.raises(InputError, match="another frame"):
        check_out(tmp_path, "My Kitchen", other.kind, moved, other.scene_points_m)


@pytest.mark.parametrize(
    "change",
    [
        {"scene_name": "my kitchen"},  # the same file name
        {"world_from_source": np.diag([-1.0, -1, 1, 1])},
        {"scene_points_m": np.zeros((30, 3), np.float32)},  # another view
    ],
    ids=lambda change: next(iter(change)),
)
@pytest.mark.parametrize("kind", ["completion", "localisation"])
def test_results_of_another_scene_are_never_replaced(
    tmp_path: Path, change: dict[str, Any], kind: str
) -> None:
    write_answer(make_answer("completion", ["chair"]), tmp_path)
    before = everything(tmp_path)
    with pytest.raises(InputError, match=r"my-kitchen\.lexel.*another scene.*--out"):
        write_answer(replace(make_answer(kind, ["chair"]), **change), tmp_path)
    assert everything(tmp_path) == before


def test_the_folder_may_be_text(tmp_path: Path) -> None:
    answer = make_answer("completion", ["chair"])
    folder = write_answer(answer, str(tmp_path / "out"))
    assert folder == result_folder(str(tmp_path / "out"), "My Kitchen")
    arguments = (answer.kind, answer.world_from_source, answer.scene_points_m)
    assert check_out(str(tmp_path / "out"), "My Kitchen", *arguments) is not None


@pytest.mark.parametrize(
    "name", ["file", "file/deeper", "file/deeper/still", "no\0name", "x" * 300]
)
def test_a_folder_that_cannot_be_written_is_told_at_once(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("a file")
    before = everything(tmp_path)
    answer = make_answer("completion", ["chair"])
    with pytest.raises(InputError, match=r"nothing can be written there.*--out"):
        check_out(
            tmp_path / "new" / name if "file" not in name else tmp_path / name,
            *("My Kitchen", answer.kind, answer.world_from_source, answer.scene_points_m),
        )
    assert everything(tmp_path) == before
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_read_only_folder_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir(mode=0o500)
    if os.access(tmp_path / "out", os.W_OK):
        pytest.skip("this user may write everywhere")
    with pytest.raises(InputError, match="nothing can be written there"):
        check_writable(tmp_path / "out" / "deeper")


def test_checking_leaves_nothing_behind(tmp_path: Path) -> None:
    check_writable(tmp_path / "a" / "b")
    assert not list(tmp_path.iterdir())
    (tmp_path / "a").mkdir()
    check_writable(tmp_path / "a" / "b")
    assert not list((tmp_path / "a").iterdir())


def test_untrained_weights_stamp_every_file(tmp_path: Path) -> None:
    for kind in ("completion", "localisation"):
        answer = make_answer(kind, ["chair"], provenance={"meaningless": True})
        folder = write_answer(answer, tmp_path / kind)
        for name, data in everything(folder).items():
            if name.endswith((".obj", ".mtl", ".ply")):
                assert b"MEANINGLESS: untrained weights" in data, name
        assert open_result(folder).meaningless
        assert summary_text(answer).startswith("MEANINGLESS")
