"""`relevancies.png`: every label's relevancy over the image, on one scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from lexel.io.atomic import replacing_file
from lexel.io.stamp import MEANINGLESS
from lexel.progress import Progress, Silent, track
from lexel.render.fonts import font, missing_note, wrap
from lexel.scene.colour_ramp import ramp_colours, ramp_table

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

MAX_COLUMNS = 4
# Even in lightness and readable by colour-blind people, as cividis is, but with colours that a
# photograph underneath does not swallow.
RELEVANCY_RAMP = "inferno"
_TILE_AREA_PX = 300 * 300  # every tile covers about this, whatever its aspect ratio
_MIN_TILE_WIDTH_PX = 190  # narrower tiles leave no room for their labels
_GAP_PX = 22
_MARGIN_PX = 30
_LINE_PX, _MAX_LABEL_LINES = 18, 3
_BAR_PX = (16, 64)  # height of the colour bar; of its block with the numbers
_BANNER_PX = 44
_INK, _FAINT, _PAPER = (32, 34, 38), (110, 114, 122), (255, 255, 255)
# Where relevancy is low the map covers the image, where it is high the image shows, as published;
# a little colour stays on top, so that the peak is coloured too.
_COVER_LOW, _COVER_HIGH = 0.74, 0.30


@dataclass(frozen=True)
class _Layout:
    columns: int
    rows: int
    tile_px: tuple[int, int]  # width, height of an image
    cell_px: tuple[int, int]  # the same with label and gap
    label_px: int
    banner_px: int

    @property
    def size_px(self) -> tuple[int, int]:
        width = 2 * _MARGIN_PX + self.columns * self.cell_px[0] - _GAP_PX
        height = self.banner_px + 2 * _MARGIN_PX + self.rows * self.cell_px[1] + _BAR_PX[1]
        return max(width, 460), height

    def corner(self, number: int) -> tuple[int, int]:
        """Top left of the cell of the n-th label."""
        row, column = divmod(number, self.columns)
        x = _MARGIN_PX + column * self.cell_px[0]
        return x, self.banner_px + _MARGIN_PX + row * self.cell_px[1]


def write_relevancies(
    path: Path,
    labels: Sequence[str],
    maps: npt.NDArray[np.float32],
    rgb: npt.NDArray[np.uint8],
    *,
    meaningless: bool = False,
    progress: Progress | None = None,
) -> Path:
    """Write the grid of `maps` (L, H, W) over `rgb` (h, w, 3) as a PNG.

    All tiles share one range: from 0 (no relevancy, or less than the mean of the label set) to the
    maps' 99.5 % quantile.
    """
    image = draw_relevancies(
        labels,
        maps,
        rgb,
        meaningless=meaningless,
        progress=progress,
    )
    with replacing_file(path) as temporary:
        image.save(temporary, format="png", optimize=False, pnginfo=_png_text(meaningless))
    return path


def draw_relevancies(
    labels: Sequence[str],
    maps: npt.NDArray[np.float32],
    rgb: npt.NDArray[np.uint8],
    *,
    meaningless: bool = False,
    progress: Progress | None = None,
) -> Image:
    """The same picture in memory."""
    from PIL import Image, ImageDraw

    assert len(labels) == len(maps), "one map per label"
    progress = progress or Silent()
    if note := missing_note(labels):
        progress.say(note)
    bottom, top = default_range(maps)
    layout = _lay_out(labels, rgb.shape[1] / rgb.shape[0], meaningless)
    picture = Image.new("RGB", layout.size_px, _PAPER)
    draw = ImageDraw.Draw(picture)
    base = _resized(rgb, layout.tile_px)
    tiles = list(zip(labels, maps, strict=True))
    for number, (label, relevancy) in enumerate(track(tiles, "drawing", progress)):
        x, y = layout.corner(number)
        _draw_label(draw, label, x, y, layout)
        unit = (_resized_map(relevancy, layout.tile_px) - bottom) / (top - bottom)
        tile = _overlay(base, np.clip(np.nan_to_num(unit), 0, 1))
        picture.paste(Image.fromarray(tile), (x, y + layout.label_px))
    _draw_bar(picture, (bottom, top))
    if meaningless:
        draw_banner(draw, layout.size_px[0], layout.banner_px)
    return picture


def default_range(maps: npt.NDArray[np.float32]) -> tuple[float, float]:
    """From 0 to the 99.5 % quantile; from the least value up when none is positive."""
    values = maps[np.isfinite(maps)]
    if len(values) == 0:
        return 0.0, 1.0
    bottom, top = 0.0, float(np.quantile(values, 0.995))
    if top <= 0:
        bottom, top = float(values.min()), float(values.max())
    return (bottom, top) if top > bottom else (bottom, bottom + 1.0)


def draw_banner(draw: ImageDraw, width_px: int, height_px: int) -> None:
    """A red strip along the upper edge that nobody can overlook."""
    draw.rectangle((0, 0, width_px, height_px), fill=(178, 24, 43))
    face = font(max(11, int(height_px * 0.46)), bold=True)
    draw.text((width_px / 2, height_px / 2), MEANINGLESS, (255, 255, 255), face, anchor="mm")


def _lay_out(labels: Sequence[str], aspect: float, meaningless: bool) -> _Layout:
    aspect = min(max(aspect, 0.2), 5.0)
    columns = max(1, min(MAX_COLUMNS, len(labels)))
    width = max(_MIN_TILE_WIDTH_PX, round((_TILE_AREA_PX * aspect) ** 0.5))
    tile = (width, max(1, round(width / aspect)))
    lines = max((len(_label_lines(label, width)) for label in labels), default=1)
    label_px = 10 + _LINE_PX * lines
    cell = (tile[0] + _GAP_PX, tile[1] + label_px + _GAP_PX)
    rows = -(-len(labels) // columns)
    return _Layout(columns, rows, tile, cell, label_px, _BANNER_PX if meaningless else 0)


def _label_lines(label: str, width_px: int) -> list[str]:
    return wrap(label, int(width_px / 8.6), _MAX_LABEL_LINES)


def _draw_label(draw: ImageDraw, label: str, x: int, y: int, layout: _Layout) -> None:
    text = "\n".join(_label_lines(label, layout.tile_px[0]))
    bottom = (x, y + layout.label_px - 6)
    draw.multiline_text(bottom, text, _INK, font(15, text), anchor="ld", spacing=2)


def _overlay(base: npt.NDArray[np.uint8], unit: npt.NDArray[np.float32]) -> npt.NDArray[np.uint8]:
    cover = (_COVER_LOW + (_COVER_HIGH - _COVER_LOW) * unit)[..., None]
    mixed = base * (1 - cover) + ramp_colours(unit, RELEVANCY_RAMP) * cover
    return np.round(mixed).astype(np.uint8)


def _draw_bar(picture: Image, value_range: tuple[float, float]) -> None:
    from PIL import Image, ImageDraw

    draw = ImageDraw.Draw(picture)
    width = min(360, picture.width - 2 * _MARGIN_PX)
    x, y = _MARGIN_PX, picture.height - _MARGIN_PX - _BAR_PX[1] + 18
    strip = np.repeat(ramp_table(RELEVANCY_RAMP)[None], _BAR_PX[0], axis=0)
    picture.paste(Image.fromarray(strip).resize((width, _BAR_PX[0])), (x, y))
    below = y + _BAR_PX[0] + 6
    bottom, top = value_range
    draw.text((x, below), f"≤ {bottom:.3g}", _FAINT, font(13), anchor="la")
    draw.text((x + width / 2, below), "relevancy − mean", _INK, font(13), anchor="ma")
    draw.text((x + width, below), f"≥ {top:.3g}", _FAINT, font(13), anchor="ra")


def _resized(rgb: npt.NDArray[np.uint8], size_px: tuple[int, int]) -> npt.NDArray[np.uint8]:
    from PIL import Image

    return np.asarray(Image.fromarray(rgb).resize(size_px, Image.Resampling.LANCZOS))


def _resized_map(
    values: npt.NDArray[np.float32], size_px: tuple[int, int]
) -> npt.NDArray[np.float32]:
    from PIL import Image

    image = Image.fromarray(np.ascontiguousarray(values, np.float32))
    return np.asarray(image.resize(size_px, Image.Resampling.BILINEAR))


def _png_text(meaningless: bool) -> Any:
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Software", "Lexel")
    if meaningless:
        info.add_text("Comment", MEANINGLESS)
    return info
