"""The key of a figure: its legend and its colour bar, drawn pixel by pixel.

It is laid over the rendered picture, so that letters are sharp at any size and colours are those
of the tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lexel.query.paint import ColourBar, LegendEntry
from lexel.render.fonts import font, wrap
from lexel.scene import Colour
from lexel.scene.colour_ramp import ramp_table

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

INFERRED = "hatched: filled in, not seen"
HIDDEN = "outlined: shown through what hides it"

_DARK, _LIGHT = (30, 32, 36), (240, 241, 243)
_LINE, _GAP = 1.32, 0.55  # of the text's size: from line to line, between items
_BAR = (0.95, 8.0)  # width, height of a colour bar
_MAX_LINES = 4
_LETTER = 0.56  # its width, on average
_CARD_FILL, _CARD_LINE = (255, 255, 255, 226), (212, 215, 221, 255)


@dataclass(frozen=True)
class Key:
    """What a figure's colours mean.

    Attributes:
        entries: colours and names.
        bar: a colour map with its ends.
        notes: sentences below.
    """

    entries: tuple[LegendEntry, ...] = ()
    bar: ColourBar | None = None
    notes: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        return not self.entries and self.bar is None


def ink_on(background: Colour | None) -> Colour:
    """The colour of text on a background; None: on whatever paper a clear picture is laid."""
    if background is None:
        return _DARK
    red, green, blue = background
    return _DARK if 0.299 * red + 0.587 * green + 0.114 * blue > 110 else _LIGHT


def draw_key(key: Key, text_px: int, max_px: tuple[int, int], ink: Colour) -> Image:
    """A clear picture, no larger than needed and at most `max_px` wide and high, with the key."""
    from PIL import Image, ImageDraw

    size = text_px
    while True:
        sheet = Image.new("RGBA", (max_px[0], 4 * max_px[1]), (*ink, 0))
        pen = _Pen(sheet, ImageDraw.Draw(sheet), size, ink)
        width, height = pen.draw(key)
        if height <= max_px[1] or size <= 8:
            return sheet.crop((0, 0, max(1, width), max(1, min(height, max_px[1]))))
        size -= 1


def on_card(key: Image, pad_px: int) -> Image:
    """The key on a light card: readable over a picture."""
    from PIL import Image, ImageDraw

    card = Image.new("RGBA", (key.width + 2 * pad_px, key.height + 2 * pad_px), (255, 255, 255, 0))
    box = (0, 0, card.width - 1, card.height - 1)
    draw = ImageDraw.Draw(card)
    draw.rounded_rectangle(box, pad_px // 2, fill=_CARD_FILL, outline=_CARD_LINE)
    card.alpha_composite(key, (pad_px, pad_px))
    return card


class _Pen:
    """Draws items below each other."""

    def __init__(self, sheet: Image, draw: ImageDraw, size: int, ink: Colour) -> None:
        self._sheet, self._draw, self._size, self._ink = sheet, draw, size, ink
        self._y, self._right = 0, 0

    def draw(self, key: Key) -> tuple[int, int]:
        """Draw it all; the width and height that it took."""
        if key.bar is not None:
            self._bar(key.bar)
        for entry in key.entries:
            self._entry(entry)
        for note in key.notes:
            self._y += round(0.3 * self._size)
            self._lines(note, 0, round(0.85 * self._size))
        return min(self._right + 1, self._sheet.width), round(self._y)

    def _bar(self, bar: ColourBar) -> None:
        self._lines(bar.title, 0, self._size)
        self._y += round(0.35 * self._size)
        width, height = (round(part * self._size) for part in _BAR)
        self._ramp((0, self._y, width, height), bar.colour_map)
        small, x = round(0.85 * self._size), width + round(0.45 * self._size)
        for value, y, anchor in ((bar.high, self._y, "lt"), (bar.low, self._y + height, "lb")):
            self._text(f"{value:.3g}", x, y, small, anchor)
        self._text(bar.unit, x, self._y + height / 2, small, "lm")
        self._y += height + round(_GAP * self._size)

    def _ramp(self, box: tuple[int, int, int, int], name: str) -> None:
        from PIL import Image

        x, y, width, height = box
        steps = np.linspace(255, 0, height).round().astype(np.intp)
        strip = np.repeat(ramp_table(name)[steps][:, None], width, axis=1)
        self._sheet.paste(Image.fromarray(strip).convert("RGBA"), (x, y))

    def _entry(self, entry: LegendEntry) -> None:
        side = round(0.95 * self._size)
        box = (0, self._y + 1, side, self._y + 1 + side)
        self._draw.rounded_rectangle(box, max(1, side // 6), fill=(*entry.colour, 255))
        self._lines(entry.text, side + round(0.5 * self._size), self._size)
        self._y += round(_GAP * self._size)

    def _lines(self, text: str, x: int, size: int) -> None:
        columns = int((self._sheet.width - x) / (_LETTER * size))
        for line in wrap(text, columns, _MAX_LINES):
            self._text(line, x, self._y, size, "la")
            self._y += round(_LINE * size)

    def _text(self, text: str, x: float, y: float, size: int, anchor: str) -> None:
        face = font(size, text)
        self._draw.text((x, y), text, (*self._ink, 255), face, anchor=anchor)
        self._right = max(self._right, round(self._draw.textbbox((x, y), text, face, anchor)[2]))
