"""Eye-dome lighting: edges and hollows become visible from the depths alone.

A pixel is darkened by how much nearer its neighbours lie (Boucheny, 2009). Depths count by their
logarithm, so that a step of a hundredth looks alike near and far.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lexel.viewer.drawing.bands import in_bands

Light = npt.NDArray[np.uint8]
_STRENGTH = 30.0
# (down, right) in pixels, and how much a neighbour counts.
_AROUND = (
    *((down, right, 1.0) for down, right in ((0, 1), (1, 0), (0, -1), (-1, 0))),
    *((down, right, 0.5) for down, right in ((2, 2), (2, -2), (-2, -2), (-2, 2))),
)
_EDGE_PX = 2
_DARKEST = 0.2
_ONE_OCTAVE = 1 << 23  # in the bits of a float32
_MOST = 0.25  # octaves that one neighbour counts: a far wall behind an edge is far enough


def eye_dome(depth_m: npt.NDArray[np.float32], strength: float = 1.0) -> Light:
    """(H, W) 0..255 from z-depths that are infinite where nothing is; there it is 255."""
    height, width = depth_m.shape
    light = np.empty((height, width), np.uint8)
    # The bits of a positive float, read as a whole number, are its logarithm but for a bend.
    octaves = np.pad(depth_m.view(np.int32), _EDGE_PX, mode="edge")

    def one_band(first: int, end: int) -> None:
        nearer = _nearer(octaves[first : end + 2 * _EDGE_PX], (end - first, width))
        factor = np.exp(nearer * np.float32(-strength * _STRENGTH / _ONE_OCTAVE))
        shades = np.float32(255 * (1 - _DARKEST)) * factor + np.float32(255 * _DARKEST + 0.5)
        light[first:end] = shades
        light[first:end][np.isinf(depth_m[first:end])] = 255

    in_bands(height, one_band)
    return light


def _nearer(around: npt.NDArray[np.int32], shape: tuple[int, int]) -> npt.NDArray[np.float32]:
    """Mean octaves (in bits) by which neighbours lie nearer."""
    height, width = shape
    here = around[_EDGE_PX : _EDGE_PX + height, _EDGE_PX : _EDGE_PX + width]
    most = np.int32(_MOST * _ONE_OCTAVE)
    total = np.zeros(shape, np.float32)
    for down, right, weight in _AROUND:
        rows = around[_EDGE_PX + down : _EDGE_PX + down + height]
        step = here - rows[:, _EDGE_PX + right : _EDGE_PX + right + width]
        np.clip(step, 0, most, out=step)
        total += step * np.float32(weight)
    return total / np.float32(sum(weight for *_, weight in _AROUND))
