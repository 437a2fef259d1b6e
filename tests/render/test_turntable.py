"""Turntables: the right number of frames, all different, drawn where things are."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lexel.errors import CancelledError
from lexel.progress import Silent
from lexel.render.turntable import render_still, write_still, write_turntable
from lexel.scene import AnswerKind, Found

SIZE = (240, 180)


def frames_of(path: Path) -> list[np.ndarray]:
    """Every frame of a video, decoded by the ffmpeg that imageio_ffmpeg ships."""
    import imageio_ffmpeg

    # Its own `read_frames` leaves pipes open, which is an error here.
    decode = ["-loglevel", "error", "-i", str(path), "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    run = subprocess.run(
        [imageio_ffmpeg.get_ffmpeg_exe(), *decode], capture_output=True, check=True
    )
    return list(np.frombuffer(run.stdout, np.uint8).reshape(-1, 180, 240, 3))


def coloured(picture: np.ndarray, channel: int) -> np.ndarray:
    """Where one channel stands out."""
    others = np.delete(picture, channel, axis=2).max(axis=2).astype(int)
    return picture[..., channel] > others + 60


def test_the_video_has_its_frames_and_moves(make_answer, tmp_path: Path) -> None:
    path = write_turntable(make_answer(), tmp_path / "a.mp4", num_frames=9, size_px=SIZE)
    frames = frames_of(path)
    assert len(frames) == 9
    assert frames[0].shape == (180, 240, 3)
    assert np.abs(frames[0].astype(int) - frames[2]).mean() > 1
    assert list(tmp_path.iterdir()) == [path]


def test_labels_stand_left_and_right_as_the_camera_saw_them(make_answer) -> None:
    picture = render_still(make_answer(), size_px=SIZE)[:, :170]
    red, blue = coloured(picture, 0), coloured(picture, 2)
    assert red.sum() > 200 and blue.sum() > 200
    # Looking along +x, y = +0.5 (blue) is on the left.
    assert np.nonzero(blue)[1].mean() < np.nonzero(red)[1].mean()


def test_orientation_of_faces_does_not_matter(make_answer) -> None:
    answer = make_answer()
    turned = tuple(
        replace(found, mesh=found.mesh and replace(found.mesh, faces=found.mesh.faces[:, ::-1]))
        for found in answer.found
    )
    one = render_still(answer, size_px=SIZE).astype(int)
    other = render_still(replace(answer, found=turned), size_px=SIZE)
    assert np.abs(one - other).mean() < 1


def test_descriptions_are_clouds_shaded_by_score(make_answer) -> None:
    picture = render_still(make_answer("localisation"), size_px=SIZE)[:, :170]
    red = picture[coloured(picture, 0)]
    assert len(red) > 100
    assert red[:, 1].astype(int).std() > 10


def test_nothing_found_still_makes_a_picture(make_answer) -> None:
    picture = render_still(make_answer(texts=(), empty=("a", "b")), size_px=SIZE)
    assert picture.std() > 5


def test_many_and_long_labels_fit(make_answer) -> None:
    texts = tuple(f"a rather long label that goes on and on {number}" for number in range(40))
    picture = render_still(make_answer(texts=texts, empty=("x" * 400,)), size_px=SIZE)
    assert picture.shape == (180, 240, 3)


def test_untrained_weights_are_stamped(make_answer, tmp_path: Path) -> None:
    path = write_turntable(
        make_answer(meaningless=True), tmp_path / "a.mp4", num_frames=2, size_px=SIZE
    )
    for frame in frames_of(path):
        assert np.allclose(frame[4, 4], (178, 24, 43), atol=25)
    still = write_still(make_answer(meaningless=True), tmp_path / "a.png", size_px=SIZE)
    assert still.stat().st_size > 1000
    assert b"MEANINGLESS" in path.read_bytes()


def test_cancelling_leaves_nothing(make_answer, tmp_path: Path) -> None:
    class Stop(Silent):
        def advance(self, steps: int = 1) -> None:
            raise CancelledError

    with pytest.raises(CancelledError):
        write_turntable(make_answer(), tmp_path / "a.mp4", size_px=SIZE, progress=Stop())
    assert not list(tmp_path.iterdir())


def test_odd_sizes_are_made_even(make_answer, tmp_path: Path) -> None:
    path = write_turntable(make_answer(), tmp_path / "a.mp4", num_frames=1, size_px=(241, 181))
    assert frames_of(path)[0].shape == (180, 240, 3)


def test_a_hidden_place_shines_through_what_hides_it(make_answer) -> None:
    """Two voxels, a metre behind a wall of observed points, still catch the eye."""
    wall = np.stack(np.meshgrid([1.0], np.linspace(-1, 1, 160), np.linspace(0, 2, 160)), -1)
    found = Found(
        "the mug behind the wall",
        (0, 0, 255),
        np.array([[2.0, 0.0, 1.0], [2.0, 0.01, 1.0]], np.float32),
        np.array([1.0, 1.0], np.float32),
    )
    answer = replace(
        make_answer(),
        kind=AnswerKind.LOCALISATION,
        found=(found,),
        scene_points_m=wall.reshape(-1, 3).astype(np.float32),
        scene_rgb=np.full((wall.size // 3, 3), 200, np.uint8),
    )
    picture = render_still(answer, size_px=SIZE)[:, :170]
    assert coloured(picture, 2).sum() > 10
