"""Small clouds, cameras and paints to draw with."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from hypothesis import strategies as st

from lexel.geometry.cameras import look_at
from lexel.query.paint import Paint
from lexel.scene.recipe import Projection
from lexel.viewer.drawing.camera import Camera, default_lens

SIZE_PX = (64, 48)


def points(number: int, seed: int = 0, within_m: float = 1.0) -> npt.NDArray[np.float32]:
    """(N, 3) in a cube about the origin."""
    random = np.random.default_rng(seed)
    return random.uniform(-within_m, within_m, (number, 3)).astype(np.float32)


def paint(number: int, seed: int = 0, rows: int = 5, over_rgb: float = 0.7) -> Paint:
    random = np.random.default_rng(seed)
    return Paint(
        random.integers(-1, rows, number).astype(np.int32),
        random.integers(0, 256, (rows, 4), np.uint8),
        random.integers(0, 256, (number, 3), np.uint8),
        over_rgb,
    )


def camera(
    eye_m: tuple[float, float, float] = (3.0, -2.0, 1.5),
    projection: Projection = Projection.PERSPECTIVE,
    size_px: tuple[int, int] = SIZE_PX,
    scale_m: float = 4.0,
) -> Camera:
    """Looks at the origin."""
    pose = look_at(np.array(eye_m), np.zeros(3))
    return Camera(pose, size_px, default_lens(size_px), scale_m, projection)


def plane(side: int, step_m: float) -> npt.NDArray[np.float32]:
    """(side², 3): a square of points at x = 0."""
    axis = (np.arange(side) - (side - 1) / 2) * step_m
    y, z = np.meshgrid(axis, axis)
    return np.stack([np.zeros(y.size), y.ravel(), z.ravel()], axis=1).astype(np.float32)


projections = st.sampled_from(Projection)
_places = st.floats(-4, 4).filter(lambda x: abs(x) > 0.3)
cameras = st.builds(
    camera,
    st.tuples(_places, _places, _places),
    projections,
    st.tuples(st.integers(20, 200), st.integers(20, 200)),
    st.floats(0.5, 20),
)
