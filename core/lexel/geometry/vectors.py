"""Vectors that count by their direction."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt


def unit_rows(vectors: npt.ArrayLike) -> npt.NDArray[np.float32]:
    """(..., D) float32 at length 1; a row of zeros stays."""
    rows: npt.NDArray[Any] = np.asarray(vectors, np.float32)
    length = np.linalg.norm(rows, axis=-1, keepdims=True)
    return rows / np.maximum(length, np.finfo(np.float32).tiny)
