"""Pictures of meshes are bounded together, and their places are numbers."""

from __future__ import annotations

import numpy as np
import pytest

from lexel.errors import SceneError
from lexel.io.textures import check_budget, finite_uv


def test_pictures_are_bounded_together() -> None:
    large = np.broadcast_to(np.uint8(0), (8192, 8192, 3))  # takes no memory
    check_budget([large, None, large, large], large, "here")
    with pytest.raises(SceneError, match="together they are too large"):
        check_budget([large] * 4, np.zeros((1, 1, 3), np.uint8), "here")


def test_places_that_are_no_numbers_are_put_to_0() -> None:
    uv = np.array([0.5, np.nan, -np.inf, 1e30, -7.25])
    np.testing.assert_array_equal(finite_uv(uv), [0.5, 0, 0, 0, -7.25])
