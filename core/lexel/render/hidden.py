"""What was found but is hidden: it shines through, and a line goes around it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

_GLOW = 0.6  # how opaque it is where something is in front
_HALO = (255, 255, 255)  # beside the line, so that it is seen on any colour
_THERE = 128  # opacity, 0..255


def show_hidden(
    whole: npt.NDArray[np.uint8], alone: npt.NDArray[np.uint8], line_px: int
) -> npt.NDArray[np.uint8]:
    """`whole` with what `alone` shows: both (H, W, 4), sRGB and opacity, of one camera."""
    from scipy.ndimage import binary_dilation

    there = alone[..., 3] >= _THERE
    if not there.any():
        return whole
    picture = whole.astype(np.float32)
    picture[there] += _GLOW * (alone[there] - picture[there])
    line = binary_dilation(there, _disc(line_px)) & ~there
    halo = binary_dilation(there, _disc(2 * line_px)) & ~there & ~line
    picture[halo] = (*_HALO, 255)
    picture[line] = (*_darker(alone[there][:, :3]), 255)
    return np.rint(picture).astype(np.uint8)


def _disc(radius: int) -> npt.NDArray[np.bool_]:
    across = np.arange(-radius, radius + 1)
    return np.asarray(across[:, None] ** 2 + across**2 <= radius**2)


def _darker(rgb: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
    return np.asarray(0.7 * np.median(rgb, axis=0))
