"""Square crops round single things, as the relevancy extractor cuts photographs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from lexel.relevancy.presets import PRESETS

MARGIN = 1.25  # side of a crop, in the larger extent of what is seen of the thing
# The extractor's smallest crop, in photograph heights.
SMALLEST = float(min(PRESETS["ours"].scales))


def crop_round(rgb: NDArray[np.uint8], mask: NDArray[np.bool_]) -> Image.Image:
    """The part of a photograph [H, W, 3] round the true pixels of `mask` [H, W]; square.

    It has no more than the photograph's height, no less than the extractor's smallest crop, and
    lies wholly in the photograph.
    """
    row, column, side = square_round(mask)
    return Image.fromarray(rgb[row : row + side, column : column + side])


def square_round(mask: NDArray[np.bool_]) -> tuple[int, int, int]:
    """(row, column, side) in pixels of the square that `crop_round` cuts."""
    height, width = mask.shape
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    extent = 1 + max(np.ptp(rows), np.ptp(columns))
    most = min(height, width)
    side = int(np.clip(round(MARGIN * extent), round(SMALLEST * most), most))
    corner = [(axis[0] + axis[-1] + 1 - side) / 2 for axis in (rows, columns)]
    row, column = np.clip(np.round(corner), 0, (height - side, width - side)).astype(int)
    return int(row), int(column), side
