"""COLMAP: camera models, where things lie, its scale, and each kind of damage with its sentence."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

from lexel.errors import SceneError
from lexel.geometry.lenses import Lens
from lexel.io import open_recording
from lexel.io.colmap_cameras import camera_of, model_named, num_parameters
from lexel.scene import Severity
from tests.io import layouts

ROOM = layouts.room(2)
F, CX, CY = 30.0, 16.0, 12.0


@pytest.mark.parametrize(
    ("name", "parameters", "lens"),
    [
        ("SIMPLE_PINHOLE", [F, CX, CY], Lens()),
        ("PINHOLE", [F, F, CX, CY], Lens()),
        ("SIMPLE_RADIAL", [F, CX, CY, 0.1], Lens((0.1,))),
        ("SIMPLE_RADIAL", [F, CX, CY, 0.0], Lens()),
        ("RADIAL", [F, CX, CY, 0.1, 0.2], Lens((0.1, 0.2))),
        ("OPENCV", [F, F, CX, CY, 0.1, 0.2, 0.3, 0.4], Lens((0.1, 0.2), (0.3, 0.4))),
        (
            "FULL_OPENCV",
            [F, F, CX, CY, 1, 2, 3, 4, 5, 6, 7, 8],
            Lens((1, 2, 5), (3, 4), (6, 7, 8)),
        ),
        ("OPENCV_FISHEYE", [F, F, CX, CY, 1, 2, 3, 4], Lens((1, 2, 3, 4), fisheye=True)),
        ("RADIAL_FISHEYE", [F, CX, CY, 1, 2], Lens((1, 2), fisheye=True)),
        ("FISHEYE", [F, F, CX, CY], Lens(fisheye=True)),
    ],
)
def test_camera_models(name: str, parameters: list[float], lens: Lens) -> None:
    model = model_named(name, "here")
    assert num_parameters(model, "here") == len(parameters)
    camera = camera_of(model, (32, 24), parameters)
    np.testing.assert_array_equal(camera.intrinsics, [[F, 0, CX], [0, F, CY], [0, 0, 1]])
    assert camera.lens == lens


@pytest.mark.parametrize("binary", [True, False])
def test_a_lens_is_taken_out_aloud(tmp_path: Path, binary: bool) -> None:
    model = ("SIMPLE_RADIAL", [F, CX, CY, -0.2])
    recording = open_recording(layouts.write_colmap(tmp_path, ROOM, binary=binary, model=model))
    assert any("made straight" in str(f) for f in recording.findings)


def test_an_unknown_model_names_the_way_out(tmp_path: Path) -> None:
    model = ("FOV", [F, F, CX, CY, 0.9])
    with pytest.raises(SceneError, match="image_undistorter"):
        open_recording(layouts.write_colmap(tmp_path, ROOM, model=model))


@pytest.mark.parametrize("place", ["sparse/0", "."])
def test_where_a_model_may_lie(tmp_path: Path, place: str) -> None:
    root = layouts.write_colmap(tmp_path, ROOM)
    files = list((root / "sparse").iterdir())
    (root / place).mkdir(exist_ok=True)
    for file in files:
        file.rename(root / place / file.name)
    assert open_recording(root).num_views == 2


@pytest.mark.parametrize("place", ["dense", "dense/0"])
def test_a_dense_workspace_goes_before_the_sparse_model(tmp_path: Path, place: str) -> None:
    project = layouts.write_colmap(tmp_path, ROOM, depth="none")
    dense = layouts.write_colmap(tmp_path / "other", ROOM)
    (project / place).parent.mkdir(exist_ok=True)
    dense.rename(project / place)
    recording = open_recording(project)
    assert recording.read_view(0).depth_m.shape == (24, 32)
    assert recording.name == "colmap"


def test_depth_of_a_sensor_tells_the_scale(tmp_path: Path) -> None:
    root = layouts.write_colmap(tmp_path, layouts.room(2), unit_m=0.25, depth="sensor")
    recording = open_recording(root)
    assert "unit of length is 0.25" in str(recording.findings[0])
    assert recording.findings[0].severity is Severity.REPAIRED
    np.testing.assert_allclose(recording.read_pose(1), ROOM.shots[1].pose, atol=2e-3)


def mixed(folder: Path) -> Path:
    """Six images of a unit of 0.25 m: the first has COLMAP's own depth, the others a sensor's."""
    scan = layouts.room(6)
    root = layouts.write_colmap(folder, scan, unit_m=0.25, depth="sensor")
    own = layouts.write_colmap(folder / "other", scan, unit_m=0.25)
    name = "stereo/depth_maps/shot000.png.geometric.bin"
    (root / name).parent.mkdir(parents=True)
    (own / name).rename(root / name)
    (root / "depth/shot000.png").unlink()
    return root


def test_one_scale_holds_for_every_kind_of_depth(tmp_path: Path) -> None:
    recording = open_recording(mixed(tmp_path))
    assert recording.num_views == 6
    for i in range(2):
        expected = ROOM.shots[i].depth_mm / 1000
        np.testing.assert_allclose(recording.read_view(i).depth_m, expected, rtol=2e-3)


def test_without_a_scale_metres_are_not_mixed_with_the_model_s_unit(tmp_path: Path) -> None:
    root = mixed(tmp_path)
    (root / "sparse/points3D.bin").unlink()
    recording = open_recording(root)
    assert any("5 depth images are a sensor's" in str(f) for f in recording.findings)
    assert recording.num_views == 1
    expected = ROOM.shots[0].depth_mm / 1000 / 0.25
    np.testing.assert_allclose(recording.read_view(0).depth_m, expected, rtol=1e-6)


@pytest.mark.parametrize("depth", ["own", "sensor"])
def test_a_scale_nobody_knows_is_said(tmp_path: Path, depth: str) -> None:
    root = layouts.write_colmap(tmp_path, ROOM, unit_m=0.25, depth=depth)
    (root / "sparse/points3D.bin").unlink()
    recording = open_recording(root)
    assert recording.findings[0].severity is Severity.WARNING
    assert "arbitrary" in recording.findings[0].what
    assert "model_aligner" in recording.findings[0].do
    pose = ROOM.shots[0].pose
    np.testing.assert_allclose(recording.read_pose(0)[:3, 3], pose[:3, 3] / 0.25, atol=1e-9)


def test_no_depth_says_how_to_get_it(tmp_path: Path) -> None:
    recording = open_recording(layouts.write_colmap(tmp_path, ROOM, depth="none"))
    assert recording.num_views == 2
    with pytest.raises(SceneError, match="patch_match_stereo"):
        recording.read_view(0)


def test_names_with_blanks_and_folders(tmp_path: Path) -> None:
    root = layouts.write_colmap(tmp_path, ROOM, binary=False)
    file = root / "sparse/images.txt"
    file.write_text(file.read_text("utf-8").replace("shot000.png", "a b/c d.png"), "utf-8")
    (root / "images/a b").mkdir()
    (root / "images/shot000.png").rename(root / "images/a b/c d.png")
    (root / "stereo/depth_maps/a b").mkdir()
    maps = root / "stereo/depth_maps"
    (maps / "shot000.png.geometric.bin").rename(maps / "a b/c d.png.geometric.bin")
    recording = open_recording(root)
    assert recording.num_views == 2
    assert recording.read_view(0).where.endswith("a b/c d.png")


def _binary(root: Path, name: str) -> tuple[Path, bytes]:
    file = root / f"sparse/{name}.bin"
    return file, file.read_bytes()


@pytest.mark.parametrize("name", ["cameras", "images", "points3D"])
def test_counts_that_lie_are_refused_before_anything_is_made(tmp_path: Path, name: str) -> None:
    root = layouts.write_colmap(tmp_path, ROOM, depth="sensor")
    file, content = _binary(root, name)
    file.write_bytes(struct.pack("<Q", 10**12) + content[8:])
    with pytest.raises(SceneError, match=rf"{name}\.bin.*1,000,000,000,000 entries cannot"):
        open_recording(root)


@pytest.mark.parametrize("name", ["cameras", "images", "points3D"])
def test_cut_files_are_refused(tmp_path: Path, name: str) -> None:
    root = layouts.write_colmap(tmp_path, ROOM, depth="sensor")
    file, content = _binary(root, name)
    file.write_bytes(content[:-3])
    with pytest.raises(SceneError, match="damaged or cut short"):
        open_recording(root)


@pytest.mark.parametrize(
    ("name", "old", "new", "sentence"),
    [
        ("cameras", "PINHOLE", "PINHOLES", "camera model Lexel does not read"),
        ("cameras", " 32 24 ", " 0 24 ", "no size of an image"),
        ("cameras", " 32 24 ", " 32 24 9 ", "should be 4 finite numbers"),
        ("cameras", "7 PINHOLE", "PINHOLE", "cameras.txt, line 2"),
        ("images", " 7 shot", " 8 shot", "camera that is not listed"),
        ("images", "shot000", "../shot000", "outside its own folder"),
        ("images", " shot000.png", "", "should be: id qw"),
    ],
)
def test_wrong_lines_get_a_sentence(
    tmp_path: Path, name: str, old: str, new: str, sentence: str
) -> None:
    root = layouts.write_colmap(tmp_path, ROOM, binary=False)
    file = root / f"sparse/{name}.txt"
    file.write_text(file.read_text("utf-8").replace(old, new, 1), "utf-8")
    with pytest.raises(SceneError) as caught:
        open_recording(root)
    assert sentence in str(caught.value)


def test_cameras_alone_are_no_model(tmp_path: Path) -> None:
    root = layouts.write_colmap(tmp_path, ROOM)
    (root / "sparse/images.bin").unlink()
    with pytest.raises(SceneError, match=r"no images\.bin or images\.txt"):
        open_recording(root)
