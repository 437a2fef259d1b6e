"""Points all over triangles."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def spread_over(corners: npt.NDArray[np.floating], count: int) -> npt.NDArray[np.float32]:
    """(count, 3) points spread evenly over triangles (F, 3, 3); none where they have no area."""
    corners = corners.astype(np.float64)
    across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    area = np.linalg.norm(across, axis=1)
    total = area.sum()
    if not total > 0:
        return np.zeros((0, 3), np.float32)
    rng = np.random.default_rng(0)
    face = rng.choice(len(corners), count, p=area / total)
    a, b = rng.random((2, count, 1))
    a, b = np.where(a + b > 1, 1 - a, a), np.where(a + b > 1, 1 - b, b)
    first, second, third = np.moveaxis(corners[face], 1, 0)
    return np.asarray(first + a * (second - first) + b * (third - first), np.float32)
