"""An image of ids, coloured: what a keystroke costs is here, and it is O(pixels).

What hangs on the camera is prepared once (`prepare`); a new table of colours is then two look-ups
a pixel and a few multiplications of 16-bit whole numbers (`Drawn.colours`). Points get the very
colours of `Paint.colours` before light falls on them. P pixels, T rows of the table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lexel.query.paint import Paint
from lexel.scene import Colour
from lexel.viewer.drawing.bands import in_bands
from lexel.viewer.drawing.edl import eye_dome
from lexel.viewer.drawing.overlay import Overlay, by_255
from lexel.viewer.drawing.splat import IdPass

Image = npt.NDArray[np.uint8]
_CHANNELS = 4
_BLOCK = 1 << 15  # pixels: everything about them stays in the cache
_OPAQUE = 255


@dataclass(frozen=True, eq=False)
class Drawn:
    """All that colours need of a picture. Channels: red, green, blue, opacity.

    Attributes:
        size_px: width, height.
        row: (P,) int32, row of the table below the one for nothing: 0 where nothing is, else
            the point's index + 1, and -1 for the last row.
        own: (P, 4) uint8, the points' own colours, and the background where no point is.
        light: (P, 4) uint8, by which colours are multiplied; never the opacity.
        overlay: what covers the points: meshes, hatching, the selection.
    """

    size_px: tuple[int, int]
    row: npt.NDArray[np.int32]
    own: Image
    light: Image
    overlay: Overlay | None = None

    def colours(self, paint: Paint) -> Image:
        """(H, W, 4) uint8, sRGB and opacity, of a paint with the index of the prepared one."""
        tint, keep = _tables(paint)
        width, height = self.size_px
        image = np.empty((height * width, _CHANNELS), np.uint8)

        def one_block(first: int, end: int) -> None:
            part = slice(first, end)
            mixed = tint.take(self.row[part], mode="wrap").view(np.uint16)
            kept = keep.take(self.row[part], mode="wrap").view(np.uint8)
            mixed += np.multiply(self.own[part].reshape(-1), kept, dtype=np.uint16)
            by_255(mixed)
            mixed *= self.light[part].reshape(-1)
            by_255(mixed)
            if self.overlay is not None:
                self.overlay.cover(mixed, part)
            image[part] = mixed.reshape(-1, _CHANNELS)

        in_bands(height * width, one_block, _BLOCK)
        return image.reshape(height, width, _CHANNELS)


def prepare(
    seen: IdPass,
    paint: Paint,
    background: Colour | None,
    eye_dome_strength: float = 1.0,
    overlay: Overlay | None = None,
) -> Drawn:
    """Everything about a picture but the table of colours.

    Args:
        background: None: transparent.
    """
    height, width = seen.ids.shape
    ids = seen.ids.reshape(-1)
    row, own = np.empty(len(ids), np.int32), np.empty((len(ids), _CHANNELS), np.uint8)
    rgb = np.ascontiguousarray(paint.rgb).view("V3")[:, 0]  # looked up in one move
    nothing = (0, 0, 0, 0) if background is None else (*background, _OPAQUE)

    def one_block(first: int, end: int) -> None:
        part = slice(first, end)
        point = np.maximum(ids[part], 0)
        index = paint.index.take(point) + np.int32(1)
        index[index <= 0] = -1
        own[part, :3] = rgb.take(point).view(np.uint8).reshape(-1, 3)
        own[part, 3] = _OPAQUE
        empty = np.flatnonzero(ids[part] < 0)
        index[empty], own[part][empty] = 0, nothing
        row[part] = index

    if len(paint.index):
        in_bands(len(ids), one_block, _BLOCK)
    else:
        row[:], own[:] = 0, nothing
    light = np.full((len(ids), _CHANNELS), _OPAQUE, np.uint8)
    if eye_dome_strength > 0:
        grey = eye_dome(seen.depth_m, eye_dome_strength).reshape(-1)
        for channel in range(3):
            light[:, channel] = grey
    return Drawn((width, height), row, own, light, overlay)


def mean_of(images: Sequence[Image]) -> Image:
    """The mean of (H, W, 4) opaque images."""
    out, number = np.empty_like(images[0]), np.uint16(len(images))

    def one_band(first: int, end: int) -> None:
        total = images[0][first:end].astype(np.uint16)
        for other in images[1:]:
            total += other[first:end]
        total += number // np.uint16(2)
        out[first:end] = total // number

    in_bands(len(out), one_band)
    return out


def _tables(paint: Paint) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint32]]:
    """(T + 1,) each: opacity times colour, and what remains of the point's own colour.

    A row is one number, so that it is looked up in one move. Row 0 is that of nothing.
    """
    opacity = np.floor(paint.table[:, 3] * np.float32(paint.over_rgb) + np.float32(0.5))
    cover = opacity.astype(np.uint16)[:, None]
    tint = np.zeros((len(paint.table) + 1, _CHANNELS), np.uint16)
    tint[1:, :3] = cover * paint.table[:, :3]
    keep = np.full((len(paint.table) + 1, _CHANNELS), _OPAQUE, np.uint8)
    keep[1:, :3] = _OPAQUE - cover
    return tint.view(np.uint64)[:, 0], keep.view(np.uint32)[:, 0]
