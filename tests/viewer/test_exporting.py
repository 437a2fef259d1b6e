"""Selections as files that other programs read."""

from dataclasses import fields, replace

import numpy as np
import open3d
import pytest
import trimesh

from lexel.errors import InputError
from lexel.io import load_geometry
from lexel.io.clouds import read_ply
from lexel.scene import FieldPoints
from lexel.viewer.exporting import SUFFIXES, export_points
from tests.io.fields.samples import make_points

IDS = np.array([2, 7, 30])
POINTS = make_points(np.random.default_rng(0), 40, 6)


def test_a_ply_holds_every_column(tmp_path):
    table = read_ply(export_points(tmp_path / "chosen.ply", POINTS, IDS))
    np.testing.assert_array_equal(table["x"], POINTS.xyz_m[IDS, 0])
    np.testing.assert_array_equal(table["nz"], POINTS.normals[IDS, 2])
    for one in fields(FieldPoints):
        if one.name not in ("xyz_m", "rgb", "normals"):
            np.testing.assert_array_equal(table[one.name], getattr(POINTS, one.name)[IDS])


def test_others_read_the_ply_and_the_obj(tmp_path):
    ply = export_points(tmp_path / "chosen.ply", POINTS, IDS)
    np.testing.assert_array_equal(open3d.io.read_point_cloud(str(ply)).points, POINTS.xyz_m[IDS])
    obj = export_points(tmp_path / "chosen.obj", POINTS, IDS)
    cloud = trimesh.load(obj)
    np.testing.assert_allclose(np.asarray(cloud.vertices), POINTS.xyz_m[IDS], atol=1e-6)
    back = load_geometry(obj)
    assert back.faces is None
    np.testing.assert_array_equal(back.rgb, POINTS.rgb[IDS])
    np.testing.assert_allclose(back.points_m, POINTS.xyz_m[IDS], atol=1e-6)


def test_numbers_come_as_numpy_and_as_text(tmp_path):
    np.testing.assert_array_equal(np.load(export_points(tmp_path / "a.npy", POINTS, IDS)), IDS)
    assert export_points(tmp_path / "a.txt", POINTS, IDS).read_text() == "2\n7\n30\n"


def test_points_without_anything_but_colours_are_enough(tmp_path):
    bare = FieldPoints(POINTS.xyz_m, POINTS.rgb, POINTS.code)
    for suffix in SUFFIXES:
        assert export_points(tmp_path / f"bare{suffix}", bare, IDS).stat().st_size


def test_what_cannot_be_written_gets_a_sentence_and_no_file(tmp_path):
    with pytest.raises(InputError, match="nothing is selected"):
        export_points(tmp_path / "a.ply", POINTS, IDS[:0])
    with pytest.raises(InputError, match=r"\.ply, \.obj"):
        export_points(tmp_path / "a.docx", POINTS, IDS)
    broken = replace(POINTS, rgb=POINTS.rgb[:1])
    with pytest.raises(IndexError):
        export_points(tmp_path / "a.ply", broken, IDS)
    assert not list(tmp_path.iterdir())
