"""Several figures as one, with letters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from lexel.errors import InputError
from lexel.render.figure_key import ink_on
from lexel.render.fonts import font
from lexel.render.presets import Format
from lexel.scene import Colour

if TYPE_CHECKING:
    from PIL.Image import Image

_SHAPE = re.compile(r"(\d{1,2})x(\d{1,2})")
_GAP = 0.6  # of the text's size
_LETTER = 1.25


def grid_shape(text: str | None, count: int) -> tuple[int, int]:
    """Columns and rows: as told ("2x2"), or as square as `count` figures can be.

    Raises:
        InputError: the text is no shape, or has not as many places.
    """
    if text is None:
        columns = next(n for n in range(1, count + 1) if n * n >= count)
        return columns, -(-count // columns)
    found = _SHAPE.fullmatch(text)
    if not found or not int(found[1]) * int(found[2]) >= count:
        raise InputError(
            "the grid has no place for every recipe",
            got=text,
            do=f"Give columns and rows, such as --grid {count}x1.",
        )
    return int(found[1]), int(found[2])


def cell_format(whole: Format, shape: tuple[int, int]) -> Format:
    """What each figure of a grid has to be like."""
    gap = _gap(whole)
    width, height = (
        max(1, (side - (count - 1) * gap) // count)
        for side, count in zip(whole.size_px, shape, strict=True)
    )
    return Format((width, height), whole.text_px, whole.dpi)


def join_grid(
    pictures: Sequence[Image],
    backgrounds: Sequence[Colour | None],
    whole: Format,
    shape: tuple[int, int],
) -> Image:
    """The figures beside and below each other, each with its letter: a, b, c …"""
    from PIL import Image, ImageDraw

    sheet = Image.new("RGBA", whole.size_px, (255, 255, 255, 0))
    draw, gap = ImageDraw.Draw(sheet), _gap(whole)
    size = round(_LETTER * whole.text_px)
    for number, (picture, background) in enumerate(zip(pictures, backgrounds, strict=True)):
        row, column = divmod(number, shape[0])
        x, y = column * (picture.width + gap), row * (picture.height + gap)
        sheet.alpha_composite(picture, (x, y))
        letter, place = _letter(number), (x + gap, y + gap)
        draw.text(place, letter, (*ink_on(background), 255), font(size, letter, bold=True))
    return sheet


def _letter(number: int) -> str:
    first, last = divmod(number, 26)
    return (chr(96 + first) if first else "") + chr(97 + last)


def _gap(whole: Format) -> int:
    return max(2, round(_GAP * whole.text_px))
