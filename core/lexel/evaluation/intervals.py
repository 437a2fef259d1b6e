"""How far a result might be another in other rooms: a bootstrap over rooms."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def room_weights(rooms: int, draws: int, seed: int) -> NDArray[np.float64]:
    """[1 + draws, rooms]: how often each room counts.

    First each once, then as often as it comes when as many rooms are drawn with replacement.
    """
    rng = np.random.default_rng(seed)
    drawn = rng.multinomial(rooms, np.full(rooms, 1 / rooms), draws)
    return np.concatenate([np.ones((1, rooms)), drawn])


def percentiles(values: NDArray[np.float64]) -> tuple[float, float]:
    """The 95 % interval of drawn values that are not NaN; NaN where none are left."""
    known = values[np.isfinite(values)]
    low, high = np.percentile(known, [2.5, 97.5]) if len(known) else (np.nan, np.nan)
    return float(low), float(high)
