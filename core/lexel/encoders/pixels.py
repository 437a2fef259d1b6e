"""Image files to the numbers an image tower reads, in batches, read ahead by threads."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from PIL import Image

from lexel.encoders.normalisation import Normalisation
from lexel.io.images import decode_rgb

Box = tuple[float, float, float, float]  # left, top, right, bottom; pixels of the image
Pixels = npt.NDArray[np.float32]
T = TypeVar("T")

MIN_CROP = 0.9  # of the shorter side: a caption tells of the whole picture
_BATCHES_AHEAD = 2


def centre_box(width_px: int, height_px: int) -> Box:
    """The largest square in the middle."""
    side = min(width_px, height_px)
    left, top = (width_px - side) / 2, (height_px - side) / 2
    return left, top, left + side, top + side


def random_box(width_px: int, height_px: int, rng: np.random.Generator) -> Box:
    """A square of nearly the shorter side, anywhere. Never mirrored: captions say left, right."""
    side = min(width_px, height_px) * rng.uniform(MIN_CROP, 1)
    left, top = rng.uniform(0, width_px - side), rng.uniform(0, height_px - side)
    # Rounding must not carry the far edge out of the image: Pillow refuses such a box.
    return left, top, min(left + side, width_px), min(top + side, height_px)


def read_pixels(
    file: Path,
    size_px: int,
    normalisation: Normalisation,
    rng: np.random.Generator | None = None,
) -> Pixels:
    """(3, size, size) float32, normalised: the middle square, or with `rng` a random one.

    Raises:
        SceneError: the file is no image, or cannot be read.
    """
    rgb = decode_rgb(file, file)
    height, width = rgb.shape[:2]
    box = centre_box(width, height) if rng is None else random_box(width, height, rng)
    image = Image.fromarray(rgb).resize((size_px, size_px), Image.Resampling.BICUBIC, box)
    scaled = np.asarray(image, np.float32) / 255
    mean, std = (np.asarray(c, np.float32) for c in (normalisation.mean, normalisation.std))
    normal = (scaled - mean) / std
    return np.ascontiguousarray(normal.transpose(2, 0, 1))


def stream_batches(
    batches: Iterable[Sequence[T]], read: Callable[[T], Pixels], workers: int
) -> Iterator[tuple[Sequence[T], Pixels]]:
    """Each batch with its images (B, 3, S, S); the next two are read meanwhile, in order."""
    pool = ThreadPoolExecutor(workers)
    waiting: deque[tuple[Sequence[T], list[Future[Pixels]]]] = deque()
    try:
        for batch in batches:
            waiting.append((batch, [pool.submit(read, item) for item in batch]))
            if len(waiting) > _BATCHES_AHEAD:
                yield _collect(waiting)
        while waiting:
            yield _collect(waiting)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _collect(
    waiting: deque[tuple[Sequence[T], list[Future[Pixels]]]],
) -> tuple[Sequence[T], Pixels]:
    batch, images = waiting.popleft()
    return batch, np.stack([image.result() for image in images])
