"""`.ply` of other programs: columns, lists and colours of every kind, and damage."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexel.errors import SceneError
from lexel.io import load_geometry
from lexel.io.notes import Notes
from lexel.io.ply_geometry import read_ply_geometry
from lexel.io.raw_geometry import fan_corners
from tests.io import solids

XYZ = "element vertex 4\nproperty double x\nproperty double y\nproperty double z"
POINTS = np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0.0]])


def write(folder: Path, content: bytes) -> Path:
    (folder / "a.ply").write_bytes(content)
    return folder / "a.ply"


@given(st.lists(st.integers(0, 7), max_size=12))
def test_polygons_become_fans(counts: list[int]) -> None:
    corners = fan_corners(np.array(counts, np.int64))
    expected = []
    start = 0
    for count in counts:
        expected += [[start, start + i, start + i + 1] for i in range(1, count - 1)]
        start += count
    np.testing.assert_array_equal(corners, np.array(expected).reshape(-1, 3))


@pytest.mark.parametrize("order", ["binary_little_endian", "binary_big_endian", "ascii"])
def test_polygons_of_different_lengths(tmp_path: Path, order: str) -> None:
    header = f"{XYZ}\nelement face 3\nproperty list uchar uint vertex_index\nproperty uchar flags"
    faces = [[0, 1, 2, 3], [0, 1, 2], [0, 1]]
    if order == "ascii":
        rows = [" ".join(map(str, p)) for p in POINTS]
        rows += [" ".join(map(str, (len(f), *f, 9))) for f in faces]
        body = "\n".join(rows).encode()
    else:
        end = ">" if "big" in order else "<"
        body = POINTS.astype(f"{end}f8").tobytes()
        body += b"".join(struct.pack(f"{end}B{len(f)}IB", len(f), *f, 9) for f in faces)
    mesh = load_geometry(write(tmp_path, solids.ply(header, body, order)))
    np.testing.assert_array_equal(mesh.faces, [[0, 1, 2], [0, 2, 3], [0, 1, 2]])
    np.testing.assert_allclose(mesh.points_m, POINTS)


@pytest.mark.parametrize(
    ("kind", "dtype", "values"),
    [
        ("uchar", "u1", [255, 128, 0]),
        ("float", "<f4", [1.0, 0.502, 0.0]),
        ("ushort", "<u2", [65535, 32896, 0]),
        ("ushort", "<u2", [255, 128, 0]),
        ("int", "<i4", [255, 128, 0]),
    ],
)
def test_colours_of_any_type(tmp_path: Path, kind: str, dtype: str, values: list[float]) -> None:
    header = "element vertex 1\n" + "\n".join(f"property float {a}" for a in "xyz")
    header += "".join(f"\nproperty {kind} {c}" for c in ("red", "green", "blue"))
    body = np.zeros(3, "<f4").tobytes() + np.array(values, dtype).tobytes()
    cloud = load_geometry(write(tmp_path, solids.ply(header, body)))
    np.testing.assert_array_equal(cloud.rgb, [[255, 128, 0]])


def test_colours_of_faces(tmp_path: Path) -> None:
    header = f"{XYZ}\nelement face 2\nproperty list uchar int vertex_indices"
    header += "".join(f"\nproperty uchar {c}" for c in ("red", "green", "blue"))
    body = POINTS.astype("<f8").tobytes()
    body += struct.pack("<B3i3B", 3, 0, 1, 2, *solids.RED)
    body += struct.pack("<B3i3B", 3, 0, 2, 3, *solids.BLUE)
    mesh = load_geometry(write(tmp_path, solids.ply(header, body)))
    rgb = mesh.rgb_at(np.array([0, 1]), np.full((2, 3), 1 / 3))
    np.testing.assert_array_equal(rgb, [solids.RED, solids.BLUE])


def test_a_texture_on_faces(tmp_path: Path) -> None:
    """MeshLab's way: v runs upwards there, so (0, 1) is the picture's first pixel."""
    path = solids.write_textured_ply(tmp_path, "a b.png")
    (tmp_path / "paper.png").rename(tmp_path / "a b.png")
    mesh = load_geometry(path)
    expected = [solids.BLUE, solids.WHITE, solids.GREEN, solids.RED]
    np.testing.assert_array_equal(mesh.rgb, expected)
    rgb = mesh.rgb_at(np.array([1]), np.array([[0.1, 0.1, 0.8]]))
    np.testing.assert_array_equal(rgb, [solids.RED])
    (tmp_path / "a b.png").unlink()
    grey = load_geometry(path)
    assert "a texture does not exist" in " ".join(str(f) for f in grey.findings)


@pytest.mark.parametrize("name", ["../paper.png", "/home/me/paper.png", "C:\\me\\paper.png"])
def test_a_texture_of_another_machine_is_found_beside_the_mesh(tmp_path: Path, name: str) -> None:
    mesh = load_geometry(solids.write_textured_ply(tmp_path, name))
    np.testing.assert_array_equal(mesh.rgb, [solids.BLUE, solids.WHITE, solids.GREEN, solids.RED])


@pytest.mark.parametrize("name", ["..", "/", "C:", "a\0b"])
def test_a_texture_that_is_nowhere_is_left_out_aloud(tmp_path: Path, name: str) -> None:
    mesh = load_geometry(solids.write_textured_ply(tmp_path, name))
    assert mesh.texture is None
    assert len(mesh.faces) == 2
    assert "it is left out" in " ".join(str(f) for f in mesh.findings)


def test_windows_line_ends_and_other_elements(tmp_path: Path) -> None:
    text = solids.room_ply("ascii").decode()
    text = text.replace("element vertex 7", "element camera 1\nproperty float f\nelement vertex 7")
    text = text.replace("end_header\n", "end_header\n7.5\n").replace("\n", "\r\n")
    assert len(load_geometry(write(tmp_path, text.encode())).points_m) == 7


def test_other_programs_normals(tmp_path: Path) -> None:
    import open3d

    cloud = open3d.t.geometry.PointCloud(POINTS.astype(np.float32))
    cloud.point.normals = np.tile(np.array([[0, 0, 2.0]], np.float32), (4, 1))
    open3d.t.io.write_point_cloud(str(tmp_path / "a.ply"), cloud)
    loaded = load_geometry(tmp_path / "a.ply")
    np.testing.assert_allclose(loaded.normals, np.tile([0, 0, 1], (4, 1)))


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (b"vertex 7", b"vertex 999999999999", "999,999,999,999 rows of vertex cannot stand in"),
        (b"vertex 7", b"vertex -7", "header is not understood"),
        (b"face 3", b"face 3000000", "rows of face cannot stand"),
        (b"float z", b"half z", "property of no known type"),
        (b"float z", b"float y", "a property twice"),
        (b"property float z\n", b"", "is damaged"),
        (b"format binary", b"format unary", "header is not understood"),
        (b"list uchar", b"list char", "no whole length"),
        (b"end_header", b"end_footer", "no header of a .ply"),
        (b"ply\n", b"PLY\n", "no header of a .ply"),
    ],
)
def test_headers_that_lie(tmp_path: Path, old: bytes, new: bytes, sentence: str) -> None:
    content = solids.room_ply().replace(old, new, 1)
    if b"char" in new:  # a list of -1 things
        content = content[:-17] + b"\xff" + content[-16:]
    with pytest.raises(SceneError, match=r"a\.ply") as caught:
        load_geometry(write(tmp_path, content))
    assert sentence in str(caught.value)


def test_faces_of_points_that_are_not_there(tmp_path: Path) -> None:
    content = solids.room_ply()
    path = write(tmp_path, content[:-4] + struct.pack("<i", 7))
    with pytest.raises(SceneError, match="faces of points that are not there"):
        load_geometry(path)


def test_compressed_gaussians_name_the_way_out(tmp_path: Path) -> None:
    header = f"element chunk 0\nproperty float min_x\n{XYZ}\nproperty uint packed_position"
    body = (POINTS.astype("<f8").tobytes() + bytes(4)) * 4
    with pytest.raises(SceneError, match="compressed Gaussians"):
        read_ply_geometry(write(tmp_path, solids.ply(header, body[: 4 * 28])), Notes())


def test_no_points(tmp_path: Path) -> None:
    with pytest.raises(SceneError, match="no vertices with x, y and z"):
        load_geometry(write(tmp_path, solids.ply("element vertex 1\nproperty uchar x", b"\1")))
    header = XYZ.replace("4", "0")
    with pytest.raises(SceneError, match="holds no points"):
        load_geometry(write(tmp_path, solids.ply(header, b"")))
    with pytest.raises(SceneError, match="is empty"):
        load_geometry(write(tmp_path, b""))
