"""The legend beside the scene: which colour means which label, and what was not found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from lexel.render.finish import background
from lexel.render.fonts import font, wrap
from lexel.render.score_ramp import tinted_ramp
from lexel.scene import Answer, AnswerKind, Found

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

_INK, _FAINT, _CARD, _LINE = (30, 32, 36), (120, 124, 132), (255, 255, 255), (212, 215, 221)


@dataclass(frozen=True)
class _Style:
    """Sizes in pixels, from the picture's height."""

    text: int
    line: int
    swatch: int
    pad: int
    columns: int  # characters in a line

    @classmethod
    def fitting(cls, width_px: int, height_px: int, num_rows: int) -> _Style:
        text = max(9, min(round(height_px / 48), round(height_px * 0.82 / max(num_rows, 1) / 2.2)))
        swatch = text + 2
        pad = max(8, text)
        columns = int((width_px - 3 * pad - swatch - 6) / (0.535 * text))
        return cls(text, round(1.32 * text), swatch, pad, columns)


def panel_width(size_px: tuple[int, int]) -> int:
    """Columns of the picture that belong to the legend."""
    return round(0.26 * size_px[0])


def draw_legend(answer: Answer, size_px: tuple[int, int]) -> Image:
    """A transparent picture of `size_px` with the legend on its right side."""
    from PIL import Image, ImageDraw

    picture = Image.new("RGBA", size_px, (255, 255, 255, 0))
    draw = ImageDraw.Draw(picture)
    top = _draw_stamp(draw, size_px) if answer.meaningless else 0
    if answer.found:
        _draw_card(picture, draw, answer, top)
    return picture


def paste_legend(frame: npt.NDArray[np.uint8], legend: Image) -> npt.NDArray[np.uint8]:
    """`frame`, widened to the legend's size, with the legend over it."""
    from PIL import Image

    width, height = legend.size
    wide = np.broadcast_to(background(height), (height, width, 3)) + np.float32(0.5)
    picture = wide.astype(np.uint8)
    picture[:, : frame.shape[1]] = frame
    whole = Image.fromarray(picture)
    whole.paste(legend, (0, 0), legend)
    return np.asarray(whole)


def _draw_stamp(draw: ImageDraw, size_px: tuple[int, int]) -> int:
    from lexel.render.relevancy_picture import draw_banner

    height = max(20, round(size_px[1] / 16))
    draw_banner(draw, size_px[0], height)
    return height


def _draw_card(picture: Image, draw: ImageDraw, answer: Answer, top: int) -> None:
    width, height = picture.size
    rows = [found for found in answer.found if not found.empty]
    empty = [found for found in answer.found if found.empty]
    style = _Style.fitting(panel_width(picture.size), height - top, len(answer.found) + 2)
    left = width - panel_width(picture.size)
    inner = left + style.pad
    bottom_limit = height - 2 * style.pad
    steps: list[Any] = _rows(rows, answer.kind, style)
    y = top + 2 * style.pad
    card_top = top + style.pad
    content: list[tuple[int, Any]] = []
    left_out = 0
    for step in steps:
        if y + step.height_px > bottom_limit - 2 * style.line:
            left_out += 1
            continue
        content.append((y, step))
        y += step.height_px
    notes = _notes(empty, left_out, style, (bottom_limit - y) // style.line)
    card_bottom = y + len(notes) * style.line + style.pad // 2
    draw.rounded_rectangle(
        (left, card_top, width - style.pad, card_bottom + style.pad // 2),
        radius=style.pad // 2,
        fill=(*_CARD, 225),
        outline=(*_LINE, 255),
    )
    for row_y, step in content:
        step.draw(picture, draw, inner, row_y, style)
    for note in notes:
        draw.text((inner, y), note, _FAINT, font(round(0.88 * style.text), note))
        y += style.line


@dataclass(frozen=True, eq=False)
class _Row:
    found: Found
    lines: list[str]
    kind: AnswerKind
    height_px: int

    def draw(self, picture: Image, draw: ImageDraw, x: int, y: int, style: _Style) -> None:
        box = (x, y, x + style.swatch, y + style.swatch)
        draw.rounded_rectangle(box, radius=3, fill=(*self.found.colour, 255))
        text_x = x + style.swatch + 6
        for number, line in enumerate(self.lines):
            draw.text((text_x, y + number * style.line), line, _INK, font(style.text, line))
        if self.kind is AnswerKind.LOCALISATION:
            below = y + len(self.lines) * style.line + 4
            _draw_score_bar(picture, draw, self.found, text_x, below, style)


def _rows(found: Sequence[Found], kind: AnswerKind, style: _Style) -> list[_Row]:
    extra = round(2.4 * style.line) if kind is AnswerKind.LOCALISATION else 0
    rows = []
    for item in found:
        lines = wrap(item.text, style.columns, 3 if kind is AnswerKind.COMPLETION else 4)
        rows.append(_Row(item, lines, kind, len(lines) * style.line + extra + style.text // 2))
    return rows


def _draw_score_bar(
    picture: Image, draw: ImageDraw, found: Found, x: int, y: int, style: _Style
) -> None:
    from PIL import Image

    width = picture.width - x - 2 * style.pad
    height = max(6, style.text // 2)
    ramp = tinted_ramp(found.colour, np.linspace(0, 1, width, dtype=np.float32))
    picture.paste(Image.fromarray(np.repeat(ramp[None], height, axis=0)), (x, y))
    below, face = y + height + 2, font(round(0.8 * style.text))
    draw.text((x, below), f"{found.score.min():.2f}", _FAINT, face)
    draw.text((x + width / 2, below), "score", _FAINT, face, anchor="ma")
    draw.text((x + width, below), f"{found.score.max():.2f}", _FAINT, face, anchor="ra")


def _notes(empty: Sequence[Found], left_out: int, style: _Style, room: int) -> list[str]:
    notes = [f"and {left_out} more"] if left_out else []
    if empty:
        text = "Nothing found: " + "; ".join(found.text for found in empty)
        notes += wrap(text, round((style.columns + 3) * 1.12), max(1, min(room - len(notes), 4)))
    return notes
