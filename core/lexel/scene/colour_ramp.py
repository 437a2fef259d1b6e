"""Numbers to colours, by the rule of `spec/formats.md`: index = floor(255 · clip(x, 0, 1) + 0.5).

`colour_ramps.bin` holds the 256 sRGB colours of each of `RAMPS`, one after the other. They are
matplotlib's (viridis, inferno: CC0; cividis: Nuñez, Anderton & Renslow, 2018; turbo: Mikhailov,
Google, Apache-2.0), written once by:

    from matplotlib import colormaps
    steps = numpy.arange(256)
    tables = [colormaps[name].resampled(256)(steps, bytes=True)[:, :3] for name in RAMPS]
    Path("colour_ramps.bin").write_bytes(numpy.stack(tables).tobytes())
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from lexel.errors import InputError

RAMPS = ("cividis", "viridis", "turbo", "inferno")
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
    """(..., 3) sRGB colours of numbers in 0..1."""
    index = np.floor(255 * np.clip(unit, 0, 1) + 0.5).astype(np.intp)
    colours: npt.NDArray[np.uint8] = ramp_table(ramp)[index]
    return colours


def ramp_table(ramp: str = DEFAULT_RAMP) -> npt.NDArray[np.uint8]:
    """The (256, 3) sRGB table of one of `RAMPS`.

    Raises:
        InputError: there is no such ramp.
    """
    if ramp not in RAMPS:
        raise InputError("there is no such colour map", got=ramp, do=f"Use {', '.join(RAMPS)}.")
    return _tables()[RAMPS.index(ramp)]


@cache
def _tables() -> npt.NDArray[np.uint8]:
    data = Path(__file__).with_name("colour_ramps.bin").read_bytes()
    return np.frombuffer(data, np.uint8).reshape(len(RAMPS), 256, 3)
