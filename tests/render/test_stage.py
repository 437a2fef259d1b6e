"""Stages of plain arrays, drawn by Blender: exact colours, cutaways, hatching, cancelling."""

from __future__ import annotations

import sys
import time

import numpy as np
import pytest

from lexel.errors import CancelledError, InputError
from lexel.geometry.cameras import look_at
from lexel.progress import Silent
from lexel.render.blender import import_bpy
from lexel.render.stage import (
    Cloud,
    Light,
    PaintedMesh,
    PointShape,
    Shot,
    Stage,
    Style,
    load_stage,
    save_stage,
    visible_points,
)
from lexel.render.stage_process import draw_stage

pytest.importorskip("bpy", reason="the extra `render` is not installed")

ABOVE = np.array([[1.0, 0, 0, 0], [0, -1, 0, 0], [0, 0, -1, 5], [0, 0, 0, 1]])
SIZE = (64, 48)
FROM_ABOVE = Shot(ABOVE, SIZE, width_m=8.0)  # 8 pixels a metre
SOFT = Style(samples=2)
FLAT = Style(Light.FLAT, samples=2)


def draw_here(stage):
    from lexel.render.blender_stage import BlenderStage

    drawing = BlenderStage(import_bpy(), stage)
    return [drawing.render(shot) for shot in stage.shots]


def colourful_floor():
    """48 points a metre apart; pixel (8 (x + 4), 8 (3 - y)) is in the middle of each."""
    x, y = np.meshgrid(np.arange(8) - 3.5, np.arange(6) - 2.5)
    points = np.stack([x, y, 0 * x], axis=-1).reshape(-1, 3).astype(np.float32)
    rgb = np.random.default_rng(0).integers(0, 256, (48, 3), np.uint8)
    rgb[:3] = [[0, 0, 0], [255, 255, 255], [255, 0, 0]]
    up = np.tile(np.array([0, 0, 1], np.float32), (48, 1))
    return Cloud(points, rgb, 0.4, up)


def middles(picture, cloud):
    x, y = cloud.points_m[:, 0], cloud.points_m[:, 1]
    return picture[(8 * (3 - y)).astype(int), (8 * (x + 4)).astype(int)]


@pytest.mark.parametrize("shape", list(PointShape))
def test_flat_light_shows_the_very_colours(shape):
    cloud = colourful_floor()
    style = Style(Light.FLAT, shape, samples=2)
    (picture,) = draw_here(Stage((FROM_ABOVE,), cloud, style=style))
    assert picture.shape == (48, 64, 4)
    seen = middles(picture, cloud).astype(int)
    assert (seen[:, 3] == 255).all()
    assert np.abs(seen[:, :3] - cloud.rgb).max() <= 2
    assert picture[::8, ::8, 3].max() == 0, "clear between the points"


def test_soft_light_keeps_hues():
    cloud = colourful_floor()
    grey = np.full((48, 3), 150, np.uint8)
    for rgb in (grey, grey + np.array([60, 0, 0]), grey + np.array([0, 0, 60])):
        coloured = Cloud(cloud.points_m, rgb.astype(np.uint8), 0.4, cloud.normals)
        (picture,) = draw_here(Stage((FROM_ABOVE,), coloured, style=SOFT))
        seen = middles(picture, coloured)[:, :3].mean(axis=0)
        np.testing.assert_allclose(seen - seen.min(), (rgb[0] - rgb[0].min()) * 1.1, atol=14)
        assert 0.85 < seen.min() / 150 < 1.35


def test_a_shadow_falls_on_a_ground_that_is_not_seen():
    cloud = colourful_floor()
    high = Cloud(cloud.points_m + np.float32([0, 0, 1]), cloud.rgb, 0.4)
    low = Cloud(
        np.concatenate([high.points_m, [[3.5, 0, 0]]]), np.append(high.rgb, [[9] * 3], 0), 0.4
    )
    for shadow in (False, True):
        style = Style(shadow=shadow, samples=4)
        (picture,) = draw_here(Stage((FROM_ABOVE,), low, style=style))
        between = picture[8:40:8, 8:56:8]
        assert (between[..., 3] > 30).any() == shadow
        assert between[..., :3].max() < 40, "the shadow is black and more or less clear"


def test_what_is_inferred_is_hatched_and_pale():
    square = np.float32([[-4, -3, 0], [0, -3, 0], [4, -3, 0], [-4, 3, 0], [0, 3, 0], [4, 3, 0]])
    faces = np.int32([[0, 1, 4], [0, 4, 3], [1, 2, 5], [1, 5, 4]])
    rgb = np.tile(np.uint8([200, 40, 0]), (6, 1))
    apart = np.float32([0, 0, 0, 0, 0, 0])
    for inferred in (apart, apart + 1):
        mesh = PaintedMesh(square, faces, rgb, inferred)
        stage = Stage((FROM_ABOVE,), meshes=(mesh,), style=Style(Light.FLAT, samples=8), hatch_px=9)
        (picture,) = draw_here(stage)
        inner = picture[4:-4, 4:-4, :3].astype(int)
        if inferred.any():
            assert len(np.unique(inner[..., 1])) > 3 and inner[..., 1].min() > 80
            row = inner[20, :, 1] > inner[..., 1].mean()
            lines = np.count_nonzero(np.diff(row.astype(int)) == 1)
            assert abs(lines - 56 / (9 * 2**0.5)) <= 1.5
        else:
            assert np.abs(inner - rgb[0]).max() <= 2


def test_a_cutaway_leaves_out_what_faces_away():
    normals = np.float32([[0, 0, 1], [0, 0, -1], [0, 0, 0]])
    cloud = Cloud(np.zeros((3, 3), np.float32), np.zeros((3, 3), np.uint8), 0.1, normals)
    perspective = Shot(ABOVE, SIZE, intrinsics=np.diag([50.0, 50, 1]), cutaway=True)
    for shot in (perspective, Shot(ABOVE, SIZE, width_m=1.0, cutaway=True)):
        assert visible_points(cloud, shot).tolist() == [True, False, True]
    assert visible_points(cloud, FROM_ABOVE).all()


def test_shots_choose_what_is_in_them():
    ball = PaintedMesh(
        np.float32([[-4, -3, 1], [4, -3, 1], [0, 9, 1]]), np.int32([[0, 1, 2]]),
        np.full((3, 3), 90, np.uint8), np.zeros(3, np.float32),
    )  # fmt: skip
    shots = (
        FROM_ABOVE,
        Shot(ABOVE, SIZE, width_m=8.0, cloud=False),
        Shot(ABOVE, SIZE, width_m=8.0, meshes=()),
        Shot(ABOVE, SIZE, width_m=8.0, cloud=False, meshes=()),
    )
    for style in (FLAT, SOFT):
        stage = Stage(shots, colourful_floor(), (ball,), style)
        shares = [(picture[..., 3] > 0).mean() for picture in draw_here(stage)]
        assert shares[0] > shares[1] > 0 and shares[0] > shares[2] > 0 and shares[3] == 0


def test_a_stage_is_the_same_after_a_folder(tmp_path):
    mesh = PaintedMesh(
        np.eye(3, dtype=np.float32), np.int32([[0, 1, 2]]), np.eye(3, dtype=np.uint8),
        np.ones(3, np.float32),
    )  # fmt: skip
    pose = look_at(np.array([3.0, 2, 1]), np.zeros(3))
    shots = (FROM_ABOVE, Shot(pose, (5, 7), np.diag([3.0, 3, 1]), cutaway=True, meshes=(0,)))
    stage = Stage(shots, colourful_floor(), (mesh, mesh), Style(Light.FLAT, seed=3), 7.5)
    save_stage(tmp_path, stage)
    again = load_stage(tmp_path)
    assert again.style == stage.style and again.hatch_px == 7.5 and len(again.meshes) == 2
    values = zip(
        (*stage.shots, stage.cloud, *stage.meshes),
        (*again.shots, again.cloud, *again.meshes),
        strict=True,
    )
    for one, other in values:
        for name, value in vars(one).items():
            np.testing.assert_array_equal(value, getattr(other, name), err_msg=name)


class Counted(Silent):
    """Counts steps, and cancels in the midst of the work."""

    def __init__(self, most: float = np.inf) -> None:
        self.steps, self._most = 0, most

    def advance(self, steps: int = 1) -> None:
        self.steps += steps
        if self.steps >= self._most:
            raise CancelledError


def test_another_process_draws_the_same(capfd):
    stage = Stage((FROM_ABOVE, FROM_ABOVE), colourful_floor(), style=SOFT)
    counted = Counted()
    one, two = draw_stage(stage, counted)
    assert counted.steps == 200
    np.testing.assert_array_equal(one, two)
    np.testing.assert_array_equal(one, draw_here(stage)[0])
    assert capfd.readouterr() == ("", "")


def test_cancelling_ends_the_process_in_the_midst_of_a_picture():
    huge = Shot(ABOVE, (2000, 1500), width_m=8.0)
    stage = Stage((huge,) * 20, colourful_floor(), style=Style(samples=4000))
    began = time.monotonic()
    with pytest.raises(CancelledError):
        list(draw_stage(stage, _Impatient()))
    assert time.monotonic() - began < 30, "drawn to the end it takes hours"


class _Impatient(Silent):
    def __init__(self) -> None:
        self._until = time.monotonic() + 1

    def advance(self, steps: int = 1) -> None:
        if time.monotonic() > self._until:
            raise CancelledError


def test_without_a_gpu_it_says_so():
    stage = Stage((FROM_ABOVE,), colourful_floor(), style=Style(device="gpu"))
    try:
        assert len(list(draw_stage(stage))) == 1, "there is one"
    except InputError as error:
        assert "graphics card" in str(error) and "--device cpu" in str(error)


def test_without_blender_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "bpy", None)
    with pytest.raises(InputError, match=r"lexel\[render\]"):
        list(draw_stage(Stage((FROM_ABOVE,), colourful_floor())))
