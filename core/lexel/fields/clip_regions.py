"""What regions mean to an image-text model: by their crops, or by the tower's patches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from PIL import Image

from lexel.errors import InputError
from lexel.fields.crop_boxes import crop_boxes
from lexel.fields.regions import Regions
from lexel.geometry.vectors import unit_rows

if TYPE_CHECKING:
    from lexel.encoders.clip import ClipEncoder

Floats = npt.NDArray[np.float32]
Rgb = npt.NDArray[np.uint8]

_BATCH = 32


@dataclass(frozen=True)
class CropWeights:
    """How a region's meaning is put together from unit vectors: crop, surroundings, whole image.

    ConceptFusion (Jatavallabhula et al., RSS 2023) mixes crop and image, by chosen weights here.
    """

    crop: float = 0.7
    context: float = 0.25
    image: float = 0.05

    def __post_init__(self) -> None:
        """Weights from the command line should be wrong before anything is read."""
        values = (self.crop, self.context, self.image)
        if not all(np.isfinite(v) and v >= 0 for v in values) or sum(values) <= 0:
            raise InputError(
                "the weights of crop, context and image must be 0 or more, and not all 0",
                where="--merge",
                got=values,
                do="For example 0.7,0.25,0.05.",
            )


@dataclass(frozen=True, eq=False)
class CropEncoder:
    """A `RegionEncoder`: crop, context crop and whole image, linearly merged."""

    clip: ClipEncoder
    weights: CropWeights = CropWeights()

    def encode(self, rgb: Rgb, regions: Regions) -> Floats:
        image = Image.fromarray(rgb)
        crops, wide = crop_boxes(regions)
        merged = np.zeros((len(crops), self.clip.identity.dim), np.float32)
        if self.weights.crop:
            merged += self.weights.crop * self._encode(image, crops)
        if self.weights.context:
            merged += self.weights.context * self._encode(image, wide)
        if self.weights.image:
            whole = np.array([[0, 0, rgb.shape[1], rgb.shape[0]]], np.float64)
            merged += self.weights.image * self._encode(image, whole)
        return unit_rows(merged)

    def _encode(self, image: Image.Image, boxes: npt.NDArray[np.float64]) -> Floats:
        """(R, D) unit vectors of the image's boxes (R, 4)."""
        size = (self.clip.image_size_px,) * 2
        features = [np.zeros((0, self.clip.identity.dim), np.float32)]
        for start in range(0, len(boxes), _BATCH):
            some = boxes[start : start + _BATCH]
            crops = [image.resize(size, Image.Resampling.BICUBIC, tuple(box)) for box in some]
            features.append(self.clip.image_features(crops).float().cpu().numpy())
        return unit_rows(np.concatenate(features))


@dataclass(frozen=True, eq=False)
class PatchEncoder:
    """A `RegionEncoder`: the mean over each region of the image tower's patch features.

    One pass over a few large tiles instead of two a region: fast, and less sharp.
    """

    clip: ClipEncoder

    def encode(self, rgb: Rgb, regions: Regions) -> Floats:
        from lexel.fields.patches import patch_features

        height, width = rgb.shape[:2]
        total = np.zeros((len(regions), self.clip.identity.dim), np.float32)
        image = Image.fromarray(rgb)
        tiles = _tiles(width, height)
        features = patch_features(self.clip, [image.crop(tile) for tile in tiles])
        for (x0, y0, x1, y1), grid in zip(tiles, features, strict=True):
            shares = _patch_shares(regions.label[y0:y1, x0:x1], len(regions), grid.shape[0])
            total += shares @ grid.reshape(-1, grid.shape[-1])
        return unit_rows(total)


def _tiles(width: int, height: int) -> list[tuple[int, int, int, int]]:
    """Square tiles along the longer side, and a finer set of half their size; half overlapping."""
    tiles = []
    for side in (min(width, height), -(-min(width, height) // 2)):
        across, down = (_starts(extent, side) for extent in (width, height))
        tiles += [(x, y, x + side, y + side) for y in down for x in across]
    return tiles


def _starts(extent: int, side: int) -> list[int]:
    count = 1 + -(-2 * (extent - side) // side)
    return np.linspace(0, extent - side, count).round().astype(int).tolist()


def _patch_shares(label: npt.NDArray[np.int32], num_regions: int, grid: int) -> Floats:
    """(R, grid²): how many pixels of each region each patch of a tile covers."""
    rows, columns = np.nonzero(label >= 0)
    patch = rows * grid // label.shape[0] * grid + columns * grid // label.shape[1]
    at = label[rows, columns].astype(np.int64) * grid**2 + patch
    counts = np.bincount(at, minlength=num_regions * grid**2)
    return counts.reshape(num_regions, grid**2).astype(np.float32)
