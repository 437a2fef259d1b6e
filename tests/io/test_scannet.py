"""ScanNet's exports: lost poses, depth of its own camera, and each kind of damage."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lexel.errors import SceneError
from lexel.geometry.cameras import back_project
from lexel.geometry.transforms import apply
from lexel.io import open_recording
from lexel.io.normalise import normalise
from lexel.io.notes import Notes
from lexel.io.recording import Up
from tests.io import layouts

ROOM = layouts.room(2)


def test_lost_poses_are_skipped_aloud(tmp_path: Path) -> None:
    root = layouts.write_scannet(tmp_path, layouts.room(3))
    (root / "pose/1.txt").write_text("-inf -inf -inf -inf\n" * 4, encoding="utf-8")
    recording = open_recording(root)
    assert recording.up is Up.Z
    assert recording.num_views == 2
    assert "1 of 3 frames are without a pose" in str(recording.findings[0])
    assert "1.txt" in str(recording.findings[0])


def test_frames_come_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    recording = open_recording(layouts.write_scannet(tmp_path, layouts.room(12)))
    names = [Path(recording.read_view(i).where).name for i in range(12)]
    assert names == [f"{i}.txt" for i in range(12)]


def test_colour_of_another_shape_than_depth(tmp_path: Path) -> None:
    """As ScanNet's 1296 x 968 colour over 640 x 480 depth: the same rays, not the same grid."""
    root = layouts.write_scannet(tmp_path, ROOM)
    k = np.diag([4.0, 4.0, 1.0]) @ ROOM.k + np.array([[0, 0, 2.0], [0, 0, 5.0], [0, 0, 0]])
    rgb = np.zeros((106, 133, 3), np.uint8)
    for i in range(2):
        Image.fromarray(rgb).save(root / f"color/{i}.jpg")
    four = np.eye(4)
    four[:3, :3] = k - np.array([[0, 0, 0.5], [0, 0, 0.5], [0, 0, 0]])
    np.savetxt(root / "intrinsic/intrinsic_color.txt", four)
    view = normalise(open_recording(root).read_view(0), Notes())
    assert view.depth_m.shape == (106, 133)
    points = apply(view.world_from_camera, back_project(view.depth_m, view.intrinsics))
    points = points[view.depth_m > 0]
    off = np.minimum(np.abs(points[:, 2]), np.abs(points[:, 0] - 0.9))
    assert np.percentile(off, 90) < 0.06  # half a sample of depth, slanted
    assert (view.depth_m > 0).sum() == 128 * 96  # all that the depth camera sees


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("intrinsic/intrinsic_color.txt", None, "has no intrinsic/intrinsic_color.txt"),
        ("intrinsic/intrinsic_color.txt", "1 2", "should be 3 x 3 or 4 x 4"),
        ("intrinsic/intrinsic_depth.txt", "a b c", "not rows of numbers"),
        ("pose/0.txt", "1 0 0\n0 1 0\n0 0 1\n", "no frame with a pose"),
        ("pose/0.txt", "one", "no frame with a pose"),
    ],
)
def test_wrong_files_get_a_sentence(
    tmp_path: Path, name: str, content: str | None, sentence: str
) -> None:
    root = layouts.write_scannet(tmp_path, layouts.room(1))
    (root / name).unlink() if content is None else (root / name).write_text(content, "utf-8")
    with pytest.raises(SceneError, match=sentence):
        open_recording(root)


def test_depth_that_has_no_intrinsics_lies_on_colour(tmp_path: Path) -> None:
    root = layouts.write_scannet(tmp_path, ROOM)
    (root / "intrinsic/intrinsic_depth.txt").unlink()
    depth = open_recording(root).read_view(0).depth_m
    np.testing.assert_allclose(depth, ROOM.shots[0].depth_mm / 1000, rtol=1e-6)
