"""What all recordings of image files share: lenses, depth of its own camera, what is missing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from lexel.errors import SceneError
from lexel.geometry.cameras import back_project
from lexel.geometry.lenses import Lens
from lexel.geometry.transforms import apply
from lexel.io.depth_files import DepthFile, read_depth
from lexel.io.notes import Notes
from lexel.io.posed_frames import LOST, Camera, Frame, frames_recording
from lexel.io.recording import RawView, Recording, Up
from lexel.io.resampling import straighten_rgb
from tests.io import samples

POSE = samples.POSE
K = np.array([[100.0, 0, 64], [0, 100, 48], [0, 0, 1]])
SIZE = (128, 96)
LENS = Lens(radial=(-0.3, 0.1), tangential=(0.002, -0.001))
FISHEYE = Lens(radial=(0.05, -0.01), fisheye=True)


def room_depth(directions: np.ndarray) -> np.ndarray:
    """(...) z-depth of the room of `samples` along camera directions (..., 2)."""
    rays = np.concatenate([directions, np.ones_like(directions[..., :1])], -1) @ POSE[:3, :3].T
    with np.errstate(divide="ignore"):
        floor = np.where(rays[..., 2] < 0, -POSE[2, 3] / rays[..., 2], np.inf)
        wall = np.where(rays[..., 0] > 0, 2.4 / rays[..., 0], np.inf)
    return np.minimum(floor, wall).astype(np.float32)


def directions_seen(lens: Lens, k: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """(H, W, 2) where each pixel of the bent image looks, by fixed-point iteration."""
    u, v = np.meshgrid(np.arange(size[0]) + 0.5, np.arange(size[1]) + 0.5)
    shown = np.stack([(u - k[0, 2]) / k[0, 0], (v - k[1, 2]) / k[1, 1]], -1)
    straight = shown.copy()
    for _ in range(200):
        straight += 0.7 * (shown - lens.bend(straight))
    assert np.abs(lens.bend(straight) - shown).max() < 1e-9
    return straight


def record(folder: Path, camera: Camera, /, **changes: Any) -> Recording:
    """One frame of the room as the camera's lens shows it, colours growing with direction."""
    seen = directions_seen(camera.lens, K, SIZE)
    colour, depth = folder / "c.png", folder / "d.npy"
    rgb = np.zeros((*seen.shape[:2], 3), np.uint8)
    rgb[..., :2] = np.rint(128 + 100 * seen)
    Image.fromarray(rgb).save(colour)
    np.save(depth, room_depth(seen))
    frame = Frame("frame 0", colour, DepthFile(depth, 1.0), camera, POSE)
    frames = [replace(frame, **changes)]
    return frames_recording(folder, "test", frames, Up.Z, Notes(), "Add depth.")


def off_room(view: RawView) -> np.ndarray:
    """(N,) how far the points under pixels with depth lie from floor or wall, metres."""
    points = apply(view.world_from_camera, back_project(view.depth_m, view.intrinsics))
    points = points[view.depth_m > 0]
    return np.minimum(np.abs(points[:, 2]), np.abs(points[:, 0] - 0.9))


@pytest.mark.parametrize("lens", [LENS, FISHEYE], ids=["radial", "fisheye"])
def test_images_are_made_straight(tmp_path: Path, lens: Lens) -> None:
    recording = record(tmp_path, Camera(K, SIZE, lens))
    view = recording.read_view(0)
    # By nearest sample: within half a pixel's slant, which the bent image misses by far.
    assert np.percentile(off_room(view), 95) < 0.03
    bent = replace(view, depth_m=np.load(tmp_path / "d.npy"))
    assert np.percentile(off_room(bent), 95) > 0.05
    assert "images are made straight" in str(recording.findings[0])
    u = (np.arange(SIZE[0]) + 0.5 - K[0, 2]) / K[0, 0]
    shown = view.rgb[..., 0] > 0  # the lens may show nothing at the edges
    error = np.abs(view.rgb[..., 0] - (128 + 100 * u))[shown]
    assert error.max() < 1.5
    assert shown.mean() > 0.8


def test_straightening_is_the_same_in_blocks_of_rows() -> None:
    rng = np.random.default_rng(0)
    tall = rng.integers(0, 255, (300, 20, 3), np.uint8)
    k = np.array([[300.0, 0, 10], [0, 300, 150], [0, 0, 1]])
    nothing = straighten_rgb(tall, k, Lens(radial=(1e-12,)))
    np.testing.assert_array_equal(nothing, tall)


def test_depth_of_a_camera_of_its_own(tmp_path: Path) -> None:
    """Smaller, of another shape, with another middle and another lens."""
    own = np.array([[45.0, 0, 33], [0, 47, 20], [0, 0, 1]])
    size = (60, 44)
    seen = directions_seen(LENS, own, size)
    np.save(tmp_path / "own.npy", room_depth(seen))
    recording = record(
        tmp_path,
        Camera(K, SIZE),
        depth=DepthFile(tmp_path / "own.npy", 1.0),
        depth_camera=Camera(own, size, LENS),
    )
    view = recording.read_view(0)
    assert view.depth_m.shape == (SIZE[1], SIZE[0])
    assert np.percentile(off_room(view), 95) < 0.05
    assert (view.depth_m > 0).mean() > 0.7


def test_intrinsics_follow_a_resized_image(tmp_path: Path) -> None:
    twice = np.diag([2.0, 2.0, 1.0]) @ K
    view = record(tmp_path, Camera(twice, (256, 192))).read_view(0)
    np.testing.assert_allclose(view.intrinsics, K)
    assert np.percentile(off_room(view), 95) < 1e-4


@pytest.mark.parametrize(
    ("camera", "sentence"),
    [
        (Camera(K, (96, 128)), "belong to images of 96 x 128"),
        (Camera(K, SIZE, Lens(radial=(-9.0,))), "folds the image"),
        (Camera(-K, SIZE), "not positive"),
    ],
)
def test_cameras_that_cannot_be(tmp_path: Path, camera: Camera, sentence: str) -> None:
    recording = record(tmp_path, Camera(K, SIZE), camera=camera)
    with pytest.raises(SceneError, match=sentence):
        recording.read_view(0)


def test_pixels_stay_where_they_were_calibrated(tmp_path: Path) -> None:
    """An EXIF tag does not turn what a camera beside it was computed for."""
    record(tmp_path, Camera(K, SIZE))
    exif = Image.Exif()
    exif[0x0112] = 6
    with Image.open(tmp_path / "c.png") as image:
        image.save(tmp_path / "turned.png", exif=exif)
    view = record(tmp_path, Camera(K, SIZE), colour=tmp_path / "turned.png").read_view(0)
    assert view.rgb.shape[:2] == (SIZE[1], SIZE[0])


def test_frames_without_pose_colour_or_depth(tmp_path: Path) -> None:
    record(tmp_path, Camera(K, SIZE))
    good = Frame("good", tmp_path / "c.png", DepthFile(tmp_path / "d.npy", 1), Camera(K), POSE)
    frames = [
        replace(good, where="lost", world_from_camera=LOST),
        good,
        replace(good, where="dark", colour=tmp_path / "none.png"),
        replace(good, where="flat", depth=None),
    ]
    recording = frames_recording(tmp_path, "test", frames, Up.Z, Notes(), "Add depth.")
    assert recording.num_views == 1
    said = [str(finding) for finding in recording.findings]
    assert len(said) == 3
    for sentence, name in (("a pose", "lost"), ("a colour image", "dark"), ("a depth", "flat")):
        assert any(sentence in line and f"the first: {name}" in line for line in said)


def test_no_depth_at_all_is_told_with_what_to_do(tmp_path: Path) -> None:
    recording = record(tmp_path, Camera(K, SIZE), depth=None)
    assert recording.num_views == 1
    with pytest.raises(SceneError, match=r"no depth\. Add depth\."):
        recording.read_view(0)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [({"world_from_camera": LOST}, "a pose"), ({"colour": Path("none")}, "a colour image")],
)
def test_nothing_to_read_is_an_error(
    tmp_path: Path, changes: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(SceneError, match=f"no frame with {sentence}"):
        record(tmp_path, Camera(K, SIZE), **changes)


# Depth files


def test_the_largest_value_of_a_picture_is_no_depth(tmp_path: Path) -> None:
    Image.fromarray(np.array([[0, 500, 65535]], np.uint16)).save(tmp_path / "d.png")
    depth = read_depth(DepthFile(tmp_path / "d.png", 0.001))
    np.testing.assert_allclose(depth, [[0, 0.5, 0]])


def test_depth_that_is_not_believed(tmp_path: Path) -> None:
    Image.fromarray(np.array([[500, 500, 500]], np.uint16)).save(tmp_path / "d.png")
    Image.fromarray(np.array([[0, 127, 255]], np.uint8)).save(tmp_path / "c.png")
    depth = read_depth(DepthFile(tmp_path / "d.png", 0.001, tmp_path / "c.png"))
    np.testing.assert_allclose(depth, [[0, 0.5, 0.5]])


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("d.bin", b"2&1&1&" + bytes(7), "should hold 2 x 1 x 1 float32"),
        ("d.bin", b"2&1&3&" + bytes(24), "of one channel"),
        ("d.bin", b"999999999&999999999&1&" + bytes(8), "should hold"),
        ("d.bin", b"-1&1&1&", "no depth map of COLMAP"),
        ("d.bin", b"", "no depth map of COLMAP"),
        ("d.npy", b"\x93NUMPY", "no readable header"),
        ("d.exr", b"v/1\x01", "a format Lexel does not read"),
        ("d.png", b"\x89PNG", "cannot be read as an image"),
    ],
)
def test_damaged_depth(tmp_path: Path, name: str, content: bytes, sentence: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SceneError, match=sentence):
        read_depth(DepthFile(tmp_path / name, 1.0))
