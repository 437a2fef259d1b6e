"""Polycam's raw data: which cameras are used, what is believed, and each kind of damage."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from lexel.errors import SceneError
from lexel.io import open_recording
from lexel.io.recording import Up
from lexel.scene import Severity
from tests.io import layouts

ROOM = layouts.room(2)


def change_camera(root: Path, name: str, **changes: Any) -> Path:
    file = root / f"keyframes/corrected_cameras/{name}.json"
    content = {**json.loads(file.read_text("utf-8")), **changes}
    kept = {key: value for key, value in content.items() if value is not ...}
    file.write_text(json.dumps(kept), encoding="utf-8")
    return root


def test_corrected_cameras_go_before_arkit_s(tmp_path: Path) -> None:
    moved = [layouts.Shot(s.rgb, s.depth_mm, np.eye(4)) for s in ROOM.shots]
    layouts.write_polycam(tmp_path, layouts.Scan(ROOM.k, moved), prefix="")
    recording = open_recording(tmp_path / "polycam")
    assert recording.up is Up.Y
    assert recording.findings[0].severity is Severity.WARNING
    assert "not corrected" in recording.findings[0].what
    recording = open_recording(layouts.write_polycam(tmp_path, ROOM))
    assert not recording.findings
    np.testing.assert_allclose(recording.read_pose(1), ROOM.shots[1].pose, atol=1e-12)


def test_depth_of_low_confidence_is_dropped(tmp_path: Path) -> None:
    root = layouts.write_polycam(tmp_path, ROOM)
    sure = np.full((24, 32), 255, np.uint8)
    sure[:5] = 0
    Image.fromarray(sure).save(root / "keyframes/confidence/100.png")
    depth = open_recording(root).read_view(0).depth_m
    assert (depth[:5] == 0).all()
    assert (depth[5:] > 0).all()
    Image.fromarray(sure[:4]).save(root / "keyframes/confidence/100.png")
    with pytest.raises(SceneError, match="another size than the depth"):
        open_recording(root).read_view(0)


def test_depth_is_smaller_than_colour(tmp_path: Path) -> None:
    root = layouts.write_polycam(tmp_path, ROOM)
    Image.fromarray(ROOM.shots[0].rgb).resize((64, 48)).save(
        root / "keyframes/corrected_images/100.jpg"
    )
    change_camera(root, "100", fx=60.0, fy=60.0, cx=32.0, cy=24.0, width=64, height=48)
    view = open_recording(root).read_view(0)
    assert view.rgb.shape == (48, 64, 3)
    assert view.depth_m.shape == (24, 32)
    np.testing.assert_allclose(view.intrinsics, [[60, 0, 32], [0, 60, 24], [0, 0, 1]])


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"fx": ...}, "should be 6 finite numbers"),
        ({"width": 0}, "no size of an image"),
        ({"width": 1e6, "height": 1e6}, "no size of an image"),
        ({"cx": [3]}, "should be 6 finite numbers"),
    ],
)
def test_wrong_cameras_get_a_sentence(
    tmp_path: Path, changes: dict[str, Any], sentence: str
) -> None:
    root = change_camera(layouts.write_polycam(tmp_path, ROOM), "101", **changes)
    with pytest.raises(SceneError) as caught:
        open_recording(root)
    assert sentence in str(caught.value)
    assert "101.json" in str(caught.value)


def test_a_camera_without_a_pose_is_left_out(tmp_path: Path) -> None:
    root = change_camera(layouts.write_polycam(tmp_path, ROOM), "100", t_23=...)
    recording = open_recording(root)
    assert recording.num_views == 1
    assert "without a pose" in str(recording.findings[0])


def test_no_cameras(tmp_path: Path) -> None:
    (tmp_path / "keyframes").mkdir()
    with pytest.raises(SceneError, match=r"holds no cameras.*developer mode"):
        open_recording(tmp_path)
