"""Many small pictures on one sheet, each with its name below."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lexel.io.atomic import replacing_file
from lexel.render.fonts import font

_TEXT_PX = 15
_LINE_PX = 24
_GAP_PX = 6
_INK = (25, 25, 28)


def write_sheet(
    path: Path,
    pictures: Sequence[NDArray[np.uint8]],
    *,
    columns: int,
    captions: Sequence[str] | None = None,
) -> None:
    """Write pictures [H, W, 3] of one size as a PNG with `columns` of them beside each other."""
    from PIL import Image, ImageDraw

    height, width = pictures[0].shape[:2]
    step_x, step_y = width + _GAP_PX, height + _GAP_PX + (_LINE_PX if captions else 0)
    rows = -(-len(pictures) // columns)
    size = (columns * step_x + _GAP_PX, rows * step_y + _GAP_PX)
    sheet = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(sheet)
    for n, picture in enumerate(pictures):
        x, y = _GAP_PX + n % columns * step_x, _GAP_PX + n // columns * step_y
        sheet.paste(Image.fromarray(picture), (x, y))
        if captions:
            draw.text((x + 2, y + height + 2), captions[n], _INK, font(_TEXT_PX, captions[n]))
    with replacing_file(path) as temporary:
        sheet.save(temporary, "PNG", optimize=True)
