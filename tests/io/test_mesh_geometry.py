"""`.obj` and `.stl`: faces, materials, pictures, and damage."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from lexel.errors import SceneError
from lexel.io import load_geometry
from lexel.io.meshes import write_obj
from lexel.scene import Mesh
from tests.io import solids
from tests.io.solids import BLUE, GREEN, RED, WHITE

MIDDLE = np.array([[0.4, 0.3, 0.3]])


def obj(folder: Path, text: str, **files: str) -> Path:
    return solids.write_obj(folder, **{"square.obj": text, **files})


def findings(geometry) -> str:
    return "\n".join(str(f) for f in geometry.findings)


def test_what_lexel_writes(tmp_path: Path) -> None:
    mesh = Mesh(solids.ROOM, solids.TRIANGLES)
    write_obj(tmp_path / "room.obj", mesh, (200, 40, 90), "room")
    loaded = load_geometry(tmp_path / "room.obj")
    np.testing.assert_allclose(loaded.points_m, solids.ROOM, atol=1e-6)
    np.testing.assert_array_equal(loaded.faces, solids.TRIANGLES)
    np.testing.assert_array_equal(loaded.rgb, np.tile([200, 40, 90], (7, 1)))
    assert not loaded.findings  # its comment says that Z is up


def test_a_picture(tmp_path: Path) -> None:
    mesh = load_geometry(solids.write_obj(tmp_path))
    np.testing.assert_array_equal(mesh.rgb, [BLUE, WHITE, GREEN, RED])
    np.testing.assert_array_equal(mesh.faces, [[0, 1, 2], [0, 2, 3]])
    rgb = mesh.rgb_at(np.array([1]), np.array([[0.1, 0.1, 0.8]]))
    np.testing.assert_array_equal(rgb, [RED])


def test_materials_of_one_colour(tmp_path: Path) -> None:
    text = "mtllib square.mtl\nv 0 0 0\nv 1 0 0\nv 1 0 1\nv 0 0 1\n"
    text += "usemtl a\nf 1 2 3\nusemtl b\nf 1 3 4\nusemtl none\nf 1 2 4\n"
    library = "newmtl a\nKd 1 0 0\nnewmtl b\nKd 0 0 1\n"
    mesh = load_geometry(obj(tmp_path, text, **{"square.mtl": library}))
    rgb = mesh.rgb_at(np.arange(3), np.repeat(MIDDLE, 3, axis=0))
    np.testing.assert_array_equal(rgb, [RED, BLUE, (204, 204, 204)])


@pytest.mark.parametrize("corner", ["{v}", "{v}/{v}", "{v}//{v}", "{v}/{v}/{v}", "{r}", "{r}/{r}"])
def test_corners_of_any_form(tmp_path: Path, corner: str) -> None:
    words = [corner.format(v=i + 1, r=i - 4) for i in range(4)]
    text = "v 0 0 0\nv 3 0 0\nv 3 0 3\nv 0 0 3\n" + "vt 0 0\n" * 4 + "vn 0 1 0\n" * 4
    mesh = load_geometry(obj(tmp_path, f"{text}f {' '.join(words)}\nv 9 9 9\n"))
    np.testing.assert_array_equal(mesh.faces, [[0, 1, 2], [0, 2, 3]])


def test_vertex_colours_only_when_all_have_one(tmp_path: Path) -> None:
    text = "v 0 0 0 1 0 0\nv 1 0 0 0 1 0\nv 0 0 1 0 0 1\nf 1 2 3\n"
    mesh = load_geometry(obj(tmp_path, text))
    np.testing.assert_array_equal(mesh.rgb, [RED, GREEN, BLUE])
    assert load_geometry(obj(tmp_path, f"{text}v 5 5 5\n")).rgb is None


def test_vertex_colours_stay_under_plain_materials(tmp_path: Path) -> None:
    text = "mtllib square.mtl\nv 0 0 0 1 0 0\nv 1 0 0 0 1 0\nv 0 0 1 0 0 1\nusemtl a\nf 1 2 3\n"
    for library in ("newmtl a\nKd 0.8 0.8 0.8\n", "newmtl b\n", "newmtl a\nmap_Kd none.png\n"):
        mesh = load_geometry(obj(tmp_path, text, **{"square.mtl": library}))
        np.testing.assert_array_equal(mesh.rgb, [RED, GREEN, BLUE])
        assert mesh.texture is None


def test_pictures_go_before_vertex_colours(tmp_path: Path) -> None:
    text = "mtllib square.mtl\n" + "".join(f"v {x} 0 {z} 1 0 0\n" for z in (0, 3) for x in (0, 3))
    text += "v 9 0 9 0 0 1\nvt 0.1 0.1\nusemtl paper\nf 1/1 2/1 4/1\nf 1 4 3\n"
    text += "usemtl plain\nf 3 4 5\n"
    mesh = load_geometry(obj(tmp_path, text))
    assert mesh.texture.picture.tolist() == [0, -1, -1]
    np.testing.assert_array_equal(mesh.rgb, [BLUE, BLUE, RED, BLUE, BLUE])


@pytest.mark.parametrize("colour", ["nan nan nan", "inf 0 0", "1", "spectral a.rfl", "1 0 1e400"])
def test_colours_that_are_none_are_grey(tmp_path: Path, colour: str) -> None:
    mesh = load_geometry(solids.write_obj(tmp_path, **{"square.mtl": f"newmtl paper\nKd {colour}"}))
    np.testing.assert_array_equal(mesh.rgb, [(204, 204, 204)] * 4)


def test_materials_share_their_picture(tmp_path: Path) -> None:
    """Each picture is there once, however many materials show it."""
    library = "".join(f"newmtl m{i}\nKd 1 0 {i % 2}\n" for i in range(100))
    library += "".join(f"newmtl p{i}\nmap_Kd paper.png\n" for i in range(100))
    text = "mtllib square.mtl\nv 0 0 0\nv 3 0 0\nv 3 0 3\nvt 0.1 0.1\n"
    text += "".join(f"usemtl {k}{i}\nf 1/1 2/1 3/1\n" for k in "mp" for i in range(100))
    mesh = load_geometry(obj(tmp_path, text, **{"square.mtl": library}))
    assert len(mesh.texture.pictures) == 3
    rgb = mesh.rgb_at(np.arange(200), np.repeat(MIDDLE, 200, axis=0))
    expected = [RED, (255, 0, 255)] * 50 + [BLUE] * 100
    np.testing.assert_array_equal(rgb, expected)


@pytest.mark.parametrize("name", ["..", "/", "C:"])
def test_a_picture_that_is_nowhere_is_left_out_aloud(tmp_path: Path, name: str) -> None:
    library = f"newmtl paper\nKd 1 0 0\nmap_Kd {name}\n"
    mesh = load_geometry(solids.write_obj(tmp_path, **{"square.mtl": library}))
    np.testing.assert_array_equal(mesh.rgb, [RED] * 4)
    assert "it is left out" in findings(mesh)


def test_tabs_are_blanks_too(tmp_path: Path) -> None:
    text = "v\t0 0\t0\nv\t1 0 0\nv 0\t0 1\nf\t1 2 3\n"
    assert load_geometry(obj(tmp_path, text)).faces is not None


def test_no_faces_are_a_cloud(tmp_path: Path) -> None:
    cloud = load_geometry(obj(tmp_path, "v 0 0 0\nv 1 2 3\n"))
    assert cloud.faces is None
    assert cloud.kind == "point cloud (.obj)"


def test_long_files_are_read_in_parts(tmp_path: Path) -> None:
    """Indices that count back reach over the parts; a colour missing late drops those before."""
    count = 70_001
    lines = ["v 0 0 0 1 1 1", "v 1 0 0 1 1 1"]
    for i in range(2, count):
        lines += [f"v {i} {i % 7} 0 1 1 1", "f -3 -2 -1" if i % 2 else f"f {i - 1} {i} {i + 1}"]
    mesh = load_geometry(obj(tmp_path, "\n".join(lines)))
    expected = np.arange(count - 2)[:, None] + [0, 1, 2]
    np.testing.assert_array_equal(mesh.faces, expected)
    assert mesh.rgb is not None
    lines[-2] = lines[-2].removesuffix(" 1 1 1")
    assert load_geometry(obj(tmp_path, "\n".join(lines))).rgb is None


def test_pictures_from_another_machine_are_found_by_name(tmp_path: Path) -> None:
    for name in ("C:\\Users\\me\\paper.png", "../../paper.png", "-s 1 1 1 paper.png"):
        library = f"newmtl paper\nmap_Kd {name}\n"
        mesh = load_geometry(solids.write_obj(tmp_path, **{"square.mtl": library}))
        np.testing.assert_array_equal(mesh.rgb, [BLUE, WHITE, GREEN, RED])


def test_what_is_missing_is_said(tmp_path: Path) -> None:
    path = solids.write_obj(tmp_path)
    (tmp_path / "paper.png").unlink()
    mesh = load_geometry(path)
    assert "a texture does not exist" in findings(mesh)
    assert (np.asarray(mesh.rgb) == 255).all()  # the material's Kd
    (tmp_path / "square.mtl").unlink()
    mesh = load_geometry(path)
    assert "its materials in square.mtl are not used" in findings(mesh)
    mesh = load_geometry(
        obj(tmp_path, "mtllib ../../secret\nusemtl a\nv 0 0 0\nv 1 0 0\nv 0 0 1\nf 1 2 3\n")
    )
    assert "outside its own folder" in findings(mesh)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("v 0 0 0\nv 1 0 0\nf 1 2 3\n", "faces of points that are not there"),
        ("v 0 0 0\nf 0 0 0\n", "faces of points that are not there"),
        ("v 0 0 0\nf -2 1 1\n", "faces of points that are not there"),
        ("v 0 0 x\n", "cannot be read as .obj"),
        ("v 0 0\n", "cannot be read as .obj"),
        ("v 0 0 0\nf a b c\n", "cannot be read as .obj"),
        (f"v 0 0 0\nf {10**20} 1 1\n", "cannot be read as .obj"),
        (f"v 0 0 0\nvt 0 0\nf 1/{10**20} 1 1\n", "cannot be read as .obj"),
        (f"v 0 0 0\nf {2**62} 1 1\n", "faces of points that are not there"),
        ("hello\nf\nf 1 2\n", "holds no points"),
        ("", "holds no points"),
    ],
)
def test_damaged_obj(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(SceneError, match=sentence):
        load_geometry(obj(tmp_path, text))


# .stl


def test_text_stl(tmp_path: Path) -> None:
    facets = [
        "facet normal 0 0 0\nouter loop\n"
        + "".join(f"  vertex {x} {y} {z}\n" for x, y, z in solids.ROOM[t])
        + "endloop\nendfacet\n"
        for t in solids.TRIANGLES
    ]
    (tmp_path / "a.stl").write_text("solid room\n" + "".join(facets) + "endsolid\n")
    mesh = load_geometry(tmp_path / "a.stl")
    corners = mesh.points_m[mesh.faces]
    np.testing.assert_allclose(corners, solids.ROOM[solids.TRIANGLES])
    assert "has no colours" in findings(mesh)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (solids.room_stl()[:-1], "neither text nor a whole binary"),
        (b"", "neither text nor a whole binary"),
        (b"x" * 80 + b"\xff\xff\xff\xff", "neither text nor a whole binary"),
        (b"solid a\nvertex 1 2 3\n", "not whole"),
        (b"solid a\nvertex 1 2\nvertex 1 2 3\nvertex 1 2 3\n", "not whole"),
        (b"solid a\n", "holds no points"),
    ],
)
def test_damaged_stl(tmp_path: Path, content: bytes, sentence: str) -> None:
    (tmp_path / "a.stl").write_bytes(content)
    with pytest.raises(SceneError, match=sentence):
        load_geometry(tmp_path / "a.stl")
