"""Random rotations, transforms, points and cameras; and what makes a transform rigid."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from lexel.geometry.transforms import from_quaternion, from_rotation, rotation_error, scaling

_coordinates = st.floats(-5, 5, allow_nan=False).map(lambda x: round(x, 6))
vectors = st.tuples(_coordinates, _coordinates, _coordinates).map(np.array)
directions = vectors.filter(lambda v: np.linalg.norm(v) > 0.1).map(lambda v: v / np.linalg.norm(v))
rotations = (
    st.tuples(_coordinates, _coordinates, _coordinates, _coordinates)
    .filter(lambda q: np.linalg.norm(q) > 0.1)
    .map(from_quaternion)
)
rigids = st.builds(from_rotation, rotations, vectors)
similarities = st.builds(lambda r, s: r @ scaling(s), rigids, st.floats(0.1, 10))
intrinsics = st.builds(
    lambda f, ratio, cx, cy: np.array([[f, 0, cx], [0, f * ratio, cy], [0, 0, 1.0]]),
    st.floats(20, 2000),
    st.floats(0.8, 1.25),
    st.floats(5, 100),
    st.floats(5, 100),
)


def is_rigid(matrix: np.ndarray) -> bool:
    """Whether `matrix` is a finite (4, 4) with a proper rotation and last row 0 0 0 1."""
    if matrix.shape != (4, 4) or not np.isfinite(matrix).all():
        return False
    last_row = np.abs(matrix[3] - [0.0, 0.0, 0.0, 1.0]).max() <= 1e-6
    proper = rotation_error(matrix[:3, :3]) <= 1e-6 and np.linalg.det(matrix[:3, :3]) > 0
    return bool(last_row and proper)
