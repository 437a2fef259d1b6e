"""The colour table as an image: a texel for each row, WIDTH to a line."""

from __future__ import annotations

from typing import Any

import bpy
import numpy as np
import numpy.typing as npt

from .names import TABLE

WIDTH = 256


def new_table(rows: int) -> Any:
    """An image for at least that many rows, all clear.

    Its bytes are sRGB, but told to be plain data: they are mixed as they are, see `material`.
    """
    image = bpy.data.images.new(TABLE, WIDTH, _lines(rows), alpha=True)
    image.colorspace_settings.name = "Non-Color"
    image.alpha_mode = "CHANNEL_PACKED"  # colours are not to be multiplied by their opacity
    image.generated_color = (0, 0, 0, 0)
    return image


def fill_table(image: Any, rows: npt.NDArray[np.uint8]) -> bool:
    """Put (T, 4) sRGB and opacity into the image; whether it had to grow for them."""
    grown = _lines(len(rows)) > image.size[1]
    if grown:
        image.scale(WIDTH, _lines(len(rows)))
    texels = np.zeros((WIDTH * image.size[1], 4), np.float32)
    np.divide(rows, np.float32(255), out=texels[: len(rows)])
    image.pixels.foreach_set(texels.reshape(-1))
    image.update()
    image.update_tag()
    return bool(grown)


def _lines(rows: int) -> int:
    return max(1, -(-rows // WIDTH))
