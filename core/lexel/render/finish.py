"""From drawn buffers to a picture: depth made visible, a quiet background, smooth edges."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lexel.render.passes import Canvas

_TOP, _BOTTOM = (250, 250, 251), (224, 226, 230)  # background, sRGB
_RING_PX = 2  # distance of the pixels compared for depth
_RING = ((0, 2), (2, 0), (1, 1), (1, -1))  # half of it; the other half lies opposite
_STRENGTH = 0.8
_EDGE = 14.0  # difference of neighbouring pixels, 0..255, from which an edge is softened


def finish(canvas: Canvas, reach_m: float) -> npt.NDArray[np.uint8]:
    """(H, W, 3) uint8: darkens what lies behind its neighbours by up to `reach_m`."""
    drawn = np.isfinite(canvas.depth_m)[..., None]
    shaded = canvas.rgb * depth_shade(canvas.depth_m, reach_m)[..., None]
    picture = np.where(drawn, shaded, background(canvas.depth_m.shape[0]))
    return np.clip(soften_edges(picture) + 0.5, 0, 255).astype(np.uint8)


def depth_shade(depth_m: npt.NDArray[np.float32], reach_m: float) -> npt.NDArray[np.float32]:
    """Eye-dome lighting: 1 on open surfaces, less beside something nearer.

    Opposite neighbours are taken together, so that a plane seen at a slant stays even.
    """
    padded = np.pad(depth_m, _RING_PX, constant_values=np.inf)
    own = np.where(np.isfinite(depth_m), depth_m, 0)
    behind = np.zeros_like(depth_m)
    for down, right in _RING:
        one = _behind(own, padded, down, right, reach_m)
        behind += np.maximum(one + _behind(own, padded, -down, -right, reach_m), 0)
    shade: npt.NDArray[np.float32] = np.exp(-_STRENGTH * behind / (reach_m * len(_RING)))
    return shade


def _behind(
    own: npt.NDArray[np.float32],
    padded: npt.NDArray[np.float32],
    down: int,
    right: int,
    reach_m: float,
) -> npt.NDArray[np.float32]:
    """How far each pixel lies behind the one `down` and `right` of it, within `reach_m`."""
    height, width = own.shape
    row, column = _RING_PX + down, _RING_PX + right
    other = padded[row : row + height, column : column + width]
    # Beside the background nothing is hidden, and nothing is in front.
    distance = np.where(np.isfinite(other), own - other, 0)
    clipped: npt.NDArray[np.float32] = np.clip(distance, -reach_m, reach_m)
    return clipped


def soften_edges(picture: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Blend across steps of brightness only (a cheap antialiasing after the fact)."""
    padded = np.pad(picture, ((1, 1), (1, 1), (0, 0)), mode="edge")
    mean = padded[:-2, 1:-1] + padded[2:, 1:-1] + padded[1:-1, :-2] + padded[1:-1, 2:]
    mean *= np.float32(0.25)
    mean -= picture
    red, green, blue = (np.abs(mean[..., channel]) for channel in range(3))
    step = np.maximum(np.maximum(red, green), blue)
    amount = np.clip((step - _EDGE) * np.float32(1 / (3 * _EDGE)), 0, np.float32(0.55))
    mean *= amount[..., None]
    softened: npt.NDArray[np.float32] = picture + mean
    return softened


def background(height_px: int) -> npt.NDArray[np.float32]:
    """(H, 1, 3): light above, a little less below."""
    down = np.linspace(0, 1, height_px, dtype=np.float32)[:, None, None]
    top, bottom = np.array(_TOP, np.float32), np.array(_BOTTOM, np.float32)
    return top + down * (bottom - top)
