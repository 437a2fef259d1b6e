"""Figures for papers: a recipe in, a picture or a film out. Same recipe, same pixels."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from lexel.io.atomic import replacing_file
from lexel.io.stamp import MEANINGLESS
from lexel.progress import Progress
from lexel.render.figure_plan import Plan
from lexel.render.hidden import show_hidden
from lexel.render.presets import Format
from lexel.render.relevancy_picture import draw_banner
from lexel.render.stage_process import draw_stage
from lexel.render.video import write_mp4
from lexel.scene import Colour

if TYPE_CHECKING:
    from PIL.Image import Image

_PAPER: Colour = (255, 255, 255)
_BANNER = 1.8  # of the text's size


def draw_figure(plan: Plan, form: Format, progress: Progress) -> Image:
    """The one picture of a plan, RGBA."""
    (picture,) = draw_frames(plan, form, progress)
    return picture


def draw_frames(plan: Plan, form: Format, progress: Progress) -> Iterator[Image]:
    """Every frame of a plan, RGBA."""
    pictures = draw_stage(plan.stage, progress)
    for whole in pictures:
        alone = next(pictures) if plan.located else None
        yield _composed(plan, form, whole, alone)


def write_figure(path: Path, picture: Image, form: Format) -> Path:
    """Write a `.png` that knows its resolution."""
    from PIL.PngImagePlugin import PngInfo

    told = PngInfo()
    told.add_text("Software", "Lexel")
    options: dict[str, Any] = {} if form.dpi is None else {"dpi": (form.dpi, form.dpi)}
    opaque = np.asarray(picture)[..., 3].min() == 255
    image = picture.convert("RGB") if opaque else picture
    with replacing_file(path) as temporary:
        image.save(temporary, format="png", optimize=True, pnginfo=told, **options)
    return path


def write_film(
    path: Path, plan: Plan, form: Format, frames_per_second: int, progress: Progress
) -> Path:
    """Write an `.mp4`; what is clear becomes white. The size must be even."""
    comment = MEANINGLESS if plan.meaningless else "made by Lexel"
    frames = (
        np.asarray(on_paper(f, _PAPER).convert("RGB")) for f in draw_frames(plan, form, progress)
    )
    return write_mp4(
        path, frames, form.size_px, frames_per_second=frames_per_second, comment=comment
    )


def on_paper(picture: Image, colour: Colour) -> Image:
    """The picture over a colour, opaque."""
    from PIL import Image

    paper = Image.new("RGBA", picture.size, (*colour, 255))
    paper.alpha_composite(picture)
    return paper


def _composed(
    plan: Plan,
    form: Format,
    whole: npt.NDArray[np.uint8],
    alone: npt.NDArray[np.uint8] | None,
) -> Image:
    from PIL import Image, ImageDraw

    if alone is not None:
        whole = show_hidden(whole, alone, plan.outline_px)
    picture = Image.fromarray(whole)
    if plan.background is not None:
        picture = on_paper(picture, plan.background)
    if plan.key is not None:
        picture.alpha_composite(*plan.key)
    if plan.meaningless:
        draw_banner(ImageDraw.Draw(picture), form.size_px[0], round(_BANNER * form.text_px))
    return picture
