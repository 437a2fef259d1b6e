"""Crops of the world's photographs, with the things that are seen in each patch of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from lexel.io.room_shards import load_photographs, shard_names
from lexel.synthetic.catalogue import classes
from lexel.synthetic.model import COLOURS

# Crop sides, in photograph heights: those of the relevancy extractor.
_SCALES = (1.0, 2 / 3, 1 / 2, 1 / 4)
_ROUND_AN_OBJECT = 0.6  # share of crops that are drawn round an object
_FEWEST_PIXELS = 60
_SAMPLES = 4  # places along a patch's side where the thing beneath it is looked up


@dataclass(frozen=True, eq=False)
class Pictures:
    """Photographs in memory.

    Attributes:
        rgb: [V, H, W, 3] uint8.
        instance: [V, H, W] uint8, 0 for walls, floor and ceiling.
        things: [V, 256] int16, class × colour of each instance (`thing_names`); -1 where none is.
    """

    rgb: NDArray[np.uint8]
    instance: NDArray[np.uint8]
    things: NDArray[np.int16]


def thing_names() -> list[tuple[str, str]]:
    """(class, colour) by the number that `Pictures.things` gives."""
    return [(kind, colour) for kind in classes() for colour in COLOURS]


def read_pictures(dataset: Path) -> Pictures:
    """The photographs of a dataset of rooms.

    Raises:
        InputError: the folder holds no finished dataset, or a damaged one.
    """
    number = {pair: i for i, pair in enumerate(thing_names())}
    rgb, instance, things = [], [], []
    for name in shard_names(dataset):
        for photograph in load_photographs(dataset / name):
            row = np.full(256, -1, np.int16)
            for thing in photograph.objects:
                row[thing.id] = number[thing.name, thing.colour]
            rgb.append(photograph.rgb)
            instance.append(photograph.instance)
            things.append(row)
    return Pictures(np.stack(rgb), np.stack(instance), np.stack(things))


@dataclass(frozen=True, eq=False)
class Crops:
    """A batch: images [B, S, S, 3] uint8; things [B, places, places] int16, -1 where none is."""

    images: NDArray[np.uint8]
    things: NDArray[np.int16]


def draw_crops(
    pictures: Pictures, count: int, size_px: int, patches: int, rng: np.random.Generator
) -> Crops:
    """Square crops at the extractor's scales, half of them mirrored."""
    images, things = [], []
    for view in rng.integers(0, len(pictures.rgb), count):
        row, column, side = _draw_box(pictures.instance[view], rng)
        box = (column, row, column + side, row + side)
        image = Image.fromarray(pictures.rgb[view]).resize(
            (size_px, size_px), Image.Resampling.BILINEAR, box=box
        )
        at = ((np.arange(patches * _SAMPLES) + 0.5) * side / (patches * _SAMPLES)).astype(int)
        ids = pictures.instance[view][row + at[:, None], column + at]
        pixels, seen = np.asarray(image), pictures.things[view][ids]
        if rng.random() < 0.5:
            pixels, seen = pixels[:, ::-1], seen[:, ::-1]
        images.append(_relit(pixels, rng))
        things.append(seen)
    return Crops(np.stack(images), np.stack(things))


def shares(things: NDArray[np.int16], patches: int, kinds: int) -> tuple[Tensor, Tensor]:
    """How much of each patch, and of the whole crop, each thing fills.

    Returns:
        [B, patches², kinds + 1] and [B, kinds + 1] float32, rows summing to 1; the last kind is
        the room itself. In the whole crop a thing counts by the root of its area, the room not.
    """
    count = len(things)
    index = torch.from_numpy(np.where(things < 0, kinds, things).astype(np.int64))
    index = index.view(count, patches, _SAMPLES, patches, _SAMPLES).permute(0, 1, 3, 2, 4)
    index = index.reshape(count, patches * patches, _SAMPLES**2)
    patch = torch.zeros(count, patches * patches, kinds + 1)
    patch.scatter_add_(2, index, torch.full(index.shape, 1 / _SAMPLES**2))
    whole = patch.mean(1)
    whole = torch.where(whole > 0.01, whole.sqrt(), torch.zeros(()))
    alone = whole[:, :-1].sum(1) == 0
    whole[:, -1] = alone.float()
    return patch, whole / whole.sum(1, keepdim=True)


def _draw_box(instance: NDArray[np.uint8], rng: np.random.Generator) -> tuple[int, int, int]:
    height, width = instance.shape
    if rng.random() < _ROUND_AN_OBJECT:
        sizes = np.bincount(instance.ravel(), minlength=2)
        ids = np.flatnonzero(sizes[1:] >= _FEWEST_PIXELS) + 1
        if len(ids):
            rows, columns = np.nonzero(instance == rng.choice(ids))
            extent = max(np.ptp(rows), np.ptp(columns)) + 1
            side = int(np.clip(extent * rng.uniform(1.0, 2.5), 24, height))
            middle = (rows.min() + rows.max()) / 2, (columns.min() + columns.max()) / 2
            shift = rng.uniform(-0.15, 0.15, 2) * side
            return (
                int(np.clip(middle[0] + shift[0] - side / 2, 0, height - side)),
                int(np.clip(middle[1] + shift[1] - side / 2, 0, width - side)),
                side,
            )
    side = min(height, int(height * rng.choice(_SCALES) * rng.uniform(0.85, 1.15)))
    return int(rng.integers(height - side + 1)), int(rng.integers(width - side + 1)), side


def _relit(pixels: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Brighter or darker, more or less contrast; hue stays, for it is named in captions."""
    gain, lift = rng.uniform(0.75, 1.25), rng.uniform(-20, 20)
    relit = np.clip(pixels.astype(np.float32) * gain + lift, 0, 255)
    return relit.astype(np.uint8)


def by_class(share: Tensor) -> Tensor:
    """Shares [..., class × colour + 1] summed over colours: [..., classes + 1]."""
    colours = len(COLOURS)
    summed = share[..., :-1].unflatten(-1, (-1, colours)).sum(-1)
    return torch.cat([summed, share[..., -1:]], -1)
