"""Multi-scale relevancy of an image: prepare it once, then ask it any phrase.

Source: Ha & Song, "Semantic Abstraction" (CoRL 2022), section 3.1. The image, and perhaps
recoloured copies, is cut into overlapping square crops at several scales; each crop's patch-level
relevancy is put back in its place; crops are averaged within a scale, scales with equal weight.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image
from torch import Tensor

from lexel.encoders.clip import ClipEncoder
from lexel.progress import Progress, Silent
from lexel.relevancy.closed_form import LastBlock
from lexel.relevancy.presets import Preset
from lexel.relevancy.rollout import FIRST_COUNTED_BLOCK, Rollout
from lexel.relevancy.tiles import TileGrid, merge_tiles, published_tile_grids, tile_grids
from lexel.relevancy.tower import check_tower

Rgb = npt.NDArray[np.uint8]
_BATCH = 32
# The published recolouring (torchvision's ColorJitter).
_JITTER = {"brightness": 0.6, "contrast": 0.6, "saturation": 0.6, "hue": 0.1}


class Explainer(Protocol):
    """Keeps what it needs of each crop, and explains phrases with it."""

    def allocate(self, crops: int) -> Any: ...
    def capture(self, images: Tensor, into: Any, start: int) -> None: ...
    def relevance(self, kept: Any, text: Tensor) -> Tensor: ...


@dataclass(frozen=True, eq=False)
class _Scale:
    """A scale's crops: `kept` holds them image by image, each crop followed by its mirror image."""

    grid: TileGrid
    kept: Any


@dataclass(frozen=True, eq=False)
class PreparedImage:
    """An image whose relevancy for any phrase is a few matrix products away."""

    height_px: int
    width_px: int
    explainer: Explainer
    scales: tuple[_Scale, ...]
    num_images: int
    flip: bool

    def relevancy(self, text: Tensor) -> Tensor:
        """Relevancy maps [L, H, W], float32, ≥ 0, for text features [L, D]."""
        total = torch.zeros(len(text), self.height_px, self.width_px, device=text.device)
        for scale in self.scales:
            total += self._scale_map(scale, text)
        return total / len(self.scales)

    def _scale_map(self, scale: _Scale, text: Tensor) -> Tensor:
        grid, mirrored = scale.grid, 2 if self.flip else 1
        rows, columns = grid.used.shape
        if not bool(grid.used.any()):
            return torch.zeros(len(text), self.height_px, self.width_px, device=text.device)
        flat = self.explainer.relevance(scale.kept, text)
        side = round(flat.shape[-1] ** 0.5)
        maps = flat.view(len(text), self.num_images, -1, mirrored, side, side)
        if self.flip:
            maps = (maps[:, :, :, 0] + maps[:, :, :, 1].flip(-1)) / 2
        else:
            maps = maps[:, :, :, 0]
        # Crops run by column, then row.
        placed = maps.new_zeros(len(text), columns, rows, side, side)
        placed[:, grid.used.T] = maps.sum(1)
        return merge_tiles(
            grid, placed.transpose(1, 2), self.num_images, self.height_px, self.width_px
        )


def prepare(
    encoder: ClipEncoder,
    rgb: Rgb,
    preset: Preset,
    *,
    seed: int = 0,
    reference: bool = False,
    progress: Progress | None = None,
) -> PreparedImage:
    """Run the image encoder over all crops of an image (H, W, 3) uint8, once.

    Args:
        encoder: an image-text model with a class token.
        rgb: the image.
        preset: how densely to read it.
        seed: of the recoloured copies.
        reference: the published crop set and blocks instead of the correct ones.
        progress: told of every batch; may cancel.

    Raises:
        EncoderError: the encoder's image tower cannot be explained.
    """
    height, width, _ = rgb.shape
    cut = published_tile_grids if reference else tile_grids
    grids = cut(height, width, preset)
    images = [rgb, *jittered(rgb, preset.jittered_copies, seed)]
    return prepare_crops(
        encoder, images, grids, flip=preset.flip, reference=reference, progress=progress
    )


def prepare_crops(
    encoder: ClipEncoder,
    images: Sequence[Rgb],
    grids: Sequence[TileGrid],
    *,
    flip: bool,
    reference: bool = False,
    progress: Progress | None = None,
) -> PreparedImage:
    """Run the image encoder over the given crops of the given copies of one image."""
    progress = progress or Silent()
    visual = check_tower(encoder.model.visual, encoder.identity.name)
    deep = len(visual.transformer.resblocks) != FIRST_COUNTED_BLOCK + 1
    explainer: Explainer = Rollout(visual) if reference and deep else LastBlock(visual)
    copies = 2 if flip else 1
    total = sum(len(images) * int(grid.used.sum()) * copies for grid in grids)
    progress.begin("reading the image", total)
    scales = []
    for grid in grids:
        kept = explainer.allocate(len(images) * int(grid.used.sum()) * copies)
        start = 0
        crops = _crops(images, grid)
        while batch := list(islice(crops, _BATCH // copies)):
            tensor = encoder.preprocess(batch)
            if flip:
                tensor = torch.stack([tensor, tensor.flip(-1)], dim=1).flatten(0, 1)
            explainer.capture(tensor, kept, start)
            start += len(tensor)
            progress.advance(len(tensor))
        scales.append(_Scale(grid, kept))
    height, width, _ = images[0].shape
    return PreparedImage(height, width, explainer, tuple(scales), len(images), flip)


def jittered(rgb: Rgb, copies: int, seed: int) -> list[Rgb]:
    """Recoloured copies of an image, the same for the same seed."""
    from torchvision.transforms import ColorJitter

    jitter, image = ColorJitter(**_JITTER), Image.fromarray(rgb)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return [np.asarray(jitter(image)) for _ in range(copies)]


def _crops(images: Sequence[Rgb], grid: TileGrid) -> Iterator[Image.Image]:
    for rgb in images:
        image = Image.fromarray(rgb)
        for row, column in grid.boxes():
            yield image.crop((column, row, column + grid.size_px, row + grid.size_px))
