"""Image files to arrays, with limits; and resizing."""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps, UnidentifiedImageError

from lexel.errors import SceneError
from lexel.io.limits import MAX_PIXELS
from lexel.io.whole_files import read_bytes

_MAX_FILE_BYTES = 2**29
_BROKEN = (
    OSError,
    ValueError,
    SyntaxError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    OverflowError,
    MemoryError,
    EOFError,
    ZeroDivisionError,
    NotImplementedError,
    AssertionError,
    RuntimeError,
    UnidentifiedImageError,
    Image.DecompressionBombError,
)
_SIXTEEN_BIT = ("I;16", "I;16B", "I;16L", "I;16N", "I")


def decode_rgb(source: Path | bytes, where: object, *, turn: bool = True) -> npt.NDArray[np.uint8]:
    """(H, W, 3) uint8 from an image file or its bytes, turned as its EXIF tag says.

    Without `turn`, as the sensor gave it: so it is where a camera was calibrated beside it.
    """
    image = _open(source, where)
    try:
        turned = ImageOps.exif_transpose(image) if turn else image
        if turned.mode in _SIXTEEN_BIT:  # PIL clips these instead of scaling them
            grey = (np.asarray(turned, np.int64) >> 8).clip(0, 255).astype(np.uint8)
            return np.repeat(grey[..., None], 3, axis=2)
        return np.array(turned.convert("RGB"))
    except _BROKEN as cause:
        raise _damaged(where, cause) from cause


def decode_grey(source: Path | bytes, where: object) -> npt.NDArray[np.uint8]:
    """(H, W) uint8 from an 8-bit grey image, its values as they are."""
    image = _open(source, where)
    if image.mode not in ("L", "P", "1"):
        raise SceneError("is not an 8-bit grey image", where=where, got=f"mode {image.mode}")
    try:
        return np.asarray(image).astype(np.uint8)
    except _BROKEN as cause:
        raise _damaged(where, cause) from cause


def decode_depth16(source: Path | bytes, where: object) -> npt.NDArray[np.uint16]:
    """(H, W) uint16 from a 16-bit grey image, in whatever unit it counts."""
    image = _open(source, where)
    if image.mode not in _SIXTEEN_BIT:
        raise SceneError(
            "is not a 16-bit grey image",
            where=where,
            got=f"mode {image.mode}",
            do="Save depth as 16-bit PNG.",
        )
    try:
        values = np.asarray(image)
    except _BROKEN as cause:
        raise _damaged(where, cause) from cause
    if values.ndim != 2 or values.min(initial=0) < 0 or values.max(initial=0) > 65535:
        raise SceneError("does not hold 16-bit depth", where=where)
    return values.astype(np.uint16)


def resize_smooth(rgb: npt.NDArray[np.uint8], size_px: tuple[int, int]) -> npt.NDArray[np.uint8]:
    """Bilinear with Pillow's support (smaller images are averaged); size is (width, height)."""
    image = Image.fromarray(rgb).resize(size_px, Image.Resampling.BILINEAR)
    return np.array(image)


def resize_nearest(values: npt.NDArray[Any], size_px: tuple[int, int]) -> npt.NDArray[Any]:
    """(H, W) to `size_px` (width, height), each pixel from the one its centre falls in."""
    height, width = values.shape[:2]
    column = ((np.arange(size_px[0]) + 0.5) * width / size_px[0]).astype(np.intp)
    row = ((np.arange(size_px[1]) + 0.5) * height / size_px[1]).astype(np.intp)
    return np.asarray(values[row.clip(0, height - 1)[:, None], column.clip(0, width - 1)])


def resize_bilinear(values: npt.NDArray[Any], size_px: tuple[int, int]) -> npt.NDArray[np.float64]:
    """(H, W[, C]) to `size_px` (width, height): two-point interpolation, edges held.

    As the published code's OpenCV call: no averaging when shrinking, and depth is blended across
    edges. Only for `reference`.
    """
    columns = _interpolate(np.moveaxis(values.astype(np.float64), 1, 0), size_px[0])
    return _interpolate(np.moveaxis(columns, 0, 1), size_px[1])


def _interpolate(values: npt.NDArray[np.float64], count: int) -> npt.NDArray[np.float64]:
    at = ((np.arange(count) + 0.5) * len(values) / count - 0.5).clip(0, len(values) - 1)
    low = np.floor(at).astype(np.intp)
    high = np.minimum(low + 1, len(values) - 1)
    weight = (at - low).reshape(-1, *([1] * (values.ndim - 1)))
    return values[low] * (1 - weight) + values[high] * weight


def image_size_px(file: Path) -> tuple[int, int]:
    """(width, height) that the head of an image file tells; its pixels are not read."""
    image = _open_head(file, file)
    return image.width, image.height


def _open(source: Path | bytes, where: object) -> Image.Image:
    image = _open_head(source, where)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # oddities of tags; what cannot be decoded raises
            image.load()
        return image
    except _BROKEN as cause:
        raise _damaged(where, cause) from cause


def _open_head(source: Path | bytes, where: object) -> Image.Image:
    content = source if isinstance(source, bytes) else _read(source)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # PIL warns of what is checked just below
            image = Image.open(io.BytesIO(content))
    except _BROKEN as cause:
        raise _damaged(where, cause) from cause
    if image.width * image.height > MAX_PIXELS:
        raise SceneError(
            f"has more than {MAX_PIXELS // 10**6} megapixels",
            where=where,
            got=f"{image.width} x {image.height}",
            do="Make it smaller.",
        )
    return image


def _read(file: Path) -> bytes:
    return read_bytes(file, _MAX_FILE_BYTES, "an image", "Make it smaller.")


def _damaged(where: object, cause: Exception) -> SceneError:
    return SceneError("cannot be read as an image", where=where, got=cause, do="Is the file whole?")
