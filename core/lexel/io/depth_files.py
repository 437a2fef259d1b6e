"""Depth images of one view: 16-bit pictures, numpy arrays, COLMAP's own maps."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from lexel.errors import SceneError
from lexel.io.images import decode_depth16, decode_grey
from lexel.io.limits import MAX_PIXELS
from lexel.io.npy import parse_npy
from lexel.io.whole_files import read_bytes

_TOO_FAR = 65535  # the largest a 16-bit picture can say stands for "no depth" wherever it occurs
_MAX_BYTES = 8 * MAX_PIXELS + 4096
_MAX_HEADER_BYTES = 64
_PICTURES = (".png", ".tif", ".tiff", ".pgm")


@dataclass(frozen=True)
class DepthFile:
    """Where the depth of one view lies, and what its numbers mean.

    Attributes:
        path: its suffix tells the format.
        unit_m: metres of one unit.
        confidence: an 8-bit picture beside it; where it is 0, the depth is not believed.
    """

    path: Path
    unit_m: float
    confidence: Path | None = None


def read_depth(file: DepthFile) -> npt.NDArray[np.float32]:
    """(H, W) float32, metres; what is no depth (0, NaN, negative) is still as the file says it."""
    suffix = file.path.suffix.lower()
    if suffix in _PICTURES:
        units = decode_depth16(file.path, file.path)
        units = np.where(units == _TOO_FAR, np.uint16(0), units)
    elif suffix == ".npy":
        units = _plane(parse_npy(_content(file.path), file.path), file.path)
    elif suffix == ".bin":
        units = _parse_colmap(_content(file.path), file.path)
    else:
        raise SceneError(
            "is depth in a format Lexel does not read",
            where=file.path,
            got=suffix or "no suffix",
            do="Save it as 16-bit PNG, or as .npy.",
        )
    if not units.size:
        raise SceneError("holds no pixels", where=file.path, do="Is the file whole?")
    with np.errstate(over="ignore", invalid="ignore"):  # checked with every depth image
        metres = (units.astype(np.float64) * file.unit_m).astype(np.float32)
    return metres if file.confidence is None else _believed(metres, file.confidence)


def _believed(depth_m: npt.NDArray[np.float32], file: Path) -> npt.NDArray[np.float32]:
    confidence = decode_grey(file, file)
    if confidence.shape != depth_m.shape:
        raise SceneError(
            "has another size than the depth it belongs to", where=file, got=confidence.shape
        )
    return np.where(confidence == 0, np.float32(0), depth_m)


def _plane(values: npt.NDArray[Any], where: Path) -> npt.NDArray[Any]:
    if values.ndim == 3 and values.shape[2] == 1:
        values = values[..., 0]
    if values.ndim != 2 or values.dtype.kind not in "fiu":
        raise SceneError(
            "should hold H x W depths", where=where, got=f"{values.dtype} {values.shape}"
        )
    return values


def _parse_colmap(content: bytes, where: Path) -> npt.NDArray[Any]:
    """COLMAP's map: `width&height&1&`, then float32 row by row."""
    fields = content[:_MAX_HEADER_BYTES].split(b"&", 3)
    if len(fields) != 4 or not all(f.isdigit() and len(f) <= 9 for f in fields[:3]):
        raise SceneError("is no depth map of COLMAP", where=where, got=content[:16])
    width, height, channels = map(int, fields[:3])
    start = sum(map(len, fields[:3])) + 3
    if channels != 1 or len(content) - start != 4 * width * height:
        raise SceneError(
            f"should hold {width} x {height} x {channels} float32, of one channel",
            where=where,
            got=f"{len(content) - start:,} bytes",
            do="Is the file whole?",
        )
    return np.frombuffer(content, "<f4", width * height, start).reshape(height, width)


def _content(file: Path) -> bytes:
    return read_bytes(file, _MAX_BYTES, "a depth image")
