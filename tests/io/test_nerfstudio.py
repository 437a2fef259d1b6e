"""transforms.json: its conventions, and each kind of damage with its sentence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lexel.errors import SceneError
from lexel.io import open_recording
from lexel.io.recording import Up
from tests.io import layouts

ROOM = layouts.room(2)


def change_frames(root: Path, **changes: Any) -> Path:
    """Keys of every frame changed; a change to `...` takes a key out."""
    file = root / "transforms.json"
    content = json.loads(file.read_text("utf-8"))
    for frame in content["frames"]:
        frame.update(changes)
        for key in [key for key, value in changes.items() if value is ...]:
            del frame[key]
    file.write_text(json.dumps(content), encoding="utf-8")
    return root


def test_the_file_itself_is_a_scene_too(tmp_path: Path) -> None:
    root = layouts.write_nerfstudio(tmp_path, ROOM)
    recording = open_recording(root / "transforms.json")
    assert recording.num_views == 2
    assert recording.name == "nerf"


def test_a_frame_s_own_camera_goes_before_that_of_all(tmp_path: Path) -> None:
    root = change_frames(layouts.write_nerfstudio(tmp_path, ROOM), fl_x=33.0, cx=17.0)
    k = open_recording(root).read_view(0).intrinsics
    np.testing.assert_allclose(k, [[33, 0, 17], [0, ROOM.k[1, 1], ROOM.k[1, 2]], [0, 0, 1]])


def test_an_angle_of_view_stands_for_the_focal_length(tmp_path: Path) -> None:
    gone: dict[str, Any] = dict.fromkeys(("fl_x", "fl_y", "cx", "cy"), ...)
    angle = 2 * np.arctan(16 / 30)
    root = layouts.write_nerfstudio(tmp_path, ROOM, camera_angle_x=angle, **gone)
    k = open_recording(root).read_view(0).intrinsics
    np.testing.assert_allclose(k, [[30, 0, 16], [0, 30, 12], [0, 0, 1]])


def test_the_unit_of_depth(tmp_path: Path) -> None:
    root = layouts.write_nerfstudio(tmp_path, ROOM, depth_unit_scale_factor=0.0005)
    depth = open_recording(root).read_view(0).depth_m
    np.testing.assert_allclose(depth, ROOM.shots[0].depth_mm * 0.0005, rtol=1e-6)


def test_instant_ngp_s_names_of_depth(tmp_path: Path) -> None:
    root = layouts.write_nerfstudio(tmp_path, ROOM, integer_depth_scale=0.001)
    name = "depth/frame_00000.png"
    root = change_frames(root, depth_file_path=..., depth_path=name)
    depth = open_recording(root).read_view(0).depth_m
    np.testing.assert_allclose(depth, ROOM.shots[0].depth_mm * 0.001, rtol=1e-6)


def test_positions_that_were_scaled_come_back(tmp_path: Path) -> None:
    root = layouts.write_nerfstudio(tmp_path, ROOM, applied_scale=0.5)
    pose = open_recording(root).read_pose(1)
    np.testing.assert_allclose(pose[:3, 3], 2 * ROOM.shots[1].pose[:3, 3])
    np.testing.assert_allclose(pose[:3, :3], ROOM.shots[1].pose[:3, :3], atol=1e-12)


def test_up_is_known_only_where_it_is_said(tmp_path: Path) -> None:
    assert open_recording(layouts.write_nerfstudio(tmp_path, ROOM)).up is Up.UNKNOWN
    root = layouts.write_nerfstudio(tmp_path, ROOM, orientation_override="none")
    assert open_recording(root).up is Up.Z


def test_suffixes_left_out_are_found(tmp_path: Path) -> None:
    root = layouts.write_nerfstudio(tmp_path, ROOM)
    change_frames(root, file_path="images/frame_00001")
    assert open_recording(root).read_view(0).rgb.shape == (24, 32, 3)


def test_a_frame_that_lost_its_pose_is_left_out(tmp_path: Path) -> None:
    root = layouts.write_nerfstudio(tmp_path, ROOM)
    file = root / "transforms.json"
    content = json.loads(file.read_text("utf-8"))
    content["frames"][0]["transform_matrix"][0][0] = float("nan")
    file.write_text(json.dumps(content), encoding="utf-8")
    recording = open_recording(root)
    assert recording.num_views == 1
    assert "1 of 2 frames are without a pose" in str(recording.findings[0])


def test_no_depth_says_how_to_get_it(tmp_path: Path) -> None:
    root = change_frames(layouts.write_nerfstudio(tmp_path, ROOM), depth_file_path=...)
    with pytest.raises(SceneError, match=r"no depth.*depth_file_path"):
        open_recording(root).read_view(0)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"frames": ...}, "lists no frames"),
        ({"frames": [1]}, "lists no frames"),
        ({"frames": []}, "no frames at all"),
        ({"fl_x": ...}, "has no focal length"),
        ({"fl_x": "wide"}, "fl_x: should be 1 finite number"),
        ({"cx": ..., "w": ...}, "has no principal point"),
        ({"camera_angle_x": 7.0, "fl_x": ...}, "no angle of view"),
        ({"w": -5}, "no size of an image"),
        ({"w": 1e9}, "no size of an image"),
        ({"camera_model": "EQUIRECTANGULAR"}, "does not read (got EQUIRECTANGULAR)"),
        ({"depth_unit_scale_factor": 0}, "should be positive"),
        ({"applied_scale": -1}, "should be positive"),
        ({"k1": -40.0}, "folds the image"),
    ],
)
def test_wrong_files_get_a_sentence(tmp_path: Path, changes: dict[str, Any], sentence: str) -> None:
    root = layouts.write_nerfstudio(tmp_path, ROOM, **changes)
    with pytest.raises(SceneError) as caught:
        open_recording(root).read_view(0)
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"file_path": "../../secret.png"}, "outside its own folder"),
        ({"file_path": "/etc/passwd"}, "outside its own folder"),
        ({"file_path": "C:\\scan\\a.png"}, "outside its own folder"),
        ({"depth_file_path": "..\\a.png"}, "outside its own folder"),
        ({"file_path": ...}, "should name a file"),
        ({"file_path": 3}, "should name a file"),
        ({"transform_matrix": ...}, "no frame with a pose"),
        ({"transform_matrix": [[1, 2], [3]]}, "no frame with a pose"),
    ],
)
def test_wrong_frames_get_a_sentence(
    tmp_path: Path, changes: dict[str, Any], sentence: str
) -> None:
    root = change_frames(layouts.write_nerfstudio(tmp_path, ROOM), **changes)
    with pytest.raises(SceneError) as caught:
        open_recording(root)
    assert sentence in str(caught.value)


def test_windows_slashes_are_understood(tmp_path: Path) -> None:
    root = layouts.write_nerfstudio(tmp_path, ROOM)
    change_frames(root, file_path="images\\frame_00000.png")
    assert open_recording(root).num_views == 2


def test_a_lens_is_taken_out_aloud(tmp_path: Path) -> None:
    recording = open_recording(layouts.write_nerfstudio(tmp_path, ROOM, k1=-0.2))
    assert "images are made straight" in str(recording.findings[0])
    assert (recording.read_view(0).depth_m != ROOM.shots[0].depth_mm / 1000).any()
    fisheye = layouts.write_nerfstudio(tmp_path, ROOM, camera_model="OPENCV_FISHEYE")
    assert "images are made straight" in str(open_recording(fisheye).findings[0])
