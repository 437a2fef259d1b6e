"""Bringing a bent image, or depth of a camera of its own, onto the pixels of a straight image."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from lexel.geometry.lenses import Lens, bent_pixels, usable_radius

Float = npt.NDArray[np.float64]
_ROWS_AT_ONCE = 128  # bounds the memory, whatever the image


def straighten_rgb(
    rgb: npt.NDArray[np.uint8], intrinsics: Float, lens: Lens
) -> npt.NDArray[np.uint8]:
    """(H, W, 3) without what the lens did to it; black where it shows nothing."""
    from scipy.ndimage import map_coordinates

    height, width = rgb.shape[:2]
    straight = np.zeros_like(rgb)
    for rows, uv in _taken_at(intrinsics, (width, height), intrinsics, lens):
        inside = _inside(uv, (width, height))
        at = uv[inside][:, ::-1].T - 0.5  # scipy counts pixel centres at integers
        for channel in range(3):
            values = map_coordinates(rgb[..., channel], at, np.float32, order=1, mode="nearest")
            straight[rows, :, channel][inside] = np.rint(values)
    return straight


def take_depth(
    depth_m: npt.NDArray[np.float32],
    intrinsics: Float,
    lens: Lens,
    target: Float,
    size_px: tuple[int, int],
) -> npt.NDArray[np.float32]:
    """Depth (h, w) of a camera, by nearest sample, on the pixels of a straight camera.

    `intrinsics` and `lens` are of the camera that took it, `target` (3, 3) and `size_px`
    (width, height) of the straight one at the same place. 0 where there is none.
    """
    height, width = depth_m.shape
    taken = np.zeros((size_px[1], size_px[0]), np.float32)
    for rows, uv in _taken_at(target, size_px, intrinsics, lens):
        inside = _inside(uv, (width, height))
        column, row = np.floor(uv[inside]).astype(np.intp).T
        column, row = column.clip(0, width - 1), row.clip(0, height - 1)
        taken[rows][inside] = depth_m[row, column]
    return taken


def _taken_at(
    target: Float, size_px: tuple[int, int], intrinsics: Float, lens: Lens
) -> Iterator[tuple[slice, Float]]:
    """Blocks of rows of the straight image, each with where its pixels (h, W, 2) were taken."""
    width, height = size_px
    usable = usable_radius(lens, target, size_px)
    u = np.arange(width) + 0.5
    for start in range(0, height, _ROWS_AT_ONCE):
        rows = slice(start, min(start + _ROWS_AT_ONCE, height))
        v = np.arange(rows.start, rows.stop) + 0.5
        pixels = np.stack(np.broadcast_arrays(u, v[:, None]), axis=-1)
        taken = bent_pixels(pixels, target, intrinsics, lens)
        radius = np.hypot(*np.moveaxis((pixels - target[:2, 2]) / target[[0, 1], [0, 1]], -1, 0))
        taken[radius > usable] = np.nan
        yield rows, taken


def _inside(uv: Float, size_px: tuple[int, int]) -> npt.NDArray[np.bool_]:
    with np.errstate(invalid="ignore"):
        return np.asarray(((uv >= 0) & (uv <= size_px)).all(axis=-1))
