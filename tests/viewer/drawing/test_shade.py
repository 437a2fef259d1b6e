"""Ids to colours: exactly the paint's, then light, then what lies over them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexel.query.paint import Paint
from lexel.viewer.drawing.cloud import arrange
from lexel.viewer.drawing.edl import eye_dome
from lexel.viewer.drawing.grow import Discs
from lexel.viewer.drawing.overlay import Layer, by_255, hatching, overlay_of, selection
from lexel.viewer.drawing.shade import prepare
from lexel.viewer.drawing.splat import IdPass, id_pass
from tests.viewer.drawing.clouds import camera, paint, plane, points

NUMBER = 400
GROUND = (10, 20, 30)


@pytest.fixture(scope="module")
def seen() -> IdPass:
    return id_pass(arrange(points(NUMBER)), camera(), Discs(2.0))


def test_division_by_255_is_exact_for_products_of_bytes() -> None:
    products = np.arange(255 * 255 + 1).astype(np.uint16)
    exact = np.floor(np.arange(255 * 255 + 1) / 255 + 0.5)
    by_255(products)
    assert np.array_equal(products, exact)


@given(st.integers(0, 50), st.integers(1, 9), st.floats(0, 1))
def test_without_light_points_have_the_very_colours_of_their_paint(
    seed: int, rows: int, over_rgb: float
) -> None:
    seen = id_pass(arrange(points(NUMBER)), camera(), Discs(2.0))
    colours = paint(NUMBER, seed, rows, over_rgb)
    image = prepare(seen, colours, GROUND, 0.0).colours(colours)
    drawn = seen.ids >= 0
    assert np.array_equal(image[drawn][:, :3], colours.colours(seen.ids[drawn]))
    assert (image[drawn][:, 3] == 255).all()
    assert (image[~drawn] == (*GROUND, 255)).all()


def test_a_keystroke_changes_the_table_only(seen: IdPass) -> None:
    """What was prepared for one table serves every other, of another length too."""
    first, second = paint(NUMBER, 1, rows=5), paint(NUMBER, 2, rows=8)
    second = replace(second, index=first.index, rgb=first.rgb)
    kept = prepare(seen, first, GROUND)
    assert np.array_equal(kept.colours(second), prepare(seen, second, GROUND).colours(second))


def test_a_transparent_ground_is_clear(seen: IdPass) -> None:
    colours = paint(NUMBER)
    image = prepare(seen, colours, None).colours(colours)
    assert np.array_equal(image[..., 3], np.where(seen.ids >= 0, 255, 0))


def test_no_points_leave_the_ground() -> None:
    empty = Paint(np.zeros(0, np.int32), np.zeros((1, 4), np.uint8), np.zeros((0, 3), np.uint8))
    seen = id_pass(arrange(points(0)), camera())
    assert (prepare(seen, empty, GROUND).colours(empty) == (*GROUND, 255)).all()


def test_light_darkens_edges_and_leaves_flat_places() -> None:
    depth = np.full((40, 40), 3.0, np.float32)
    depth[10:30, 10:30] = 2.0
    light = eye_dome(depth)
    assert (light[15:25, 15:25] == 255).all()
    assert (light[:5] == 255).all()
    assert (light[9, 12:28] < 150).all(), "the far side of the edge"
    assert (light[10, 12:28] == 255).all(), "the near side"


def test_nothing_is_not_darkened_and_does_not_darken() -> None:
    depth = np.full((20, 20), np.inf, np.float32)
    depth[5:15, 5:15] = 2.0
    assert (eye_dome(depth) == 255).all()


def test_stronger_light_is_darker() -> None:
    depth = np.linspace(1, 2, 900, dtype=np.float32).reshape(30, 30)
    assert (eye_dome(depth, 2.0) <= eye_dome(depth, 0.5)).all()
    assert eye_dome(depth, 2.0).mean() < eye_dome(depth, 0.5).mean()


def test_light_falls_on_points(seen: IdPass) -> None:
    colours = paint(NUMBER)
    dark = prepare(seen, colours, GROUND, 1.0).colours(colours)
    flat = prepare(seen, colours, GROUND, 0.0).colours(colours)
    assert (dark <= flat).all()
    assert (dark < flat).any()


@given(st.lists(st.floats(0, 1), min_size=1, max_size=4), st.integers(0, 99))
def test_layers_blend_as_light_does(opacities: list[float], seed: int) -> None:
    random = np.random.default_rng(seed)
    below = random.integers(0, 256, (6, 4), np.uint8)
    below[:, 3] = 255
    colours = random.integers(0, 256, (len(opacities), 3), np.uint8)
    pixel = np.arange(6)
    layers = [Layer(pixel, c, o) for c, o in zip(colours, opacities, strict=True)]
    overlay = overlay_of(layers, 6)
    assert overlay is not None
    mixed = below.astype(np.uint16).reshape(-1)
    overlay.cover(mixed, slice(0, 6))
    wanted = below.astype(float)
    for colour, opacity in zip(colours, opacities, strict=True):
        wanted = wanted * (1 - opacity) + np.array([*colour, 255.0]) * opacity
    assert mixed.reshape(6, 4) == pytest.approx(wanted, abs=1.5)


def test_a_layer_makes_a_clear_ground_visible() -> None:
    overlay = overlay_of([Layer(np.array([1]), np.array([200, 100, 0], np.uint8), 0.5)], 2)
    assert overlay is not None
    clear = np.zeros(8, np.uint16)
    overlay.cover(clear, slice(0, 2))
    assert clear.tolist() == pytest.approx([0, 0, 0, 0, 100, 50, 0, 128], abs=1)


def test_layers_over_nothing_are_none() -> None:
    assert overlay_of([], 5) is None
    assert overlay_of([hatching(np.zeros((2, 2), bool))], 4) is None


def test_stripes_cover_half_of_what_is_inferred() -> None:
    inferred = np.zeros((40, 40), bool)
    inferred[:, 20:] = True
    pixel = hatching(inferred).pixel
    assert inferred.reshape(-1)[pixel].all()
    assert len(pixel) == pytest.approx(inferred.sum() / 2, rel=0.1)


def test_a_selection_has_a_rim() -> None:
    selected = np.zeros((20, 20), bool)
    selected[5:15, 5:15] = True
    core, rim = selection(selected)
    assert len(core.pixel) == 64
    assert len(rim.pixel) == 36
    assert np.max(rim.opacity) > np.max(core.opacity)


def test_a_surface_looks_like_one() -> None:
    """Discs on a plane seen from the front must not show as scales."""
    eye = camera((2.0, 0.0, 0.01), size_px=(200, 200))
    seen = id_pass(arrange(plane(60, 0.02)), eye, Discs(radius_m=0.015))
    assert eye_dome(seen.depth_m)[60:140, 60:140].min() > 225
