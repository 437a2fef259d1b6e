"""Query by example: points that were picked, or a lasso's, instead of words."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lexel.errors import InputError
from lexel.query.engine import Engine
from lexel.query.vectors import Example
from lexel.scene.field import Floats

_LEAST = 1e-6


def example_of_codes(
    engine: Engine,
    codes: npt.ArrayLike,
    weights: npt.ArrayLike | None = None,
    name: str = "example",
) -> Example:
    """What the points with these codes have in common: the weighted mean of their meaning.

    Args:
        codes: (M,) one for each picked point; a code that many points have may come as often.
        weights: (M,); negative ones lead away from what was picked (Rocchio). None: all 1.

    Raises:
        InputError: nothing was picked, or the weights cancel each other or are not one for each.
    """
    picked = np.asarray(codes, np.intp)
    if not picked.size:
        raise InputError("no points were picked")
    shares = np.ones(len(picked)) if weights is None else np.asarray(weights, np.float64)
    if len(shares) != len(picked):
        raise InputError("each picked point needs one weight", got=len(shares))
    used, place = np.unique(picked, return_inverse=True)
    if used[0] < 0 or used[-1] >= len(engine):
        raise InputError("a picked point has a code that the field has not", got=used[[0, -1]])
    total = np.bincount(place, shares, len(used)).astype(np.float32)
    visual = _mean(engine.rows.visual[used], total)
    if visual is None:
        raise InputError("the weights of the picked points cancel each other")
    sentence = None if engine.rows.sentence is None else _mean(engine.rows.sentence[used], total)
    return Example(name, visual, sentence)


def _mean(rows: Floats, weights: Floats) -> Floats | None:
    """The direction of the weighted sum of rows; None where there is none."""
    total = weights @ rows
    length = float(np.sqrt(total @ total))
    return total / np.float32(length) if length > _LEAST * float(np.abs(weights).sum()) else None
