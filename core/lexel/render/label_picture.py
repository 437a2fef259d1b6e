"""A picture whose regions are coloured by what they are called, with its legend below."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from lexel.io.atomic import replacing_file
from lexel.render.fonts import font, wrap
from lexel.scene import Colour

if TYPE_CHECKING:
    from PIL.Image import Image

_SIDE_PX = 1024  # longest side of the picture
_LEAST_SIDE_PX = 320
_COVER = 0.55
_ROW_PX, _MARGIN_PX, _SWATCH_PX = 28, 12, 18
_PAPER, _INK = (255, 255, 255), (32, 32, 32)
_COLUMN_PX = 220


def write_label_picture(
    path: Path,
    rgb: npt.NDArray[np.uint8],
    label: npt.NDArray[np.integer],
    names: Sequence[str],
    colours: Sequence[Colour],
) -> Path:
    """Write a PNG: `label` (H, W) is the number of the name of each pixel, -1 for none.

    Names that are nowhere in the picture stand in the legend too, in brackets.
    """
    from PIL import Image as Images

    size_px = _size(rgb.shape[1], rgb.shape[0])
    mixed = rgb.astype(np.float32)
    for number, colour in enumerate(colours):
        at = label == number
        mixed[at] = (1 - _COVER) * mixed[at] + _COVER * np.array(colour, np.float32)
    picture = Images.fromarray(np.rint(mixed).astype(np.uint8))
    there = set(np.unique(label).tolist())
    legend = _draw_legend(max(size_px[0], _LEAST_SIDE_PX), names, colours, there)
    sheet = Images.new("RGB", (legend.width, size_px[1] + legend.height), _PAPER)
    sheet.paste(picture.resize(size_px, Images.Resampling.LANCZOS), (0, 0))
    sheet.paste(legend, (0, size_px[1]))
    with replacing_file(path) as temporary:
        sheet.save(temporary, "PNG")
    return path


def _size(width: int, height: int) -> tuple[int, int]:
    """Large pictures shrink; small ones grow until a legend fits below, unless they are tall."""
    scale = min(max(1.0, _LEAST_SIDE_PX / width), _SIDE_PX / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def _draw_legend(
    width: int, names: Sequence[str], colours: Sequence[Colour], there: set[int]
) -> Image:
    from PIL import Image as Images
    from PIL import ImageDraw

    columns = max(1, width // _COLUMN_PX)
    rows = -(-len(names) // columns)
    legend = Images.new("RGB", (width, rows * _ROW_PX + 2 * _MARGIN_PX), _PAPER)
    draw = ImageDraw.Draw(legend)
    for number, (name, colour) in enumerate(zip(names, colours, strict=True)):
        x = _MARGIN_PX + number % columns * (width // columns)
        y = _MARGIN_PX + number // columns * _ROW_PX
        text = name if number in there else f"({name})"
        text = wrap(text, (width // columns - 3 * _MARGIN_PX - _SWATCH_PX) // 8, 1)[0]
        draw.rectangle((x, y, x + _SWATCH_PX, y + _SWATCH_PX), fill=colour)
        draw.text((x + _SWATCH_PX + 8, y + _SWATCH_PX / 2), text, _INK, font(14, text), anchor="lm")
    return legend
