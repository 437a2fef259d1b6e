"""Shades: of a colour for scores, so that several can share a picture; of what steps back."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lexel.scene import Colour

_PALE = 0.72  # share of white at the lowest score


def tinted_ramp(colour: Colour, unit: npt.NDArray[np.float32]) -> npt.NDArray[np.uint8]:
    """(N, 3) sRGB: from a pale tint at 0 to `colour` itself at 1."""
    full = np.array(colour, np.float32)
    pale = full * (1 - _PALE) + 255 * _PALE
    mixed = pale + (full - pale) * np.clip(unit, 0, 1)[:, None]
    return np.round(mixed).astype(np.uint8)


def fade_colours(rgb: npt.NDArray[np.uint8], fade: float) -> npt.NDArray[np.uint8]:
    """(N, 3) sRGB: towards a light grey by `fade`, so that other things stand out."""
    grey = rgb.mean(axis=1, keepdims=True) * 0.55 + 255 * 0.40
    return np.clip(rgb * (1 - fade) + grey * fade, 0, 255).astype(np.uint8)
