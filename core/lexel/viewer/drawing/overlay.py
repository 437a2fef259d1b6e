"""What lies over the points of a picture: meshes, the hatching of inferred points, a selection.

Layers are put together once for each picture, so a keystroke blends one, whatever they were.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lexel.scene import Colour
from lexel.viewer.drawing.bands import in_bands

_CHANNELS = 4
_OPAQUE = 255
_BLOCK = 1 << 15  # pixels
_STRIPE_PX = 4  # width of a stripe and of the gap beside it, along the rows
_HATCH: Colour = (255, 255, 255)
_HATCH_OPACITY = 0.45
_SELECTED: Colour = (255, 140, 0)
_SELECTED_OPACITY, _RIM_OPACITY = 0.45, 1.0


@dataclass(frozen=True, eq=False)
class Overlay:
    """A layer of P pixels. Channels: red, green, blue, opacity.

    Attributes:
        colour: (P, 4) uint16, times its opacity: 0..255².
        through: (P, 4) uint8, how much of what lies below is seen.
    """

    colour: npt.NDArray[np.uint16]
    through: npt.NDArray[np.uint8]

    def cover(self, below: npt.NDArray[np.uint16], part: slice) -> None:
        """Blend over some pixels' channels (4 a pixel, 0..255), in place."""
        below *= self.through[part].reshape(-1)
        below += self.colour[part].reshape(-1)
        by_255(below)


@dataclass(frozen=True, eq=False)
class Layer:
    """Some pixels, covered.

    Attributes:
        pixel: (M,) which, counted along the rows, ascending.
        rgb: (M, 3) or (3,) uint8.
        opacity: (M,) or one number, 0..1.
    """

    pixel: npt.NDArray[np.intp]
    rgb: npt.NDArray[np.uint8]
    opacity: npt.NDArray[np.float32] | float


def by_255(products: npt.NDArray[np.uint16]) -> None:
    """Divided by 255 and rounded, in place; exact for products of two bytes."""
    products += np.uint16(128)
    products += products >> np.uint16(8)
    products >>= np.uint16(8)


def overlay_of(layers: list[Layer], num_pixels: int) -> Overlay | None:
    """Layers over each other, the last on top; None where they cover nothing."""
    layers = [layer for layer in layers if len(layer.pixel)]
    if not layers:
        return None
    colour = np.empty((num_pixels, _CHANNELS), np.uint16)
    through = np.empty((num_pixels, _CHANNELS), np.uint8)

    def one_block(first: int, end: int) -> None:
        colour[first:end], through[first:end] = _blended(layers, first, end)

    in_bands(num_pixels, one_block, _BLOCK)
    return Overlay(colour, through)


def _blended(
    layers: list[Layer], first: int, end: int
) -> tuple[npt.NDArray[np.uint16], npt.NDArray[np.uint8]]:
    """Colour and what is seen through it, as in `Overlay`, of the pixels from first to end."""
    colour = np.zeros((end - first, _CHANNELS), np.float32)
    through = np.ones(end - first, np.float32)
    for layer in layers:
        part = slice(*np.searchsorted(layer.pixel, (first, end)))
        pixel, rgb, opacity = layer.pixel[part] - first, layer.rgb, np.float32(layer.opacity)
        rgb = rgb[part] if rgb.ndim == 2 else rgb
        cover = (opacity[part] if opacity.ndim else opacity).reshape(-1, 1)
        below = colour[pixel] * (1 - cover)
        below[:, :3] += rgb * cover
        below[:, 3:] += _OPAQUE * cover
        colour[pixel] = below
        through[pixel] *= 1 - cover[:, 0]
    remains = np.rint(through * _OPAQUE)[:, None]
    # Rounded so that both parts never sum to more than 255², which is all that 16 bits allow.
    whole = np.minimum(np.floor(colour * _OPAQUE), (_OPAQUE - remains) * _OPAQUE)
    return whole.astype(np.uint16), np.broadcast_to(remains, whole.shape).astype(np.uint8)


def hatching(inferred: npt.NDArray[np.bool_]) -> Layer:
    """Diagonal stripes over (H, W) the pixels that show inferred points."""
    height, width = inferred.shape
    diagonal = np.arange(width) + np.arange(height)[:, None]
    pixel = np.flatnonzero(inferred & (diagonal // _STRIPE_PX % 2 == 0))
    return Layer(pixel, np.array(_HATCH, np.uint8), _HATCH_OPACITY)


def selection(selected: npt.NDArray[np.bool_]) -> list[Layer]:
    """A veil over (H, W) the pixels that show selected points, and a rim where they end."""
    core = selected.copy()
    for axis in (0, 1):
        for step in (-1, 1):
            core &= np.roll(selected, step, axis)
    colour = np.array(_SELECTED, np.uint8)
    return [
        Layer(np.flatnonzero(core), colour, _SELECTED_OPACITY),
        Layer(np.flatnonzero(selected & ~core), colour, _RIM_OPACITY),
    ]
