"""Meshes and clouds of every format come home the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from lexel.errors import SceneError
from lexel.io import diagnose, load_geometry, load_scene
from tests.io import solids

ROOT = Path(__file__).resolve().parents[2]
OTHERS = ("gaussians", "obj", "ply, textured", "glb, textured")
ROOMS = [kind for kind in solids.WRITERS if kind not in OTHERS]


@pytest.mark.parametrize("kind", solids.WRITERS)
def test_every_kind_keeps_the_contract(tmp_path: Path, kind: str) -> None:
    solids.check_geometry(load_geometry(solids.WRITERS[kind](tmp_path)))


@pytest.mark.parametrize("kind", ROOMS)
def test_the_same_room_from_every_file(tmp_path: Path, kind: str) -> None:
    room = load_geometry(solids.WRITERS[kind](tmp_path))
    points = room.points_m
    if room.faces is not None:  # corners in the order of the triangles
        points = points[room.faces].reshape(-1, 3)
        expected = solids.ROOM[solids.TRIANGLES].reshape(-1, 3)
    else:
        expected = solids.ROOM
    np.testing.assert_allclose(points, expected, atol=1e-6)
    if kind != "stl":
        assert room.rgb is not None
        np.testing.assert_array_equal(room.rgb, solids.COLOURS)


def test_the_sample_room() -> None:
    room = load_geometry(ROOT / "sample_scenes" / "mesh" / "room.glb")
    solids.check_geometry(room)
    heights = room.points_m[:, 2]
    assert heights.min() > -0.2
    assert 2.4 < heights.max() < 3.0


@pytest.mark.parametrize("kind", ["ply", "obj", "stl", "glb"])
def test_what_trimesh_writes(tmp_path: Path, kind: str) -> None:
    import trimesh

    box = trimesh.creation.box((4, 5, 2.6))
    box.visual.vertex_colors = np.tile([200, 40, 90, 255], (8, 1))
    box.export(tmp_path / f"box.{kind}")
    loaded = load_geometry(tmp_path / f"box.{kind}")
    solids.check_geometry(loaded)
    assert loaded.faces is not None
    assert len(loaded.faces) == 12
    size = [4, 2.6, 5] if kind == "glb" else [4, 5, 2.6]  # it writes glTF as it is, not Y up
    np.testing.assert_allclose(np.ptp(loaded.points_m, axis=0), size, rtol=1e-6)
    if kind in ("ply", "obj"):
        np.testing.assert_allclose(loaded.rgb, np.tile([200, 40, 90], (8, 1)), atol=1)


@pytest.mark.parametrize("kind", solids.WRITERS)
def test_the_doctor(tmp_path: Path, kind: str) -> None:
    diagnosis = diagnose(solids.WRITERS[kind](tmp_path))
    assert diagnosis.usable
    assert diagnosis.num_views == 0
    assert diagnosis.num_points
    assert diagnosis.extent_m is not None
    assert max(diagnosis.extent_m) >= 1
    assert diagnosis.as_json()["extent_m"] == list(diagnosis.extent_m)


def test_the_doctor_of_damage(tmp_path: Path) -> None:
    (tmp_path / "a.ply").write_bytes(b"ply\n")
    diagnosis = diagnose(tmp_path / "a.ply")
    assert not diagnosis.usable
    assert "no header" in diagnosis.findings[0].what


def test_a_mesh_is_no_scene_to_complete(tmp_path: Path) -> None:
    with pytest.raises(SceneError, match=r"no images.*lexel build"):
        load_scene(solids.WRITERS["ply"](tmp_path))


def test_what_is_no_geometry(tmp_path: Path) -> None:
    with pytest.raises(SceneError, match=r"got \.las.*Give \.ply"):
        load_geometry(tmp_path / "a.las")
    with pytest.raises(SceneError, match="does not exist"):
        load_geometry(tmp_path / "a.ply")
