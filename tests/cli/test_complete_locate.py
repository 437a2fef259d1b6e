"""`lexel complete` and `lexel locate` end to end, with small networks from checkpoint folders."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import open3d
import pytest
import trimesh

from lexel.io.clouds import read_ply
from tests.cli.conftest import everything

# In front of the floor of the tiny scene and up: the networks' box.
BOX_LOWER, BOX_UPPER = np.array([-1, -1, -0.1]), np.array([1, 1, 1.9])
STEP_M = 2 / 239


@pytest.fixture
def complete(lexel, made):
    def run(*more):
        encoder, weights = made / "encoder.safetensors", made / "ovssc"
        arguments = [made / "room", "--encoder", encoder, "--weights", weights, "--no-film", *more]
        return lexel("complete", *arguments)

    return run


@pytest.fixture
def locate(lexel, made):
    def run(*more):
        encoder, weights = made / "encoder.safetensors", made / "vool"
        return lexel(
            "locate", made / "room", *more, "--encoder", encoder, "--weights", weights, "--no-film"
        )

    return run


def opened_by_others(path: Path) -> np.ndarray:
    """A file's corners (2, 3), on which open3d and trimesh agree."""
    theirs = trimesh.load(path, process=False)
    if path.suffix == ".obj":
        other = open3d.io.read_triangle_mesh(str(path))
        assert len(other.triangles) == len(theirs.faces) > 0
        points = np.asarray(other.vertices)
    else:
        points = np.asarray(open3d.io.read_point_cloud(str(path)).points)
    bounds = np.array([points.min(0), points.max(0)])
    np.testing.assert_allclose(theirs.bounds, bounds, atol=1e-5)
    return bounds


def overlap(a: np.ndarray, b: np.ndarray) -> bool:
    return bool((np.maximum(a[0], b[0]) <= np.minimum(a[1], b[1])).all())


def check_labels(folder: Path, texts: list[str], suffix: str) -> None:
    """Every text is listed, as a file that overlays the scene or as empty."""
    scene = opened_by_others(folder / "scene.ply")
    listed = json.loads((folder / "labels/labels.json").read_text(encoding="utf-8"))
    assert sorted(entry["text"] for entry in listed.values()) == sorted(texts)
    for name, entry in listed.items():
        file = folder / "labels" / f"{name}{suffix}"
        assert file.exists() is not entry["empty"]
        if not entry["empty"]:
            bounds = opened_by_others(file)
            assert (bounds[0] >= BOX_LOWER - STEP_M).all()
            assert (bounds[1] <= BOX_UPPER + STEP_M).all()
            assert suffix == ".ply" or overlap(bounds, scene)  # hidden things may be anywhere


def test_completion_writes_what_others_open(complete):
    ran = complete("--out", "done")
    assert ran.code == 0, ran.err
    folder = Path("done/tiny-room.lexel")
    check_labels(folder, ["mug", "table", "floor lamp"], ".obj")
    manifest = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    assert manifest["meaningless"] is False
    assert manifest["runs"]["completion"]["provenance"]["preset"] == "chefer_et_al"
    assert Path("done/relevancies.png").stat().st_size > 0
    assert sorted(path.name for path in Path("done").iterdir()) == [
        "relevancies.png",
        "tiny-room.lexel",
    ]
    assert "3 labels" in ran.out and "Wrote" in ran.out


def test_labels_of_one_s_own_and_their_safe_names(complete, nowhere):
    ran = complete("--labels", "../../x; Pot, plant/1", "--cutoff", "-1000", "--json")
    assert ran.code == 0, ran.err
    folder = Path("out/tiny-room.lexel")
    check_labels(folder, ["../../x", "Pot, plant/1"], ".obj")
    listed = json.loads((folder / "labels/labels.json").read_text(encoding="utf-8"))
    assert {name: entry["text"] for name, entry in listed.items()} == {
        "x": "../../x",
        "pot-plant-1": "Pot, plant/1",
    }
    assert [entry["text"] for entry in ran.json["labels"]] == ["../../x", "Pot, plant/1"]
    assert list(nowhere.iterdir()) == [nowhere / "out"]
    assert not list(nowhere.parent.glob("x*"))


def test_what_is_not_found_is_reported_and_has_no_file(complete):
    ran = complete("--labels", "mug", "--cutoff", "1000")
    assert ran.code == 0, ran.err
    assert "nothing found: mug" in ran.out
    check_labels(Path("out/tiny-room.lexel"), ["mug"], ".obj")


def test_the_same_seed_writes_the_same_bytes(complete):
    for out in ("a", "b"):
        assert complete("--labels", "mug", "--seed", "5", "--out", out).code == 0
    first, second = Path("a"), Path("b")
    assert everything(first) == everything(second)
    for path in first.rglob("*"):
        if path.is_file():
            assert path.read_bytes() == (second / path.relative_to(first)).read_bytes(), path


def test_localisation_writes_clouds_with_scores(locate):
    ran = locate("--out", "done")
    assert ran.code == 0, ran.err
    folder = Path("done/tiny-room.lexel")
    texts = ["the mug on the table", "the floor lamp behind the table"]
    check_labels(folder, texts, ".ply")
    table = read_ply(folder / "labels/the-mug-on-the-table.ply")
    assert table["score"].dtype == np.float32
    assert np.ptp(table["score"]) <= 0.15
    assert "2 of 2 descriptions found" in ran.out


def test_descriptions_of_one_s_own_join_an_earlier_completion(complete, locate):
    assert complete("--labels", "mug").code == 0
    ran = locate("a red box in front of the sofa", "cup|on|plant in a pot")
    assert ran.code == 0, ran.err
    folder = Path("out/tiny-room.lexel")
    listed = json.loads((folder / "labels/labels.json").read_text(encoding="utf-8"))
    assert sorted(entry["text"] for entry in listed.values()) == [
        "mug",
        "the cup on the plant in a pot",
        "the red box in front of the sofa",
    ]
    assert (folder / "labels/mug.obj").exists()


def test_random_weights_stamp_everything_meaningless(lexel, made):
    """The encoder's are random here, those of the network are from a file."""
    ran = lexel(
        "complete",
        made / "room",
        *["--labels", "mug", "--cutoff", "-1000", "--weights", made / "ovssc", "--no-film"],
        *["--encoder", "ViT-S-32-alt/untrained"],
    )
    assert ran.code == 0, ran.err
    assert "MEANINGLESS" in ran.out.upper()
    folder = Path("out/tiny-room.lexel")
    assert json.loads((folder / "result.json").read_text(encoding="utf-8"))["meaningless"] is True
    with (folder / "labels/mug.obj").open(encoding="utf-8") as file:
        assert "meaningless" in "".join(file.readline() for _ in range(4)).lower()


def test_the_film_is_drawn_unless_told_otherwise(lexel, made):
    """A film takes its time: one, of the cheapest answer."""
    arguments = ["--encoder", made / "encoder.safetensors", "--weights", made / "vool", "--json"]
    ran = lexel("locate", made / "room", "the mug on the table", *arguments)
    assert ran.code == 0, ran.err
    assert "out/localisation.mp4" in ran.json["files"]
    assert b"ftyp" in Path("out/localisation.mp4").read_bytes()[:16]
