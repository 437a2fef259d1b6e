"""A photo without depth, coloured by words: relevancy over its pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from lexel.query.language import parse
from lexel.query.paint import ColourBar, LegendEntry
from lexel.query.tree import phrases_of
from lexel.query.writing import unparse_ask
from lexel.scene.colour_ramp import ramp_colours
from lexel.scene.palette import label_colours
from lexel.scene.recipe import Look, Mode

Rgb = npt.NDArray[np.uint8]
Maps = npt.NDArray[np.float32]
_BRIGHTEST = 0.995  # quantile where heat ends: one glaring pixel must not make the rest dark
_FOUND = 0.5  # of a map's own brightest, from where on label mode colours a pixel


@dataclass(frozen=True, eq=False)
class PaintedPhoto:
    """A photo as it is shown: `rgb` (H, W, 3) uint8."""

    rgb: Rgb


def phrases_in(text: str) -> tuple[str, ...]:
    """The phrase that each query of a text is about; pictures know no relations.

    Raises:
        LabelError: the text cannot be understood.
    """
    if not text.strip():
        return ()
    asks = parse(text).asks
    named = []
    for ask in asks:
        phrases = list(phrases_of(ask.want))
        named.append(phrases[0].text if len(phrases) == 1 else unparse_ask(ask))
    return tuple(dict.fromkeys(named))


def paint_picture(rgb: Rgb, maps: Maps | None, look: Look, query: int = 0) -> Rgb:
    """(H, W, 3) the photo under its answer.

    Args:
        rgb: (H, W, 3) of the photo.
        maps: (L, h, w) relevancy less the mean, of each phrase; None: nothing was asked.
        look: heat of one query, or labels of all; anything else is the photo alone.
        query: which one heat shows.
    """
    if maps is None or not len(maps) or look.mode not in (Mode.HEAT, Mode.LABEL):
        return rgb
    size = rgb.shape[1], rgb.shape[0]
    if look.mode is Mode.HEAT:
        heat = _resized(_heat(maps[min(query, len(maps) - 1)], look), size)
        return _mixed(rgb, ramp_colours(heat, look.colour_map), look.over_rgb * heat)
    strength = np.stack([_resized(_heat(one, look), size) for one in maps])
    best = strength.argmax(axis=0)
    cover = np.where(strength.max(axis=0) >= _FOUND, look.over_rgb, 0.0)
    colours = np.array(label_colours(len(maps)), np.uint8)[best]
    return _mixed(rgb, colours, cover.astype(np.float32))


def legend_of(phrases: Sequence[str], look: Look) -> tuple[LegendEntry, ...]:
    """What the colours of label mode stand for."""
    if look.mode is not Mode.LABEL:
        return ()
    return tuple(map(LegendEntry, phrases, label_colours(len(phrases))))


def bar_of(phrases: Sequence[str], maps: Maps, look: Look, query: int = 0) -> ColourBar | None:
    """What the colours of heat stand for."""
    if look.mode is not Mode.HEAT or not len(maps):
        return None
    query = min(query, len(maps) - 1)
    low, high = _limits(maps[query], look)
    return ColourBar(phrases[query], look.colour_map, low, high, "relevancy above the mean")


def _limits(one: Maps, look: Look) -> tuple[float, float]:
    return look.range if look.range is not None else (0.0, float(np.quantile(one, _BRIGHTEST)))


def _heat(one: Maps, look: Look) -> Maps:
    """(h, w) 0..1."""
    low, high = _limits(one, look)
    if not high > low:
        return np.zeros_like(one)
    return np.clip((one - low) / (high - low), 0, 1).astype(np.float32)


def _resized(heat: Maps, size: tuple[int, int]) -> Maps:
    image = Image.fromarray(heat).resize(size, Image.Resampling.BILINEAR)
    return np.asarray(image, np.float32)


def _mixed(rgb: Rgb, over: Rgb, cover: Maps) -> Rgb:
    share = cover[..., None]
    return np.rint(rgb * (1 - share) + over * share).astype(np.uint8)
