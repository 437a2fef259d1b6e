"""An object from all around, with its cameras."""

from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image

from lexel.errors import InputError
from lexel.geometry.cameras import project
from lexel.geometry.transforms import invert
from lexel.render.object_views import ObjectViews, draw_object, painted_mesh
from lexel.render.stage import Light, Style
from lexel.scene import Geometry, Texture

pytest.importorskip("bpy", reason="the extra `render` is not installed")

FLAT = Style(Light.FLAT, samples=2)
CORNERS = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], float)
AWAY = np.array([5.0, 0, 0])


def write_box(path):
    """A box of 2 x 2 x 2 m about (5, 0, 0), each corner in its own colour."""
    lines = ["ply", "format ascii 1.0", "comment up: z", "element vertex 8"]
    lines += [f"property float {axis}" for axis in "xyz"]
    lines += [f"property uchar {name}" for name in ("red", "green", "blue")]
    lines += ["element face 6", "property list uchar int vertex_indices", "end_header"]
    for corner in CORNERS:
        colour = (127.5 + 100 * corner).astype(int)
        lines.append(" ".join(map(str, [*(corner + AWAY), *colour])))
    for quad in ("0 1 3 2", "4 6 7 5", "0 4 5 1", "2 3 7 6", "0 2 6 4", "1 5 7 3"):
        lines.append(f"4 {quad}")
    path.write_text("\n".join(lines) + "\n")
    return path


def test_views_are_where_the_cameras_say(tmp_path):
    box = write_box(tmp_path / "box.ply")
    files = draw_object(box, tmp_path / "out", ObjectViews(3, 2, 64), FLAT)
    told = json.loads((tmp_path / "out" / "views.json").read_text())
    assert [view["image"] for view in told] == [file.name for file in files]
    assert len({file.name for file in files}) == 6
    for file, view in zip(files, told, strict=True):
        with Image.open(file) as image:
            picture = np.asarray(image)
        assert picture.shape == (64, 64, 4) and view["size"] == [64, 64]
        pixels = _projected(CORNERS + AWAY, view)
        seen = np.argwhere(picture[..., 3] > 128)[:, ::-1] + 0.5
        np.testing.assert_allclose(seen.min(axis=0), pixels.min(axis=0), atol=2)
        np.testing.assert_allclose(seen.max(axis=0), pixels.max(axis=0), atol=2)
        assert (picture[0] == 0).all() and (picture[:, 0] == 0).all()
        _check_colour_of_nearest_corner(picture, view)


def _projected(points_m, view):
    local = np.append(points_m, np.ones((len(points_m), 1)), axis=1)
    local = local @ invert(np.array(view["world_from_camera"])).T
    return project(local[:, :3], np.array(view["K"]))[:, :2]


def _check_colour_of_nearest_corner(picture, view):
    eye = np.array(view["world_from_camera"])[:3, 3]
    nearest = CORNERS[np.argmin(np.linalg.norm(CORNERS + AWAY - eye, axis=1))]
    inner = nearest * 0.93  # a little off the edge
    column, row = np.floor(_projected(inner[None] + AWAY, view)[0]).astype(int)
    assert np.abs(picture[row, column, :3] - (127.5 + 100 * nearest)).max() < 60


def test_a_folder_with_something_in_it_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(InputError, match="Name another folder"):
        draw_object(write_box(tmp_path / "box.ply"), tmp_path)


def test_pictures_on_faces_become_colours_of_finer_faces():
    points = np.float32([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0]])
    faces = np.int32([[0, 1, 2], [0, 2, 3]])
    ramp = np.zeros((16, 16, 3), np.uint8)
    ramp[..., 0] = np.arange(16) * 16  # red grows along u
    uv = (points[faces][..., :2] * [0.999, 0.999]).astype(np.float32)
    texture = Texture(uv, np.zeros(2, np.int32), (ramp,))
    mesh = painted_mesh(Geometry("square", "mesh", points, faces=faces, texture=texture))
    assert len(mesh.faces) > 2000
    corners = mesh.vertices_m[mesh.faces].astype(float)
    across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    assert across[:, 2].min() > 0 and across[:, 2].sum() / 2 == pytest.approx(1)
    expected = np.floor(mesh.vertices_m[:, 0].clip(0, 0.99) * 16) * 16
    assert np.abs(mesh.rgb[:, 0] - expected).max() <= 16
