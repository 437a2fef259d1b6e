"""How large points are drawn."""

from __future__ import annotations

import numpy as np
import pytest

from lexel.geometry.spacing import radius_that_closes


@pytest.mark.parametrize("spacing_m", [0.01, 0.3])
@pytest.mark.parametrize("side", [100, 700])
def test_discs_close_a_surface_without_swallowing_it(spacing_m, side):
    rows = np.stack(np.meshgrid(np.arange(side), np.arange(side), [0]), axis=-1).reshape(-1, 3)
    uneven = rows + np.random.default_rng(0).uniform(-0.4, 0.4, rows.shape) * [1, 1, 0]
    radius_m = radius_that_closes((spacing_m * uneven).astype(np.float32))
    assert spacing_m * 0.71 < radius_m < spacing_m * 1.5  # half a diagonal closes an even grid


@pytest.mark.parametrize("number", [0, 1, 3, 100])
def test_points_of_one_place_have_a_size(number):
    assert radius_that_closes(np.zeros((number, 3), np.float32)) > 0
