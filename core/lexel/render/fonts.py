"""Text in pictures: one font, wrapped and shortened to fit."""

from __future__ import annotations

import textwrap
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from lexel.errors import shorten

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont


@lru_cache(maxsize=32)
def font(size_px: int, *, bold: bool = False) -> FreeTypeFont:
    """DejaVu Sans, which comes with matplotlib and knows Latin, Greek and Cyrillic."""
    import matplotlib
    from PIL import ImageFont

    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return ImageFont.truetype(
        str(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / name), size_px
    )


def wrap(text: str, columns: int, max_lines: int) -> list[str]:
    """`text` in at most `max_lines` lines of `columns` characters, cut in its middle if need be."""
    columns = max(columns, 8)
    for limit in range(columns * max_lines, 0, -4):
        lines = textwrap.wrap(shorten(text, max(limit, 8)), columns) or [""]
        if len(lines) <= max_lines:
            break
    return [line.replace("...", "…") for line in lines[:max_lines]]
