"""TUM RGB-D: clocks that meet, known cameras, and each kind of damage with its sentence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexel.errors import SceneError
from lexel.io import open_recording
from lexel.io.recording import Up
from lexel.io.tum import _nearest
from tests.io import layouts

ROOM = layouts.room(3)
KINECT = layouts.Scan(
    np.array([[525.0, 0, 320], [0, 525, 240], [0, 0, 1]]),
    [layouts.Shot(np.zeros((480, 640, 3), np.uint8), np.full((480, 640), 2000, np.uint16),
                  np.eye(4))],
)  # fmt: skip


def replace_line(file: Path, number: int, line: str) -> None:
    lines = file.read_text("utf-8").splitlines()
    lines[number] = line
    file.write_text("\n".join(lines), encoding="utf-8")


@given(
    st.lists(st.floats(0, 1), min_size=1, max_size=20),
    st.lists(st.floats(0, 1), min_size=1, max_size=20),
)
def test_times_meet_the_nearest_within_20_ms(wanted: list[float], given_times: list[float]) -> None:
    times = np.sort(given_times)
    for time, found in zip(wanted, _nearest(np.array(wanted), times), strict=True):
        apart = np.abs(times - time)
        assert found == -1 if apart.min() > 0.02 else apart[found] == apart.min()


def test_images_that_meet_nothing_are_left_out_aloud(tmp_path: Path) -> None:
    root = layouts.write_tum(tmp_path, ROOM)
    lines = (root / "depth.txt").read_text("utf-8").splitlines()
    replace_line(root / "depth.txt", 2, lines[2].replace("1305031102.110000", "1305031102.150000"))
    recording = open_recording(root)
    assert recording.num_views == 2
    assert "1 of 3 colour images have no depth or no pose within 20 ms" in str(
        recording.findings[0]
    )


def test_clocks_that_never_meet(tmp_path: Path) -> None:
    root = layouts.write_tum(tmp_path, ROOM)
    text = (root / "groundtruth.txt").read_text("utf-8")
    (root / "groundtruth.txt").write_text(text.replace("1305", "1205"), encoding="utf-8")
    with pytest.raises(SceneError, match="of one clock"):
        open_recording(root)


@pytest.mark.parametrize(
    ("name", "focal", "bends"),
    [
        ("rgbd_dataset_freiburg1_desk", 517.306408, True),
        ("rgbd_dataset_freiburg2_xyz", 520.908620, True),
        ("rgbd_dataset_freiburg3_teddy", 535.4, False),
    ],
)
def test_known_cameras(tmp_path: Path, name: str, focal: float, bends: bool) -> None:
    root = layouts.write_tum(tmp_path, KINECT, name)
    (root / "calibration.txt").unlink()
    recording = open_recording(root)
    assert recording.up is Up.Z
    assert any("made straight" in str(f) for f in recording.findings) is bends
    assert recording.read_view(0).intrinsics[0, 0] == focal


def test_an_unknown_camera_is_guessed_aloud(tmp_path: Path) -> None:
    root = layouts.write_tum(tmp_path, KINECT)
    (root / "calibration.txt").unlink()
    recording = open_recording(root)
    assert recording.up is Up.UNKNOWN
    assert "intrinsics are not known" in str(recording.findings[0])
    np.testing.assert_allclose(recording.read_view(0).intrinsics, KINECT.k)


def test_a_calibrated_lens(tmp_path: Path) -> None:
    root = layouts.write_tum(tmp_path, ROOM)
    straight = open_recording(root).read_view(0).rgb
    (root / "calibration.txt").write_text("30 30 15.5 11.5 -0.2 0 0 0 0", encoding="utf-8")
    recording = open_recording(root)
    assert (recording.read_view(0).rgb != straight).any()
    assert any("images are made straight" in str(f) for f in recording.findings)
    (root / "calibration.txt").write_text("30 30 15.5 11.5 0 0 0 0 0", encoding="utf-8")
    recording = open_recording(root)
    np.testing.assert_array_equal(recording.read_view(0).rgb, straight)
    assert not any("straight" in str(f) for f in recording.findings)


@pytest.mark.parametrize(
    ("name", "line", "sentence"),
    [
        ("rgb.txt", "1305031102.0", "rgb.txt, line 2: should be a time and a file"),
        ("rgb.txt", "today rgb/a.png", "rgb.txt, line 2: should be 1 finite number"),
        ("rgb.txt", "1305031102.0 ../../a.png", "outside its own folder"),
        ("groundtruth.txt", "1305031102.0 0 0 0 1", "line 2: should be 8 finite numbers"),
        ("groundtruth.txt", "1305031102.0 0 0 nan 0 0 0 1", "should be 8 finite numbers"),
    ],
)
def test_wrong_lines_get_a_sentence(tmp_path: Path, name: str, line: str, sentence: str) -> None:
    root = layouts.write_tum(tmp_path, ROOM)
    replace_line(root / name, 1, line)
    with pytest.raises(SceneError) as caught:
        open_recording(root)
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("depth.txt", None, "depth.txt: is missing"),
        ("groundtruth.txt", None, "groundtruth.txt: is missing"),
        ("rgb.txt", b"# nothing\n", "lists nothing"),
        ("groundtruth.txt", b"", "lists no poses"),
        ("depth.txt", b"\xff\xfe\x00", "cannot be read as text"),
        ("calibration.txt", b"1 2 3", "should hold fx fy cx cy"),
        ("calibration.txt", b"1 2 3 x", "should be 4 finite numbers"),
    ],
)
def test_wrong_files_get_a_sentence(
    tmp_path: Path, name: str, content: bytes | None, sentence: str
) -> None:
    root = layouts.write_tum(tmp_path, ROOM)
    (root / name).unlink() if content is None else (root / name).write_bytes(content)
    with pytest.raises(SceneError) as caught:
        open_recording(root)
    assert sentence in str(caught.value)
