"""How large points are drawn."""

from __future__ import annotations

import numpy as np
import pytest

from lexel.viewer.drawing.cloud import arrange
from lexel.viewer.spacing import point_radius_m


@pytest.mark.parametrize("spacing_m", [0.01, 0.3])
@pytest.mark.parametrize("side", [100, 700])
def test_discs_close_a_surface_without_swallowing_it(spacing_m, side):
    rows = np.stack(np.meshgrid(np.arange(side), np.arange(side), [0]), axis=-1).reshape(-1, 3)
    uneven = rows + np.random.default_rng(0).uniform(-0.4, 0.4, rows.shape) * [1, 1, 0]
    radius_m = point_radius_m(arrange((spacing_m * uneven).astype(np.float32)))
    assert spacing_m * 0.6 < radius_m < spacing_m * 1.5


def test_a_single_point_has_a_size():
    assert point_radius_m(arrange(np.zeros((1, 3), np.float32))) > 0
