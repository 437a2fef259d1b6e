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
class Cut:
    """How copies of one image were cut into crops.

    Attributes:
        height_px, width_px: of the image.
        grids: the crops of each scale that has any.
        num_scales: how many scales are averaged; one without crops counts as zero.
        num_images: how many copies of the image were cut, the original among them.
        flip: each crop is followed by its mirror image.
    """

    height_px: int
    width_px: int
    grids: tuple[TileGrid, ...]
    num_scales: int
    num_images: int
    flip: bool

    def num_passes(self, grid: TileGrid) -> int:
        """How often the encoder runs for one scale."""
        return self.num_images * int(grid.used.sum()) * (2 if self.flip else 1)

    def place(self, grid: TileGrid, relevance: Tensor) -> Tensor:
        """Relevancy [L, passes, P] of a scale's crops, summed over the images, where the crops
        stood: [L, R, C, g, g]."""
        labels, _, patches = relevance.shape
        side = round(patches**0.5)
        maps = relevance.view(labels, self.num_images, -1, 2 if self.flip else 1, side, side)
        if self.flip:
            maps = (maps[:, :, :, :1] + maps[:, :, :, 1:].flip(-1)) / 2
        rows, columns = grid.used.shape
        placed = maps.new_zeros(labels, columns, rows, side, side)  # crops run by column, then row
        placed[:, grid.used.T] = maps[:, :, :, 0].sum(1)
        return placed.transpose(1, 2)


@dataclass(frozen=True, eq=False)
class PhraseMaps:
    """Relevancy of L phrases as the crops gave it: a map is put together when it is asked for.

    Putting together is linear and a crop's map is 7×7, so thousands of phrases fit in memory
    whatever the size of the image, and the mean of the maps is the map of the mean.

    Attributes:
        cut: how the image was cut.
        scales: [L, R, C, g, g] for each scale, float32 ≥ 0.
    """

    cut: Cut
    scales: tuple[Tensor, ...]

    def __len__(self) -> int:
        return len(self.scales[0])

    def __getitem__(self, phrases: slice | list[int]) -> PhraseMaps:
        return PhraseMaps(self.cut, tuple(scale[phrases] for scale in self.scales))

    def join(self, others: PhraseMaps) -> PhraseMaps:
        """These phrases and then others, in the same image."""
        pairs = zip(self.scales, others.scales, strict=True)
        return PhraseMaps(self.cut, tuple(torch.cat(pair) for pair in pairs))

    def cpu(self) -> PhraseMaps:
        return PhraseMaps(self.cut, tuple(scale.cpu() for scale in self.scales))

    def mean(self) -> PhraseMaps:
        """The mean over the phrases, as one phrase."""
        return PhraseMaps(self.cut, tuple(scale.mean(0, keepdim=True) for scale in self.scales))

    def maps(self) -> Tensor:
        """Relevancy maps [L, H, W], float32, ≥ 0."""
        cut = self.cut
        total = self.scales[0].new_zeros(len(self), cut.height_px, cut.width_px)
        for grid, scale in zip(cut.grids, self.scales, strict=True):
            total += merge_tiles(grid, scale, cut.num_images, cut.height_px, cut.width_px)
        return total / cut.num_scales


@dataclass(frozen=True, eq=False)
class PreparedImage:
    """An image whose relevancy for any phrase is a few matrix products away.

    It keeps some 170 kB for each pass of the encoder (ViT-B/32).
    """

    cut: Cut
    explainer: Explainer
    kept: tuple[Any, ...]

    def explain(self, text: Tensor) -> PhraseMaps:
        """Relevancy of phrases, by their text features [L, D]."""
        scales = (
            self.cut.place(grid, self.explainer.relevance(kept, text))
            for grid, kept in zip(self.cut.grids, self.kept, strict=True)
        )
        return PhraseMaps(self.cut, tuple(scales))

    def relevancy(self, text: Tensor) -> Tensor:
        """Relevancy maps [L, H, W], float32, ≥ 0, for text features [L, D]."""
        return self.explain(text).maps()


def prepare(
    encoder: ClipEncoder,
    rgb: Rgb,
    preset: Preset,
    *,
    seed: int = 0,
    reference: bool = False,
    progress: Progress | None = None,
) -> PreparedImage:
    """Run the image encoder over all crops of an image (H, W, 3) uint8, once, to ask it later.

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
    images, grids = _copies_and_grids(rgb, preset, seed, reference)
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
    explainer = _explainer(encoder, reference)
    cut = _cut(images, grids, flip)
    progress = _begin(cut, progress)
    kept = []
    for grid in cut.grids:
        room, start = explainer.allocate(cut.num_passes(grid)), 0
        for batch in _batches(encoder, images, grid, flip, progress):
            explainer.capture(batch, room, start)
            start += len(batch)
        kept.append(room)
    return PreparedImage(cut, explainer, tuple(kept))


def explain(
    encoder: ClipEncoder,
    rgb: Rgb,
    text: Tensor,
    preset: Preset,
    *,
    seed: int = 0,
    reference: bool = False,
    progress: Progress | None = None,
) -> PhraseMaps:
    """Relevancy of phrases, by their text features [L, D], in an image that is asked only once.

    As `prepare` and `PreparedImage.explain`, but nothing of the encoder's work is kept: memory
    does not grow with the image.
    """
    images, grids = _copies_and_grids(rgb, preset, seed, reference)
    explainer = _explainer(encoder, reference)
    cut = _cut(images, grids, preset.flip)
    progress = _begin(cut, progress)
    room = explainer.allocate(_BATCH)
    scales = []
    for grid in cut.grids:
        patches = []
        for batch in _batches(encoder, images, grid, preset.flip, progress):
            explainer.capture(batch, room, 0)
            patches.append(explainer.relevance(room[: len(batch)], text))
        scales.append(cut.place(grid, torch.cat(patches, dim=1)))
    return PhraseMaps(cut, tuple(scales))


def _copies_and_grids(
    rgb: Rgb, preset: Preset, seed: int, reference: bool
) -> tuple[list[Rgb], list[TileGrid]]:
    height, width, _ = rgb.shape
    cut = published_tile_grids if reference else tile_grids
    return [rgb, *jittered(rgb, preset.jittered_copies, seed)], cut(height, width, preset)


def _explainer(encoder: ClipEncoder, reference: bool) -> Explainer:
    visual = check_tower(encoder.model.visual, encoder.identity.name)
    deep = len(visual.transformer.resblocks) != FIRST_COUNTED_BLOCK + 1
    return Rollout(visual) if reference and deep else LastBlock(visual)


def _cut(images: Sequence[Rgb], grids: Sequence[TileGrid], flip: bool) -> Cut:
    height, width, _ = images[0].shape
    used = tuple(grid for grid in grids if grid.used.any())
    return Cut(height, width, used, len(grids), len(images), flip)


def _begin(cut: Cut, progress: Progress | None) -> Progress:
    progress = progress or Silent()
    progress.begin("reading the image", sum(map(cut.num_passes, cut.grids)))
    return progress


def _batches(
    encoder: ClipEncoder, images: Sequence[Rgb], grid: TileGrid, flip: bool, progress: Progress
) -> Iterator[Tensor]:
    """A scale's crops, as the encoder takes them: image by image, each before its mirror image."""
    crops = _crops(images, grid)
    while batch := list(islice(crops, _BATCH // 2 if flip else _BATCH)):
        tensor = encoder.preprocess(batch)
        if flip:
            tensor = torch.stack([tensor, tensor.flip(-1)], dim=1).flatten(0, 1)
        yield tensor
        progress.advance(len(tensor))


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
