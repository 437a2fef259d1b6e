"""Numbers to colours."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

# Even steps in it look even to everybody, colour-blind readers and grey printers included.
DEFAULT_RAMP = "cividis"


def unit_scale(values: npt.NDArray[np.floating[Any]]) -> npt.NDArray[np.float32]:
    """`values` stretched to 0..1; all 1 when they are all equal (found is found)."""
    if len(values) == 0:
        return np.zeros(0, np.float32)
    low, high = float(values.min()), float(values.max())
    if not high > low:
        return np.ones(len(values), np.float32)
    return ((values - low) / (high - low)).astype(np.float32)


def ramp_colours(unit: npt.NDArray[Any], ramp: str = DEFAULT_RAMP) -> npt.NDArray[np.uint8]:
    """(..., 3) sRGB colours of numbers in 0..1, by the rule of `spec/formats.md`."""
    table = ramp_table(ramp)
    index = np.floor(255 * np.clip(unit, 0, 1) + 0.5).astype(np.intp)
    colours: npt.NDArray[np.uint8] = table[index]
    return colours


def ramp_table(ramp: str = DEFAULT_RAMP) -> npt.NDArray[np.uint8]:
    """The (256, 3) sRGB table of a named colour map."""
    from matplotlib import colormaps

    table = np.asarray(colormaps[ramp].resampled(256)(np.arange(256), bytes=True))
    return table[:, :3].astype(np.uint8)
