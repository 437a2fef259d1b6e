"""Colours of points as a table that they look up: what every client draws.

A keystroke makes a new table of T rows; the N points keep their index. A client that holds an
image of point ids colours its pixels only. Letters: N points, M of them, T rows of the table.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lexel.query.colour import Colours, expand
from lexel.scene import Colour


@dataclass(frozen=True, eq=False)
class Paint:
    """What colour each point has.

    Attributes:
        index: (N,) int32, a point's row in the table; -1 stands for the last row.
        table: (T, 4) uint8, sRGB and opacity over the points' own colours.
        rgb: (N, 3) uint8, sRGB, the points' own colours.
        over_rgb: 0..1, how opaque an opaque row is.
    """

    index: npt.NDArray[np.int32]
    table: Colours
    rgb: Colours
    over_rgb: float = 1.0

    def colours(self, points: npt.NDArray[np.integer] | slice = slice(None)) -> Colours:
        """(M, 3) sRGB colours of the points of these numbers, or of all.

        In whole numbers, so that all clients get the same: floor((a · table + (255 - a) · rgb) /
        255 + 1/2) where a = floor(opacity · over_rgb + 1/2).
        """
        rows = expand(self.table, self.index[points])
        opacity = np.floor(rows[:, 3:] * np.float32(self.over_rgb) + np.float32(0.5))
        cover = opacity.astype(np.uint32)
        mixed = cover * rows[:, :3] + (255 - cover) * self.rgb[points]
        return ((2 * mixed + 255) // 510).astype(np.uint8)


@dataclass(frozen=True)
class LegendEntry:
    """A colour and what it stands for."""

    text: str
    colour: Colour


@dataclass(frozen=True)
class ColourBar:
    """A colour map and the numbers at its ends.

    Attributes:
        title: what is shown.
        colour_map: one of `lexel.scene.colour_ramp.RAMPS`.
        low, high: where its colours begin and end.
        unit: of these numbers.
    """

    title: str
    colour_map: str
    low: float
    high: float
    unit: str


@dataclass(frozen=True, eq=False)
class Painting:
    """Colours, and how to read them: entries of a legend, or a colour bar, or neither."""

    paint: Paint
    entries: tuple[LegendEntry, ...] = ()
    bar: ColourBar | None = None
