"""Which captions make which batch, and their pictures and words as tensors.

Order and crops depend on seed, epoch and row alone: the number of steps done is the whole state.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from lexel.encoders.normalisation import Normalisation
from lexel.encoders.pixels import Pixels, read_pixels, stream_batches
from lexel.training.captions import Caption
from lexel.training.clip_loss import right_pairs

_ORDER, _CROP = 0, 1  # streams of random numbers


@dataclass(frozen=True)
class Batch:
    """Pairs of a step, on the CPU.

    Attributes:
        images: [B, 3, S, S] float32, normalised.
        tokens: [B, T] int64.
        right: [B, B] bool, see `contrastive_loss`.
    """

    images: Tensor
    tokens: Tensor
    right: Tensor


@dataclass(frozen=True)
class PairReader:
    """Reads captions' pictures and words.

    Attributes:
        folder: of the images.
        size_px: side of the image tower's input.
        tokenizer: open_clip's.
        workers: threads that read images.
    """

    captions: Sequence[Caption]
    folder: Path
    size_px: int
    normalisation: Normalisation
    tokenizer: Any
    batch: int
    workers: int = 2

    def num_batches(self) -> int:
        """Of one epoch; they differ by one pair in size at most, and none is left out.

        No batch holds one pair alone, which would have nothing to be told from.
        """
        pairs = len(self.captions)
        return max(1, min(-(-pairs // self.batch), pairs // 2))

    def training(self, seed: int, epoch: int, skip: int = 0) -> Iterator[Batch]:
        """The epoch's batches after the first `skip`, shuffled, their images cropped anew."""
        rng = np.random.default_rng((seed, epoch, _ORDER))
        rows = np.array_split(rng.permutation(len(self.captions)), self.num_batches())[skip:]

        def read(row: int) -> Pixels:
            crop = np.random.default_rng((seed, epoch, _CROP, row))
            return self._pixels(row, crop)

        yield from self._batches(rows, read)

    def validation(self, seed: int) -> Iterator[Batch]:
        """Every pair once, in the same order always, the middle of each image."""
        rng = np.random.default_rng((seed, _ORDER))
        rows = np.array_split(rng.permutation(len(self.captions)), self.num_batches())
        yield from self._batches(rows, self._pixels)

    def _pixels(self, row: int, rng: np.random.Generator | None = None) -> Pixels:
        file = self.folder / self.captions[row].image
        return read_pixels(file, self.size_px, self.normalisation, rng)

    def _batches(self, rows: list[np.ndarray], read: Any) -> Iterator[Batch]:
        lists = [batch.tolist() for batch in rows]
        for batch, images in stream_batches(lists, read, self.workers):
            captions = [self.captions[row] for row in batch]
            right = right_pairs(
                _numbers([c.image for c in captions]), _numbers([c.text for c in captions])
            )
            tokens = self.tokenizer([c.text for c in captions])
            yield Batch(torch.from_numpy(images), tokens, right)


def _numbers(names: list[str]) -> Tensor:
    """[B] int64: the same for the same name."""
    seen: dict[str, int] = {}
    return torch.tensor([seen.setdefault(name, len(seen)) for name in names])
