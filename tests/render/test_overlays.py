"""Layers as surfaces: what was seen of them, what was filled in, and what is hidden."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lexel.errors import InputError
from lexel.io.layers import Layer
from lexel.pipelines.ask import open_field
from lexel.pipelines.painting import paint_recipe
from lexel.render.figure_content import key_of, read_content
from lexel.render.figure_key import HIDDEN, INFERRED
from lexel.render.figure_plan import plan_figure
from lexel.render.hidden import show_hidden
from lexel.render.overlays import make_overlay, surface_around
from lexel.render.presets import Format
from lexel.render.stage import Style
from lexel.scene import FieldPoints, LayerNote
from lexel.scene.palette import label_colours
from lexel.scene.recipe import Look, Mode, Recipe
from tests.io.fields.samples import make_content, write_field

STEP = 0.05
SIDE = 9
FORM = Format((200, 120), 10)


def lattice(turn_rad=0.0):
    """A cube of voxels about the origin, standing askew."""
    axis = (np.arange(SIDE) - SIDE // 2) * STEP
    points = np.stack(np.meshgrid(axis, axis, axis), axis=-1).reshape(-1, 3)
    c, s = np.cos(turn_rad), np.sin(turn_rad)
    return (points @ np.array([[c, s, 0], [-s, c, 0], [0, 0, 1]])).astype(np.float32)


@pytest.fixture(scope="module")
def field(tmp_path_factory):
    """A cube whose upper face was seen; it is a completion, and the same is located."""
    cube = lattice()
    floor = np.random.default_rng(0).uniform(-1, 1, (300, 3)) * [1, 1, 0] - [0, 0, 0.3]
    top = cube[cube[:, 2] == cube[:, 2].max()]
    seen = np.concatenate([top, floor]).astype(np.float32)
    count = len(seen) + len(cube)
    index = np.arange(len(seen), count, dtype=np.int32)
    score = np.linspace(0.5, 1, len(cube), dtype=np.float32)
    layers = [
        (LayerNote(name, 3, text, None, (0.5, 1.0)), Layer(score, index))
        for name, text in (("completion/box", "box"), ("localisation/it", "the box on the floor"))
    ]
    dense = Layer(np.linspace(0, 1, count, dtype=np.float32))
    layers.append((LayerNote("completion/all", 3, "all", None, (0.0, 1.0)), dense))
    content = make_content()
    points = FieldPoints(
        np.concatenate([seen, cube]),
        np.full((count, 3), 120, np.uint8),
        np.zeros(count, np.int32),
        origin=np.repeat(np.uint8([0, 1]), [len(seen), len(cube)]),
    )
    counts = np.zeros(len(content.codebook), np.int32)
    counts[0] = count
    changes = {
        "points": points, "layers": tuple(layers), "instances": (),
        "codebook": replace(content.codebook, count=counts),
    }  # fmt: skip
    return open_field(write_field(tmp_path_factory.mktemp("box"), **changes))


@pytest.mark.parametrize("turn_rad", [0.0, 0.5])
def test_a_surface_goes_around_the_voxels_however_they_stand(turn_rad):
    points = lattice(turn_rad)
    mesh = surface_around(points, STEP)
    corners = mesh.vertices_m[mesh.faces].astype(np.float64)
    volume = np.einsum("nd,nd->", corners[:, 0], np.cross(corners[:, 1], corners[:, 2])) / 6
    assert volume == pytest.approx((SIDE * STEP) ** 3, rel=0.25), "faces look outwards"
    assert np.abs(np.linalg.norm(mesh.vertices_m, axis=1)).max() < SIDE * STEP
    assert surface_around(points[:0], STEP) is None


def test_what_nobody_saw_is_marked(field):
    overlay = make_overlay(field.stored, "completion/box", (9, 8, 7), field.points.xyz_m[:81])
    height, inferred = overlay.mesh.vertices_m[:, 2], overlay.mesh.inferred
    assert (inferred[height < -0.1] == 1).all() and (inferred[height > 0.19] == 0).all()
    assert (overlay.mesh.rgb == [9, 8, 7]).all()
    assert overlay.entry.text == "box" and not overlay.located


def test_a_recipe_shows_points_that_were_seen_and_overlays_as_things(field):
    recipe = Recipe("box", look=Look(Mode.RGB), overlays=("completion/box", "localisation/it"))
    plan = plan_figure(read_content(field, recipe, FORM), FORM, Style())
    assert len(plan.stage.cloud.points_m) == 300, "less those that the box covers"
    colours = [tuple(mesh.rgb[0]) for mesh in plan.stage.meshes]
    assert colours == label_colours(2)
    # Of each view also a picture of the located thing alone, to show it where it is hidden.
    assert plan.located
    _, alone = plan.stage.shots
    assert not alone.cloud and alone.meshes == (1,)
    np.testing.assert_array_equal(alone.intrinsics, plan.stage.shots[0].intrinsics)


def test_only_notes_that_are_needed_stand_in_the_key(field):
    plain = paint_recipe(field, Recipe("box", look=Look(Mode.RGB)))
    for names, notes in (
        (("completion/box",), (INFERRED,)),
        (("localisation/it",), (HIDDEN,)),
        (("completion/box", "localisation/it"), (INFERRED, HIDDEN)),
    ):
        overlays = [
            make_overlay(field.stored, n, (9, 8, 7), field.points.xyz_m[:81]) for n in names
        ]
        assert key_of(plain, overlays).notes == notes


def test_a_layer_of_all_points_is_no_thing(field):
    with pytest.raises(InputError, match='"layer" instead of "overlays"'):
        read_content(field, Recipe("box", overlays=("completion/all",)), FORM)
    with pytest.raises(InputError, match=r"no such layer.*completion/box"):
        read_content(field, Recipe("box", overlays=("completion/bax",)), FORM)


def test_hidden_things_shine_through_and_have_a_line_around():
    whole = np.full((40, 40, 4), (100, 100, 100, 255), np.uint8)
    alone = np.zeros((40, 40, 4), np.uint8)
    alone[15:25, 15:25] = (0, 0, 200, 255)
    shown = show_hidden(whole, alone, 2).astype(int)
    assert (shown[20, 20] == [40, 40, 160, 255]).all()
    assert (shown[20, 26] == [0, 0, 140, 255]).all(), "the line is darker"
    assert (shown[20, 28] == 255).all() and (shown[20, 35] == whole[0, 0]).all()
    np.testing.assert_array_equal(show_hidden(whole, 0 * alone, 2), whole)
