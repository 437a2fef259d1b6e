"""Answers as colours: a table with an entry for each code, which the points look up.

So a keystroke costs K entries and one gather of N · 4 bytes; no number is computed for a point.
Letters: N points, K codes, C channels.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from lexel.query.answer import CodeScores
from lexel.scene import Colour
from lexel.scene.colour_ramp import DEFAULT_RAMP, ramp_colours
from lexel.scene.field import Floats

Colours = npt.NDArray[np.uint8]
T = TypeVar("T", np.float32, np.uint8, np.int32)

NO_COLOUR: Colour = (128, 128, 128)
_OPAQUE = 255
_BLOCK = 1 << 14  # points looked up at a time: index, table and result stay in the cache


def heat_colours(heat: Floats, ramp: str = DEFAULT_RAMP) -> Colours:
    """(K, 4) sRGB and opacity of heats 0..1, such as `CodeScores.heat`."""
    return _with_opacity(ramp_colours(heat, ramp), np.full(len(heat), _OPAQUE, np.uint8))


def label_colours_of(answer: CodeScores, colours: Sequence[Colour]) -> Colours:
    """(K, 4): each code in the colour of its best query; below its threshold grey and clear.

    Args:
        colours: one for each query, such as `lexel.scene.palette.label_colours` gives.
    """
    selected = np.stack([answer.selected(query) for query in range(len(answer.names))])
    found = np.take_along_axis(selected, answer.best[None].astype(np.intp), axis=0)[0]
    rgb = np.array(colours, np.uint8)[answer.best]
    rgb[~found] = NO_COLOUR
    return _with_opacity(rgb, np.where(found, _OPAQUE, 0))


def expand(table: npt.NDArray[T], index: npt.NDArray[np.int32]) -> npt.NDArray[T]:
    """A (K,) or (K, C) table looked up by points: (N,) or (N, C).

    Args:
        index: (N,) the points' codes, or their instances where -1 stands for the last entry
            (`lexel.query.places.table_over_ids`). Trusted: the field's reader has checked it.
    """
    size = table.dtype.itemsize * math.prod(table.shape[1:])
    entry = np.dtype(np.uint32 if size == 4 else f"V{size}")  # four bytes are copied in one move
    entries = np.ascontiguousarray(table).reshape(len(table), -1).view(entry)[:, 0]
    points = np.empty(len(index), entry)
    for start in range(0, len(index), _BLOCK):
        block = slice(start, start + _BLOCK)
        np.take(entries, index[block], out=points[block], mode="wrap")
    return points.view(table.dtype).reshape(len(index), *table.shape[1:])


def _with_opacity(rgb: Colours, opacity: npt.NDArray[np.integer]) -> Colours:
    return np.concatenate([rgb, opacity[:, None].astype(np.uint8)], axis=1)
