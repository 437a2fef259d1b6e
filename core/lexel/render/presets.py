"""Sizes of figures for where they will stand."""

from __future__ import annotations

from dataclasses import dataclass

from lexel.errors import InputError

_TEXT = 42  # times the text's size is the height of a picture that no preset was named for
_LEAST_TEXT_PX = 10


@dataclass(frozen=True)
class Format:
    """How large a figure is.

    Attributes:
        size_px: width, height.
        text_px: size of letters.
        dpi: told in the file, so that programs lay it out in its true size; None: not told.
    """

    size_px: tuple[int, int]
    text_px: int
    dpi: int | None = None


# Columns of common templates are 84 and 175 mm wide; letters of 7 points are what they ask for.
PRESETS = {
    "column": Format((992, 720), 30, 300),
    "page": Format((2068, 1240), 32, 300),
    "slide": Format((1920, 1080), 32, 144),
    "thumbnail": Format((320, 240), 11),
}


def choose_format(
    recipe_px: tuple[int, int], preset: str | None = None, width_px: int | None = None
) -> Format:
    """The preset, or the recipe's size; then made `width_px` wide, letters and all.

    Raises:
        InputError: there is no such preset.
    """
    if preset is not None and preset not in PRESETS:
        raise InputError("there is no such preset", got=preset, do=f"Use {', '.join(PRESETS)}.")
    text_px = max(_LEAST_TEXT_PX, round(recipe_px[1] / _TEXT))
    chosen = PRESETS[preset] if preset else Format(recipe_px, text_px)
    if width_px is None:
        return chosen
    scale = width_px / chosen.size_px[0]
    size_px = width_px, max(1, round(scale * chosen.size_px[1]))
    text_px = max(_LEAST_TEXT_PX, round(scale * chosen.text_px))
    return Format(size_px, text_px, chosen.dpi and max(1, round(scale * chosen.dpi)))
