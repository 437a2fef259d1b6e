"""What lies over the points of a picture: meshes, the hatching of inferred points, a selection.

Layers are put together once for each picture, so a keystroke blends one, whatever they were.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lexel.scene import Colour

_CHANNELS = 4
_OPAQUE = 255
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
        below += np.uint16(128)
        below += below >> np.uint16(8)
        below >>= np.uint16(8)


@dataclass(frozen=True, eq=False)
class Layer:
    """Some pixels, covered.

    Attributes:
        pixel: (M,) which, counted along the rows.
        rgb: (M, 3) or (3,) uint8.
        opacity: (M,) or one number, 0..1.
    """

    pixel: npt.NDArray[np.intp]
    rgb: npt.NDArray[np.uint8]
    opacity: npt.NDArray[np.float32] | float


def overlay_of(layers: list[Layer], num_pixels: int) -> Overlay | None:
    """Layers over each other, the last on top; None where they cover nothing."""
    layers = [layer for layer in layers if len(layer.pixel)]
    if not layers:
        return None
    colour = np.zeros((num_pixels, _CHANNELS), np.float32)
    through = np.ones(num_pixels, np.float32)
    for layer in layers:
        rest = 1 - np.asarray(layer.opacity, np.float32)
        below = colour[layer.pixel] * rest.reshape(-1, 1)
        below[:, :3] += np.asarray(layer.rgb, np.float32) * (1 - rest).reshape(-1, 1)
        below[:, 3] += _OPAQUE * (1 - rest)
        colour[layer.pixel] = below
        through[layer.pixel] *= rest
    remains = np.rint(through * _OPAQUE)
    # Rounded so that both parts never sum to more than 255², which is all that 16 bits allow.
    most = (_OPAQUE - remains)[:, None] * _OPAQUE
    whole = np.minimum(np.floor(colour * _OPAQUE), most).astype(np.uint16)
    return Overlay(whole, np.repeat(remains.astype(np.uint8)[:, None], _CHANNELS, axis=1))


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
