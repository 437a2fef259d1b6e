"""Meshes open elsewhere with the right bounds and colours."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from lexel.io.meshes import write_obj
from lexel.scene import Mesh

COLOUR = (200, 40, 90)


def tetrahedron() -> Mesh:
    vertices_m = np.array([[1, 2, 3], [1.5, 2, 3], [1, 2.5, 3], [1, 2, 4]], np.float32)
    return Mesh(vertices_m, np.array([[0, 2, 1], [0, 1, 3], [0, 3, 2], [1, 2, 3]], np.int32))


def test_trimesh_reads_bounds_and_colour(tmp_path: Path) -> None:
    import trimesh

    write_obj(tmp_path / "chair.obj", tetrahedron(), COLOUR, "chair")
    mesh = trimesh.load(tmp_path / "chair.obj", force="mesh", process=False)
    assert np.allclose(mesh.bounds, [[1, 2, 3], [1.5, 2.5, 4]])
    assert len(mesh.faces) == 4
    assert tuple(mesh.visual.material.diffuse[:3]) == COLOUR


def test_open3d_reads_bounds_and_colour(tmp_path: Path) -> None:
    import open3d

    write_obj(tmp_path / "chair.obj", tetrahedron(), COLOUR, "chair")
    mesh = open3d.io.read_triangle_mesh(str(tmp_path / "chair.obj"))
    assert np.allclose(mesh.get_min_bound(), [1, 2, 3])
    assert np.allclose(mesh.get_max_bound(), [1.5, 2.5, 4])
    assert np.allclose(np.asarray(mesh.vertex_colors) * 255, COLOUR, atol=0.5)
    (model,) = open3d.io.read_triangle_model(str(tmp_path / "chair.obj")).materials
    assert np.allclose(np.asarray(model.base_color)[:3] * 255, COLOUR, atol=0.5)


def test_the_header_names_frame_and_label_on_one_line(tmp_path: Path) -> None:
    paths = write_obj(tmp_path / "x.obj", tetrahedron(), COLOUR, "a\nv 0 0 0", meaningless=True)
    assert [path.name for path in paths] == ["x.obj", "x.mtl"]
    for path in paths:
        comments = [line for line in path.read_text("utf-8").splitlines() if line.startswith("#")]
        assert "# label: a v 0 0 0" in comments
        assert any("metres" in line and "Z up" in line for line in comments)
        assert any("MEANINGLESS" in line for line in comments)


def test_a_million_digits_keep_their_place(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    vertices_m = rng.normal(size=(60_001, 3)).astype(np.float32)
    mesh = Mesh(vertices_m, rng.integers(0, 60_001, (70_003, 3)).astype(np.int32))
    write_obj(tmp_path / "big.obj", mesh, COLOUR, "big")
    lines = (tmp_path / "big.obj").read_text("utf-8").splitlines()
    vertices = np.array([line.split()[1:4] for line in lines if line.startswith("v ")], float)
    faces = np.array([line.split()[1:] for line in lines if line.startswith("f ")], int)
    assert np.allclose(vertices, vertices_m, atol=1e-6)
    assert np.array_equal(faces, mesh.faces + 1)
