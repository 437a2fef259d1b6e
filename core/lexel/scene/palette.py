"""Colours that tell labels apart."""

from __future__ import annotations

import colorsys

from lexel.scene.answer import Colour

# Twenty colours by Okabe-Ito's and Tableau's example: the first eight stay apart for most
# colour-blind eyes, the rest vary lightness as well as hue.
_FIRST: tuple[Colour, ...] = (
    (0, 114, 178),
    (230, 159, 0),
    (0, 158, 115),
    (213, 94, 0),
    (86, 180, 233),
    (204, 121, 167),
    (240, 228, 66),
    (110, 110, 110),
    (90, 60, 150),
    (140, 86, 75),
    (170, 220, 140),
    (250, 170, 160),
    (23, 190, 207),
    (128, 20, 60),
    (188, 189, 34),
    (160, 190, 230),
    (20, 90, 60),
    (255, 200, 110),
    (200, 170, 220),
    (60, 60, 30),
)
_GOLDEN_RATIO = 0.618033988749895


def label_colours(count: int) -> list[Colour]:
    """`count` colours, the first ones the easiest to tell apart."""
    return [_FIRST[i] if i < len(_FIRST) else _further(i) for i in range(count)]


def _further(index: int) -> Colour:
    hue = index * _GOLDEN_RATIO % 1.0
    value = 0.95 if index % 2 else 0.65
    red, green, blue = colorsys.hsv_to_rgb(hue, 0.6, value)
    return round(red * 255), round(green * 255), round(blue * 255)
