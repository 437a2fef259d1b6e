"""Relevancy as published: a graph through the whole tower, and a backward pass per label.

Letters in shapes: n crops, L labels, T tokens, P patches, g patches along an edge.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor

from benchmarks.published.tower import PlainTower

BATCH = 32
_LAST_UNCOUNTED_BLOCK = 10
_COUNT_START = 1e-5
_MEAN = (0.48145466, 0.4578275, 0.40821073)
_STD = (0.26862954, 0.26130258, 0.27577711)

Rgb = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Tile:
    """A square crop of one of the images: which image, where its corner is, pixels."""

    image: int
    row: int
    column: int
    size: int


def scales_of_ours(height_px: int) -> list[tuple[int, int]]:
    """(crop, stride) in pixels of the published `ours`; the extent is the image's height."""
    sizes = [height_px, int(height_px * 2 / 3), height_px // 2, height_px // 4]
    return [(size, size // 4) for size in sizes]


def tiles_of_scale(
    images: int, height_px: int, width_px: int, size: int, stride: int
) -> list[Tile]:
    """The crops of one scale, with those that the published comparison of axes drops left out."""
    return [
        Tile(image, row, column, size)
        for image in range(images)
        for column in range(0, width_px - size + 1, stride)
        for row in range(0, height_px - size + 1, stride)
        if column < height_px and row < width_px
    ]


def relevancy(
    tower: PlainTower,
    images: Sequence[Rgb],
    scales: Sequence[Sequence[Tile]],
    text: Tensor,
    input_px: int,
    *,
    flip: bool,
    canvas: torch.dtype = torch.float16,
) -> Tensor:
    """Relevancy maps [L, H, W] float32 of text features [L, D].

    Args:
        tower: the image tower.
        images: the original and its recoloured copies.
        scales: the crops of each scale; one without crops still counts.
        text: not unit vectors where several templates were averaged.
        input_px: edge of the tower's input.
        flip: every crop is read mirrored too, and both readings averaged.
        canvas: in what the maps are summed; half precision as published.
    """
    height, width = images[0].shape[:2]
    total = torch.zeros(len(text), height, width)
    for tiles in scales:
        sums = torch.zeros(len(text), height, width, dtype=canvas)
        count = torch.full((height, width), _COUNT_START)
        for start in range(0, len(tiles), BATCH):
            batch = tiles[start : start + BATCH]
            maps = explain_tiles(tower, images, batch, text, input_px, flip=flip)
            add_tiles(sums, count, batch, maps)
        total += sums.float() / count
    return total / len(scales)


def explain_tiles(
    tower: PlainTower,
    images: Sequence[Rgb],
    tiles: Sequence[Tile],
    text: Tensor,
    input_px: int,
    *,
    flip: bool,
) -> Tensor:
    """One batch of crops: [n, L, g, g]."""
    crops = torch.stack([_read_tile(images[tile.image], tile, input_px) for tile in tiles])
    maps = explain_images(tower, crops, text)
    if not flip:
        return maps
    return (maps + explain_images(tower, crops.flip(-1), text).flip(-1)) / 2


def explain_images(tower: PlainTower, images: Tensor, text: Tensor) -> Tensor:
    """[n, 3, S, S] and [L, D] -> [n, L, g, g]; the encoder runs again for each batch of labels."""
    parts = [_explain_prompts(tower, images, some) for some in text.split(BATCH)]
    return torch.cat(parts, dim=1)


def _explain_prompts(tower: PlainTower, images: Tensor, text: Tensor) -> Tensor:
    features, probabilities = tower.encode(images)
    logits = 100 * F.normalize(features, dim=-1) @ text.T
    counted = probabilities[_LAST_UNCOUNTED_BLOCK + 1 :]
    rows = [_relevance(logits[:, label].sum(), counted) for label in range(len(text))]
    maps = torch.stack(rows, dim=1)
    edge = round(maps.shape[-1] ** 0.5)
    return maps.unflatten(-1, (edge, edge))


def _relevance(logit: Tensor, probabilities: Sequence[Tensor]) -> Tensor:
    """Relevancy of the patches for the class token: [n, P]."""
    gradients = torch.autograd.grad(logit, probabilities, retain_graph=True)
    crops, _, tokens, _ = probabilities[0].shape
    rolled = torch.eye(tokens).expand(crops, tokens, tokens)
    for gradient, probability in zip(gradients, probabilities, strict=True):
        positive = (gradient * probability.detach()).clamp(min=0).mean(dim=1)
        rolled = rolled + torch.bmm(positive, rolled)
    return rolled[:, 0, 1:]


def add_tiles(sums: Tensor, count: Tensor, tiles: Sequence[Tile], maps: Tensor) -> None:
    """Enlarge the maps [n, L, g, g] of crops of one size and add them where the crops stood."""
    size = tiles[0].size
    enlarged = F.interpolate(maps, size=(size, size), mode="bilinear", align_corners=False)
    for tile, one in zip(tiles, enlarged, strict=True):
        place = (slice(tile.row, tile.row + size), slice(tile.column, tile.column + size))
        sums[(slice(None), *place)] += one.to(sums.dtype)
        count[place] += 1


def _read_tile(rgb: Rgb, tile: Tile, input_px: int) -> Tensor:
    box = (tile.column, tile.row, tile.column + tile.size, tile.row + tile.size)
    crop = Image.fromarray(rgb).crop(box).resize((input_px, input_px), Image.Resampling.BICUBIC)
    pixels = torch.from_numpy(np.array(crop)).permute(2, 0, 1).float() / 255
    return (pixels - torch.tensor(_MEAN)[:, None, None]) / torch.tensor(_STD)[:, None, None]
