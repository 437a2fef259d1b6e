"""Replica as NICE-SLAM has it: which pose belongs to which image, and each kind of damage."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from lexel.errors import SceneError
from lexel.io import open_recording
from lexel.io.recording import Up
from tests.io import layouts

ROOM = layouts.room(3)


def test_the_camera_lies_beside_or_inside(tmp_path: Path) -> None:
    root = layouts.write_replica(tmp_path, ROOM)
    assert open_recording(root).up is Up.Z
    (root.parent / "cam_params.json").rename(root / "cam_params.json")
    np.testing.assert_allclose(open_recording(root).read_view(0).intrinsics, ROOM.k)
    (root / "cam_params.json").unlink()
    with pytest.raises(SceneError, match=r"no cam_params\.json"):
        open_recording(root)


def test_a_missing_image_moves_no_pose(tmp_path: Path) -> None:
    root = layouts.write_replica(tmp_path, ROOM)
    (root / "results/frame000001.jpg").unlink()
    recording = open_recording(root)
    np.testing.assert_allclose(recording.read_pose(1), ROOM.shots[2].pose)
    assert "1 of 3 frames are without a colour image" in str(recording.findings[0])


def test_numbers_beyond_the_lines_go_by_order(tmp_path: Path) -> None:
    root = layouts.write_replica(tmp_path, ROOM)
    for i in (2, 1, 0):
        for kind in ("frame{:06d}.jpg", "depth{:06d}.png"):
            (root / "results" / kind.format(i)).rename(root / "results" / kind.format(10 * i + 5))
    recording = open_recording(root)
    assert recording.num_views == 3
    np.testing.assert_allclose(recording.read_pose(2), ROOM.shots[2].pose)
    assert recording.read_view(2).where.endswith("frame000025.jpg")


def test_a_line_that_is_no_pose_is_left_out(tmp_path: Path) -> None:
    root = layouts.write_replica(tmp_path, ROOM)
    lines = (root / "traj.txt").read_text("utf-8").splitlines()
    (root / "traj.txt").write_text("\n".join(["1 2 3", *lines[1:]]), encoding="utf-8")
    recording = open_recording(root)
    np.testing.assert_allclose(recording.read_pose(0), ROOM.shots[1].pose)
    assert "without a pose" in str(recording.findings[0])


@pytest.mark.parametrize(
    ("camera", "sentence"),
    [
        ({"camera": 3}, "object named camera"),
        ({"camera": {}}, "should be 7 finite numbers"),
        ({"w": 32, "h": 24, "fx": 1, "fy": 1, "cx": 1, "cy": 1, "scale": 0}, "be positive"),
        ({"w": 0, "h": 24, "fx": 1, "fy": 1, "cx": 1, "cy": 1, "scale": 1}, "no size of an image"),
        ({"w": 1e9, "h": 9, "fx": 1, "fy": 1, "cx": 1, "cy": 1, "scale": 1}, "no size of an image"),
    ],
)
def test_wrong_cameras_get_a_sentence(tmp_path: Path, camera: object, sentence: str) -> None:
    root = layouts.write_replica(tmp_path, ROOM)
    (root.parent / "cam_params.json").write_text(json.dumps(camera), encoding="utf-8")
    with pytest.raises(SceneError, match=sentence):
        open_recording(root)


def test_no_images(tmp_path: Path) -> None:
    root = layouts.write_replica(tmp_path, ROOM)
    for file in (root / "results").glob("frame*"):
        file.unlink()
    with pytest.raises(SceneError, match="holds no frames"):
        open_recording(root)
