"""The same scan gives the same points, whatever layout it is written in."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from PIL import Image

from lexel.geometry.cameras import back_project
from lexel.geometry.transforms import apply
from lexel.io import diagnose, load_scene, open_recording
from lexel.io.normalise import normalise
from lexel.io.notes import Notes
from lexel.scene import View
from tests.geometry.strategies import rigids
from tests.io import layouts, samples

NEAR_M = 2e-4  # Replica's depth unit is 0.15 mm


def _points(view: View) -> np.ndarray:
    """(H, W, 3) in the source's frame."""
    return apply(view.world_from_camera, back_project(view.depth_m, view.intrinsics))


def _expected(scan: layouts.Scan, shot: layouts.Shot) -> np.ndarray:
    return apply(shot.pose, back_project(shot.depth_mm / np.float32(1000), scan.k))


def _check_same_points(path: Path, scan: layouts.Scan) -> None:
    recording = open_recording(path)
    assert recording.num_views == len(scan.shots)
    for i, shot in enumerate(scan.shots):
        view = normalise(recording.read_view(i), Notes())
        valid = shot.depth_mm > 0
        np.testing.assert_array_equal(view.depth_m > 0, valid)
        error = np.abs(_points(view) - _expected(scan, shot))[valid]
        assert error.max() < NEAR_M
        np.testing.assert_allclose(recording.read_pose(i), shot.pose, atol=1e-6)


@pytest.mark.parametrize("kind", layouts.WRITERS)
def test_a_room(tmp_path: Path, kind: str) -> None:
    scan = layouts.room(3)
    _check_same_points(layouts.WRITERS[kind](tmp_path, scan), scan)


@pytest.mark.parametrize("kind", layouts.WRITERS)
@given(rigids)
@settings(max_examples=4)
def test_a_room_in_any_frame(kind: str, moved: np.ndarray) -> None:
    room = layouts.room(2)
    shots = [layouts.Shot(s.rgb, s.depth_mm, moved @ s.pose) for s in room.shots]
    scan = layouts.Scan(room.k, shots)
    with tempfile.TemporaryDirectory() as folder:
        _check_same_points(layouts.WRITERS[kind](Path(folder), scan), scan)


@pytest.mark.parametrize("kind", layouts.WRITERS)
def test_a_real_scan(tmp_path: Path, shared_data: Path, kind: str) -> None:
    """Two frames of RedKitchen through every layout."""
    source = open_recording(shared_data / "redkitchen")
    shots = []
    for i in (0, 49):
        view = normalise(source.read_view(i), Notes())
        depth_mm = np.rint(view.depth_m * 1000).astype(np.uint16)
        depth_mm[depth_mm > 9_900] = 0  # Replica's pictures end at 10 m
        shots.append(layouts.Shot(view.rgb, depth_mm, view.world_from_camera))
    scan = layouts.Scan(source.read_view(0).intrinsics, shots)
    _check_same_points(layouts.WRITERS[kind](tmp_path, scan), scan)


@pytest.mark.parametrize("kind", layouts.WRITERS)
def test_every_layout_comes_out_upright_and_keeps_the_contract(tmp_path: Path, kind: str) -> None:
    room = layouts.room(2)
    shots = room.shots
    if kind == "polycam":  # its world is Y up
        y_up = np.array([[1.0, 0, 0, 0], [0, 0, 1, 0], [0, -1, 0, 0], [0, 0, 0, 1]])
        shots = [layouts.Shot(s.rgb, s.depth_mm, y_up @ s.pose) for s in shots]
    scene = load_scene(layouts.WRITERS[kind](tmp_path, layouts.Scan(room.k, shots)))
    samples.check_contract(scene)
    up = scene.view.world_from_camera[:3, :3] @ np.array([0, -1.0, 0])
    np.testing.assert_allclose(up[2], np.sqrt(0.75), atol=0.02)


@pytest.mark.parametrize("kind", layouts.WRITERS)
def test_the_doctor_tells_what_it_is(tmp_path: Path, kind: str) -> None:
    diagnosis = diagnose(layouts.WRITERS[kind](tmp_path, layouts.room(2)))
    assert diagnosis.usable, diagnosis.findings
    assert diagnosis.kind is not None
    assert kind.split(",")[0] in diagnosis.kind.lower()
    assert diagnosis.num_views == 2


def _is_colour(file: Path) -> bool:
    if file.suffix not in (".png", ".jpg"):
        return False
    with Image.open(file) as image:
        return image.mode == "RGB"


@pytest.mark.parametrize("kind", layouts.WRITERS)
def test_a_missing_colour_image_is_left_out_aloud(tmp_path: Path, kind: str) -> None:
    path = layouts.WRITERS[kind](tmp_path, layouts.room(3))
    images = sorted(file for file in path.rglob("*") if _is_colour(file))
    images[1].unlink()
    recording = open_recording(path)
    assert recording.num_views == 2
    assert any("1 of 3 frames are without a colour image" in str(f) for f in recording.findings)


@pytest.mark.parametrize("kind", layouts.WRITERS)
def test_thousands_of_views_are_listed_not_read(tmp_path: Path, kind: str) -> None:
    """Views are read when asked for: a picture that cannot be decoded does not hinder opening."""
    room = layouts.room(1)
    path = layouts.WRITERS[kind](tmp_path, layouts.Scan(room.k, room.shots * 3))
    broken = [file for file in path.rglob("*") if file.suffix in (".png", ".jpg")]
    for file in broken:
        file.write_bytes(b"no picture")
    assert open_recording(path).num_views == 3
