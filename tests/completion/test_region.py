"""An answer may stand where the camera looked and did not see through."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lexel.completion.cloud import view_in_box
from lexel.completion.region import answerable
from lexel.geometry.cameras import project
from lexel.geometry.transforms import invert
from lexel.geometry.voxels import VoxelGrid
from lexel.scene import View
from tests.pipelines.tiny import tiny_scene

GRID = VoxelGrid(shape=(41, 41, 41))
STEP_M = 2 / 40
TRUNCATION_M = 5 * STEP_M


@pytest.fixture(scope="module")
def view():
    return view_in_box(tiny_scene())


def seen(view):
    """Of each place of the lattice: pixel (u, v), depth z, and the depth image there (or 0)."""
    camera = GRID.lattice() @ invert(view.world_from_camera)[:3, :3].T
    camera = camera + invert(view.world_from_camera)[:3, 3]
    u, v, z = np.moveaxis(project(camera, view.intrinsics), -1, 0)
    with np.errstate(invalid="ignore"):
        inside = (z > 0) & (u >= 0) & (u < view.width_px) & (v >= 0) & (v < view.height_px)
    row, column = (np.where(inside, x, 0).astype(int) for x in (v, u))
    return inside, z, np.where(inside, view.depth_m[row, column], 0)


def test_nothing_outside_the_frustum(view):
    inside, _, _ = seen(view)
    region = answerable(view, GRID)
    assert region.any() and not region[~inside].any()


def test_nothing_in_free_space(view):
    inside, z, depth = seen(view)
    in_front = inside & (depth > 0) & (z < depth - 1e-6)
    assert in_front.any() and not answerable(view, GRID)[in_front].any()


def test_everything_hidden_is_allowed(view):
    inside, z, depth = seen(view)
    hidden = inside & (depth > 0) & (z > depth + 1e-6)
    region = answerable(view, GRID)
    assert region[hidden].all()
    assert (z[hidden] > depth[hidden] + TRUNCATION_M).any()  # far behind the surface too


def test_where_nothing_was_measured_anything_may_stand(view):
    inside, _, depth = seen(view)
    unknown = inside & (depth == 0)
    assert unknown.any() and answerable(view, GRID)[unknown].all()


@settings(max_examples=10)
@given(st.floats(0.1, 3.0))
def test_a_nearer_surface_hides_more(factor):
    view = view_in_box(tiny_scene())
    moved = View(
        view.rgb,
        (view.depth_m * factor).astype(np.float32),
        view.intrinsics,
        view.world_from_camera,
    )
    here, there = answerable(view, GRID), answerable(moved, GRID)
    assert (here <= there).all() if factor <= 1 else (there <= here).all()


def test_reference_mode_cuts_half_a_pixel_elsewhere(view):
    correct, published = (answerable(view, GRID, reference=r) for r in (False, True))
    assert correct.shape == published.shape
    assert 0 < (correct != published).mean() < 0.05
