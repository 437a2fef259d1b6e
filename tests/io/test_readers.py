"""What each reader reads, repairs aloud, and refuses with a sentence."""

from __future__ import annotations

import os
import pickle
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import lzfse
import numpy as np
import pytest
from PIL import Image

from lexel.errors import InputError, LabelError, SceneError
from lexel.geometry.cameras import back_project
from lexel.geometry.placement import share_in_box
from lexel.geometry.transforms import apply, split_similarity
from lexel.io import load_photo, load_scene, open_recording, save_view_folder
from lexel.io.names import one_line
from lexel.io.placing import valid_pixels, valid_points
from lexel.progress import Silent
from lexel.scene import Description, Scene, Severity
from tests.geometry.strategies import is_rigid
from tests.io import samples


class Heard(Silent):
    def __init__(self) -> None:
        self.messages: list[str] = []

    def say(self, message: str) -> None:
        self.messages.append(message)


def _repairs(scene: Scene) -> str:
    return "\n".join(str(f) for f in scene.findings if f.severity is Severity.REPAIRED)


# What is read


@pytest.mark.parametrize(
    "write",
    [samples.write_semabs, samples.write_record3d, samples.write_view_folder],
)
def test_the_same_room_from_every_z_known_file(
    tmp_path: Path, write: Callable[[Path], Path]
) -> None:
    scene = load_scene(write(tmp_path))
    points = valid_points(scene.view)
    # Record3D's depth is half as fine as its colour: nearest samples are half a pixel off.
    near = 0.08 if write is samples.write_record3d else 0.001
    on_floor, on_wall = np.abs(points[:, 2]) < near, np.abs(points[:, 0] - 0.9) < near
    assert (on_floor | on_wall).mean() > 0.99
    assert on_floor.any()
    assert on_wall.any()


def test_a_world_that_is_the_first_camera_is_turned_upright(tmp_path: Path) -> None:
    scene = load_scene(samples.write_seven_scenes(tmp_path))
    assert is_rigid(scene.world_from_source)
    heights = valid_points(scene.view)[:, 2]
    assert (np.abs(heights) < 0.03).mean() > 0.4  # the floor is at 0
    assert heights.min() > -0.05
    assert scene.view.world_from_camera[2, 3] == pytest.approx(1.2, abs=0.05)
    assert "which way is up" in _repairs(scene)


def test_pixel_centres_of_published_files_move_by_half(tmp_path: Path) -> None:
    for path in (samples.write_semabs(tmp_path), samples.write_seven_scenes(tmp_path)):
        k = load_scene(path).view.intrinsics
        np.testing.assert_allclose(k[:2, 2], samples.K[:2, 2] + 0.5)


def test_labels_and_descriptions(tmp_path: Path) -> None:
    path = samples.write_semabs(tmp_path)
    scene = load_scene(path)
    assert scene.labels == ("chair", "table")
    assert scene.descriptions == (Description("mug", "on", "table"),)
    scene = load_scene(path, labels=[" sofa "], descriptions=[("cup", "in", "sofa")])
    assert scene.labels == ("sofa",)
    assert str(scene.descriptions[0]) == "the cup in the sofa"


def test_record3d_keeps_colour_and_samples_depth(tmp_path: Path) -> None:
    view = load_scene(samples.write_record3d(tmp_path)).view
    assert view.rgb.shape[:2] == (2 * samples.HEIGHT, 2 * samples.WIDTH)
    np.testing.assert_array_equal(view.depth_m[::2, ::2], samples.depth_of_room())
    np.testing.assert_array_equal(view.depth_m[1::2, 1::2], samples.depth_of_room())


def test_record3d_drops_depth_of_no_confidence(tmp_path: Path) -> None:
    confidence = np.full(samples.WIDTH * samples.HEIGHT, 2, np.uint8)
    confidence[: samples.WIDTH] = 0
    members = {"rgbd/0.conf": lzfse.compress(confidence.tobytes())}
    depth = load_scene(samples.write_record3d(tmp_path, members)).view.depth_m
    assert (depth[:2] == 0).all()
    assert (depth[2:] > 0).all()


def test_record3d_intrinsics_per_frame(tmp_path: Path) -> None:
    coefficients = [[55.0, 56.0, 30.0, 22.0]]
    path = samples.write_record3d(tmp_path, perFrameIntrinsicCoeffs=coefficients)
    k = load_scene(path).view.intrinsics
    np.testing.assert_allclose(k, [[55, 0, 30.5], [0, 56, 22.5], [0, 0, 1]])


def test_a_view_folder_round_trips(tmp_path: Path) -> None:
    scene = load_scene(samples.write_semabs(tmp_path))
    again = load_scene(save_view_folder(scene, tmp_path / "saved"))
    for name in ("rgb", "depth_m", "intrinsics", "world_from_camera"):
        np.testing.assert_array_equal(getattr(scene.view, name), getattr(again.view, name))
    assert (again.labels, again.descriptions) == (scene.labels, scene.descriptions)
    assert again.name == scene.name


def test_saving_never_takes_other_files_away(tmp_path: Path) -> None:
    scene = load_scene(samples.write_semabs(tmp_path))
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "diary.txt").write_text("dear")
    with pytest.raises(SceneError, match=r"diary\.txt"):
        save_view_folder(scene, tmp_path / "mine")
    assert (tmp_path / "mine" / "diary.txt").exists()


def test_views_are_read_one_at_a_time(tmp_path: Path) -> None:
    scan = samples.write_seven_scenes(tmp_path, frames=3)
    (scan / "frame-000001.depth.png").write_bytes(b"broken")
    recording = open_recording(scan)
    assert recording.num_views == 3
    load_scene(scan, view=2)  # the broken one is passed over
    with pytest.raises(SceneError, match="frame-000001"):
        load_scene(scan, view=1)
    with pytest.raises(SceneError, match="views 0 to 2"):
        load_scene(scan, view=3)


# What is repaired, aloud


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"depth": np.where(np.eye(24, 32) > 0, np.nan, 2).astype("f4")}, "24 NaN values"),
        ({"depth": np.where(np.eye(24, 32) > 0, -1.0, 2)}, "24 negative values"),
        ({"depth": np.where(np.eye(24, 32) > 0, np.inf, 2)}, "24 infinite values"),
        ({"depth": np.full((24, 32), 2000, np.uint16)}, "taken for millimetres"),
        ({"cam_extr": samples.POSE + 1e-4 * np.eye(4, k=1)[[0, 1, 3, 3]]}, "made exact"),
        ({"ovssc_obj_classes": ["a", "b", "a"]}, "repeated labels were dropped: 'a'"),
        ({"rgb": samples.rgb_of_room() / 255.0}, "scaled to 0..255"),
    ],
)
def test_repairs_are_said_aloud(tmp_path: Path, changes: dict[str, Any], sentence: str) -> None:
    heard = Heard()
    scene = load_scene(samples.write_semabs(tmp_path, **changes), progress=heard)
    samples.check_contract(scene)
    assert sentence in _repairs(scene)
    assert any(sentence in message for message in heard.messages)


def test_a_swapped_principal_point_is_put_right(tmp_path: Path) -> None:
    k = samples.K.copy()
    k[:2, 2] = k[1::-1, 2]
    path = samples.write_semabs(tmp_path, cam_intr=k)
    assert "numbers swapped" in _repairs(load_scene(path))
    np.testing.assert_allclose(load_scene(path).view.intrinsics[:2, 2], (16, 12))
    reference = load_scene(path, compat="reference")
    np.testing.assert_allclose(reference.view.intrinsics[:2, 2], (12, 16))
    assert not reference.findings


def test_four_by_four_intrinsics(tmp_path: Path) -> None:
    k = np.eye(4)
    k[:3, :3] = samples.K
    scene = load_scene(samples.write_semabs(tmp_path, cam_intr=k))
    assert scene.view.intrinsics[0, 0] == samples.K[0, 0]


def test_img_shape_is_width_height_and_depth_is_never_blended(tmp_path: Path) -> None:
    depth = np.where(np.arange(32) < 16, 1.0, 2.0) * np.ones((24, 1))
    path = samples.write_semabs(tmp_path, depth=depth.astype("f4"), img_shape=(48, 36))
    view = load_scene(path).view
    assert view.depth_m.shape == (36, 48)
    assert set(np.unique(view.depth_m)) == {1.0, 2.0}
    # K fits the images of 32 x 24: half-pixel centres scale with the image.
    np.testing.assert_allclose(view.intrinsics[:2, 2], (24, 18))
    np.testing.assert_allclose(view.intrinsics[0, 0], 45)
    reference = load_scene(path, compat="reference").view
    assert len(np.unique(reference.depth_m)) > 2
    np.testing.assert_allclose(reference.intrinsics[:2, 2], samples.K[:2, 2] + 0.5)


def test_resizing_moves_no_point(tmp_path: Path) -> None:
    flat = np.full((24, 32), 2.0, np.float32)
    small = load_scene(samples.write_semabs(tmp_path, depth=flat)).view
    large = load_scene(samples.write_semabs(tmp_path, depth=flat, img_shape=(96, 72))).view
    before = back_project(small.depth_m, small.intrinsics)
    after = back_project(large.depth_m, large.intrinsics)[1::3, 1::3]
    np.testing.assert_allclose(after, before, atol=1e-5)


def test_img_shape_given_as_height_width_is_turned(tmp_path: Path) -> None:
    scene = load_scene(samples.write_semabs(tmp_path, img_shape=(36, 48)))
    assert scene.view.rgb.shape[:2] == (36, 48)
    assert "height, width" in _repairs(scene)


def test_a_scene_far_from_the_box_is_brought_in(tmp_path: Path) -> None:
    moved = samples.POSE.copy()
    moved[:3, 3] += (10, -4, 3)
    scene = load_scene(samples.write_semabs(tmp_path, cam_extr=moved))
    np.testing.assert_array_equal(scene.world_from_source, np.eye(4))
    placed = apply(scene.box_from_world, valid_points(scene.view))
    assert share_in_box(placed) >= 0.95
    assert apply(scene.box_from_world, np.array([10.0, -4, 3]))[2] == pytest.approx(0, abs=0.02)
    reference = load_scene(samples.write_semabs(tmp_path, cam_extr=moved), compat="reference")
    np.testing.assert_array_equal(reference.box_from_world, np.eye(4))
    np.testing.assert_array_equal(reference.view.world_from_camera, moved)


def test_a_scene_in_the_box_stays(tmp_path: Path) -> None:
    depth = samples.depth_of_room()
    path = samples.write_semabs(tmp_path, depth=np.where(depth < 2.2, depth, 0))
    scene = load_scene(path)
    assert share_in_box(valid_points(scene.view)) >= 0.95
    np.testing.assert_array_equal(scene.box_from_world, np.eye(4))


def test_reference_mode_leaves_out_what_is_not_finite(tmp_path: Path) -> None:
    depth = samples.depth_of_room()
    depth[0, :3] = np.inf, np.nan, -1
    scene = load_scene(samples.write_semabs(tmp_path, depth=depth), compat="reference")
    points, pixels = valid_points(scene.view), valid_pixels(scene.view)
    assert np.isfinite(points).all()
    assert len(points) == pixels.sum() == depth.size - 3
    assert not pixels[0, :3].any()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"rgb": samples.rgb_of_room()[..., 0]}, "a grey image"),
        ({"rgb": samples.rgb_of_room() / 255.0}, "scaled to 0..255"),
    ],
)
def test_reference_mode_converts_colours_aloud(
    tmp_path: Path, changes: dict[str, Any], sentence: str
) -> None:
    heard = Heard()
    path = samples.write_semabs(tmp_path, **changes)
    scene = load_scene(path, compat="reference", progress=heard)
    assert sentence in _repairs(scene)
    assert sentence in heard.messages[0]


def test_reference_mode_leaves_a_rotation_that_is_slightly_off(tmp_path: Path) -> None:
    pose = samples.POSE + 1e-4 * np.eye(4, k=1)[[0, 1, 3, 3]]
    scene = load_scene(samples.write_semabs(tmp_path, cam_extr=pose), compat="reference")
    np.testing.assert_array_equal(scene.view.world_from_camera, pose)
    assert not scene.findings


@pytest.mark.parametrize("name", [os.fsdecode(b"k\xfcche"), "a\tb\x07", "\u202e..."])
def test_a_scene_s_name_is_clean_whatever_its_file_is_called(tmp_path: Path, name: str) -> None:
    path = samples.write_semabs(tmp_path)
    try:
        path = path.rename(tmp_path / f"{name}.pkl")
    except (OSError, ValueError):
        pytest.skip("this file system has no such names")
    scene = load_scene(path)
    assert scene.name.encode("utf-8")
    assert scene.name == one_line(scene.name)
    save_view_folder(scene, tmp_path / "saved")


# What is refused, with a sentence


def _mirrored() -> np.ndarray:
    return np.asarray(samples.POSE @ np.diag([-1.0, 1, 1, 1]))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"rgb": ...}, "lacks rgb"),
        ({"rgb": [1]}, "rgb: should be a numpy array"),
        ({"rgb": np.zeros((24, 32, 3), np.int64)}, "should hold uint8"),
        ({"rgb": np.zeros((24, 32, 2), np.uint8)}, "should be H x W x 3"),
        ({"depth": np.full((24, 32), np.nan)}, "no depth at all"),
        ({"depth": np.zeros((24, 32))}, "no depth at all"),
        ({"depth": np.ones((32, 24))}, "turned on its side"),
        ({"depth": np.ones((24, 32), complex)}, "should hold float32 metres"),
        ({"cam_intr": np.eye(2)}, "should be 3 x 3 or 4 x 4"),
        ({"cam_intr": np.diag([-30.0, 30, 1])}, "not positive"),
        ({"cam_intr": samples.K / 32}, "intrinsics matrix"),
        ({"cam_intr": np.array([[30, 0, 90], [0, 30, 12], [0, 0, 1]])}, "outside the image"),
        ({"cam_intr": np.array([[0.9, 0, 0.5], [0, 0.9, 0.5], [0, 0, 1]])}, "does not fit"),
        ({"cam_extr": np.diag([2.0, 2, 2, 1])}, "no rotation"),
        ({"cam_extr": _mirrored()}, "mirrors the world"),
        ({"cam_extr": samples.POSE.T}, "row 0 0 0 1"),
        ({"cam_extr": np.full((4, 4), np.nan)}, "not finite"),
        ({"ovssc_obj_classes": [" "]}, "label 1: a label is empty"),
        ({"ovssc_obj_classes": ["a", "x" * 10_000]}, "label 2: a label has 10,000 characters"),
        ({"ovssc_obj_classes": [3]}, "must be text"),
        ({"ovssc_obj_classes": "chair"}, "not a list"),
        ({"descriptions": [["a", "under", "b"]]}, "in front of"),
        ({"descriptions": [["a", "on"]]}, "three texts"),
        ({"descriptions": [["a" * 400, "on", "b" * 400]]}, "characters"),
        ({"img_shape": (0, 5)}, "no size"),
        ({"img_shape": "big"}, "two whole numbers"),
    ],
)
def test_wrong_scenes_get_a_sentence(
    tmp_path: Path, changes: dict[str, Any], sentence: str
) -> None:
    path = samples.write_semabs(tmp_path, **changes)
    with pytest.raises(InputError) as caught:
        load_scene(path)
    assert sentence in str(caught.value)
    assert caught.value.exit_code == 2
    assert [p.name for p in tmp_path.iterdir()] == ["room.pkl"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"cam_extr": _mirrored()}, "mirrors the world"),
        ({"cam_extr": np.zeros((4, 4))}, "row 0 0 0 1"),
        ({"cam_extr": np.diag([0.0, 0, 0, 1])}, "no rotation"),
        ({"cam_extr": np.diag([2.0, 2, 2, 1])}, "no rotation"),
        ({"cam_intr": np.zeros((3, 3))}, "not positive"),
    ],
)
def test_reference_mode_refuses_what_no_camera_gives(
    tmp_path: Path, changes: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(SceneError, match=sentence):
        load_scene(samples.write_semabs(tmp_path, **changes), compat="reference")


def test_keys_too_large_to_write_out_get_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "odd.pkl"
    path.write_bytes(pickle.dumps({10**10_000: 1}))
    with pytest.raises(SceneError, match=r"lacks rgb.*bits"):
        load_scene(path)


def test_an_unknown_suffix_is_told_of_scenes_and_photos(tmp_path: Path) -> None:
    (tmp_path / "y.heic").write_bytes(b"ftypheic")
    with pytest.raises(SceneError, match=r"got \.heic.*\.pkl.*photo \(\.jpg"):
        load_scene(tmp_path / "y.heic")


def test_a_long_list_of_repeated_labels_is_read_quickly(tmp_path: Path) -> None:
    labels = [f"thing {i % 30_000}" for i in range(60_000)]
    start = time.perf_counter()
    assert (
        len(load_scene(samples.write_semabs(tmp_path, ovssc_obj_classes=labels)).labels) == 30_000
    )
    assert time.perf_counter() - start < 5


def test_an_empty_label_list(tmp_path: Path) -> None:
    with pytest.raises(LabelError, match="list is empty"):
        load_scene(samples.write_semabs(tmp_path), labels=[])
    scene = load_scene(samples.write_semabs(tmp_path, ovssc_obj_classes=[]))
    assert scene.labels == ()
    assert any(f.severity is Severity.WARNING for f in scene.findings)


@pytest.mark.parametrize(
    ("members", "metadata", "sentence"),
    [
        ({}, {"dw": 31}, "should unpack to 2,976 bytes (31 x 24 values of <f4) (got 3,072 bytes)"),
        ({}, {"dw": 10**9}, "whole number"),
        ({"rgbd/0.depth": lzfse.compress(b"\0" * 10**7)}, {}, "got 10,000,000 bytes"),
        ({"rgbd/0.depth": b"not lzfse at all"}, {}, "not LZFSE"),
        ({"rgbd/0.depth": ...}, {}, "no depth"),
        ({"rgbd/0.jpg": b"no picture"}, {}, "cannot be read as an image"),
        ({"metadata": b"{"}, {}, "not JSON"),
        ({"metadata": ...}, {}, "lacks metadata"),
        ({}, {"poses": ...}, "no poses"),
        ({}, {"K": [1, 2, 3]}, "should be 9 finite numbers"),
    ],
)
def test_wrong_recordings_get_a_sentence(
    tmp_path: Path, members: dict[str, Any], metadata: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(SceneError) as caught:
        load_scene(samples.write_record3d(tmp_path, members, **metadata))
    assert sentence in str(caught.value)


def test_a_depth_stream_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    stream = bytearray(lzfse.compress(b"ab" * 500_000))
    stream[4:8] = (samples.WIDTH * samples.HEIGHT * 4).to_bytes(4, "little")
    with pytest.raises(SceneError, match="should unpack to"):
        load_scene(samples.write_record3d(tmp_path, {"rgbd/0.depth": bytes(stream)}))


@pytest.mark.parametrize("name", ["x.pkl", "x.r3d", "x.npz", "x.stl", "x.jpg", "x"])
def test_empty_files_of_any_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    with pytest.raises(SceneError):
        load_scene(tmp_path / name)


def test_no_file_and_no_known_folder(tmp_path: Path) -> None:
    with pytest.raises(SceneError, match="does not exist"):
        load_scene(tmp_path / "none.pkl")
    with pytest.raises(SceneError, match="no known kind"):
        load_scene(tmp_path)


def test_a_hostile_scene_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "hostile.pkl"
    path.write_bytes(pickle.dumps({"rgb": print}))
    with pytest.raises(SceneError, match="print"):
        load_scene(path)


# Photos


def test_photos_are_turned_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned a quarter clockwise
    picture = np.zeros((8, 16, 3), np.uint8)
    picture[:, :8, 0] = 255
    Image.fromarray(picture).save(tmp_path / "a.jpg", exif=exif, quality=100)
    photo = load_photo(tmp_path / "a.jpg")
    assert photo.shape == (16, 8, 3)
    assert photo[1, 1, 0] > 200 > 50 > photo[14, 1, 0]


@pytest.mark.parametrize("mode", ["L", "RGBA", "P", "I;16", "1"])
def test_photos_of_any_mode(tmp_path: Path, mode: str) -> None:
    Image.new(mode, (16, 8)).save(tmp_path / "a.png")
    photo = load_photo(tmp_path / "a.png")
    assert photo.shape == (8, 16, 3)
    assert photo.dtype == np.uint8


def test_photos_that_are_none(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"no picture")
    for path in (tmp_path / "a.jpg", tmp_path / "b.jpg", tmp_path):
        with pytest.raises(SceneError):
            load_photo(path)


@pytest.mark.parametrize(
    ("size", "sentence"),
    [
        ((1, 1), "at least 8 pixels"),
        ((64, 7), "at least 8 pixels"),
        ((97, 8), "is a strip.*97 x 8"),
        ((8, 97), "is a strip"),
    ],
)
def test_photos_of_unusable_shape(tmp_path: Path, size: tuple[int, int], sentence: str) -> None:
    Image.new("RGB", size).save(tmp_path / "a.png")
    with pytest.raises(SceneError, match=sentence):
        load_photo(tmp_path / "a.png")


def test_a_panorama_is_a_photo(tmp_path: Path) -> None:
    Image.new("RGB", (96, 8)).save(tmp_path / "a.png")
    assert load_photo(tmp_path / "a.png").shape == (8, 96, 3)


# Real data


def test_the_real_scene(shared_data: Path) -> None:
    heard = Heard()
    scene = load_scene(shared_data / "semabs" / "arkit_vn_poster.pkl", progress=heard)
    samples.check_contract(scene)
    assert (len(scene.labels), len(scene.descriptions)) == (14, 3)
    assert any("principal point" in message for message in heard.messages)
    np.testing.assert_allclose(scene.view.intrinsics[:2, 2], (96.5, 128.5))
    placed = apply(scene.box_from_world, valid_points(scene.view))
    assert share_in_box(placed) >= 0.95
    assert split_similarity(scene.box_from_world)[1] == pytest.approx(1.0)


@pytest.mark.parametrize("view", [0, 17, 30, 49])
def test_redkitchen_comes_out_upright(shared_data: Path, view: int) -> None:
    scene = load_scene(shared_data / "redkitchen", view=view)
    samples.check_contract(scene)
    points = valid_points(scene.view)
    camera_height = scene.view.world_from_camera[2, 3]
    assert 1.0 < camera_height < 1.9  # held in the hands of a person standing
    assert np.percentile(points[:, 2], 0.5) > -0.15  # nothing much below the floor
    assert np.percentile(points[:, 2], 99.5) < 2.8
    # Counters stand 0.6 to 1 m high: the fullest level there is.
    counts, edges = np.histogram(points[:, 2], np.arange(0.2, 2.0, 0.1))
    assert 0.5 < edges[np.argmax(counts)] < 1.0
    placed = apply(scene.box_from_world, points)
    assert share_in_box(placed) >= 0.95
    forward = (scene.box_from_world @ scene.view.world_from_camera)[:3, 2]
    assert abs(forward[1]) < 1e-6 < forward[0]
