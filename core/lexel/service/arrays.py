"""Arrays as they travel: little-endian bytes, with their type and shape in headers.

The standard library and numpy alone: the Blender extension carries a copy of this file.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from lexel.service.wire import ProtocolError

ARRAY_TYPE = "application/octet-stream"
DTYPE, SHAPE = "X-Lexel-Dtype", "X-Lexel-Shape"
DTYPES = ("uint8", "int32", "int64", "float16", "float32", "float64")
_MAX_SIDE, _MAX_AXES = 2**31, 4


@dataclass(frozen=True)
class Layout:
    """What the headers say of an array in a body: little-endian, C order."""

    dtype: str
    shape: tuple[int, ...]

    @property
    def num_bytes(self) -> int:
        return math.prod(self.shape) * np.dtype(self.dtype).itemsize

    @classmethod
    def of(cls, array: npt.NDArray[Any]) -> Layout:
        return cls(array.dtype.name, array.shape)

    def headers(self) -> dict[str, str]:
        return {DTYPE: self.dtype, SHAPE: ",".join(map(str, self.shape))}


def bytes_of(array: npt.NDArray[Any]) -> bytes:
    """An array's numbers as they travel."""
    little = array.astype(array.dtype.newbyteorder("<"), order="C", copy=False)
    return little.tobytes()


def read_layout(dtype: str | None, shape: str | None) -> Layout:
    """A layout from its two headers."""
    if dtype not in DTYPES:
        raise ProtocolError(f"{DTYPE} is one of {', '.join(DTYPES)}", dtype)
    sides = (shape or "").split(",")
    if len(sides) > _MAX_AXES or not all(re.fullmatch(r"[0-9]{1,10}", side) for side in sides):
        raise ProtocolError(f"{SHAPE} is at most {_MAX_AXES} whole numbers, as 480,640,3", shape)
    sizes = tuple(map(int, sides))
    if max(sizes) > _MAX_SIDE:
        raise ProtocolError(f"{SHAPE} is too large", shape)
    return Layout(dtype, sizes)


def array_of(layout: Layout, body: bytes | bytearray | memoryview) -> npt.NDArray[Any]:
    """The array in a body, which must be as long as the layout says. It shares the bytes."""
    if len(body) != layout.num_bytes:
        raise ProtocolError(f"the body should have {layout.num_bytes} bytes", len(body))
    little = np.dtype(layout.dtype).newbyteorder("<")
    return np.frombuffer(body, little).reshape(layout.shape)
