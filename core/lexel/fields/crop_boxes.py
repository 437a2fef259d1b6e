"""Which squares of an image show a region: around it, or within it where it is spread out."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lexel.fields.regions import Regions

Boxes = npt.NDArray[np.float64]  # (R, 4) x0 y0 x1 y1, pixels

_CROP_MARGIN = 0.15  # of the region's box, on each side
_CONTEXT = 2.5  # times the region's longer side
_MIN_SIDE_PX = 16  # smaller crops are a few colours
_COMPACT = 0.5  # of its square that a region fills; what fills less has others before it
_INNER_SHARE = 0.05  # of the image's shorter side that a square within must have


def crop_boxes(regions: Regions) -> tuple[Boxes, Boxes]:
    """For every region its crop and its context crop, (R, 4) each.

    The square about a wall shows all that stands before it. Where a region leaves most of its
    square to others, the largest square within shows it instead, and is its context too.
    """
    shape = regions.label.shape
    crop = _squares(regions.box, shape, 1 + 2 * _CROP_MARGIN)
    context = _squares(regions.box, shape, _CONTEXT)
    for number in _spread(regions):
        inner = _inner_square(regions, number)
        if inner[2] - inner[0] >= _INNER_SHARE * min(shape):
            crop[number] = context[number] = inner
    return crop, context


def _spread(regions: Regions) -> npt.NDArray[np.int64]:
    """Numbers of the regions that fill less than half of the square about them."""
    area = np.bincount(regions.label[regions.label >= 0], minlength=len(regions))
    side = (regions.box[:, 2:] - regions.box[:, :2]).max(axis=1, initial=1)
    return np.flatnonzero(area < _COMPACT * side.astype(np.float64) ** 2)


def _inner_square(regions: Regions, number: int) -> npt.NDArray[np.float64]:
    """(4,) the largest square in the circle about the region's innermost pixel."""
    from scipy.ndimage import distance_transform_edt

    x0, y0, x1, y1 = regions.box[number]
    inside = np.pad(regions.label[y0:y1, x0:x1] == number, 1)
    away = distance_transform_edt(inside)[1:-1, 1:-1]
    row, column = np.unravel_index(away.argmax(), away.shape)
    height, width = regions.label.shape
    side = min(float(away.max()) * np.sqrt(2), height, width)
    left = np.clip(x0 + column + 0.5 - side / 2, 0, width - side)
    top = np.clip(y0 + row + 0.5 - side / 2, 0, height - side)
    return np.array([left, top, left + side, top + side])


def _squares(boxes: npt.NDArray[np.int32], shape: tuple[int, ...], scale: float) -> Boxes:
    """(R, 4) squares about boxes, `scale` times their longer side, moved and cut to the image."""
    height, width = shape
    low, high = boxes[:, :2].astype(np.float64), boxes[:, 2:].astype(np.float64)
    side = np.maximum((high - low).max(axis=1, initial=0) * scale, _MIN_SIDE_PX)
    size = np.minimum(side[:, None], [width, height])
    start = ((low + high - size) / 2).clip(0, np.array([width, height]) - size)
    return np.concatenate([start, start + size], axis=1)
