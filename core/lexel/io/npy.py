"""Arrays in numpy's own format, checked before they are believed. Nothing is unpickled."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from typing import IO, Any, Literal

import numpy as np
import numpy.typing as npt

from lexel.errors import SceneError


@dataclass(frozen=True)
class NpyHeader:
    """What the head of an array promises."""

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    order: Literal["C", "F"]

    @property
    def num_bytes(self) -> int:
        return math.prod(self.shape) * self.dtype.itemsize


def read_npy_header(stream: IO[bytes], where: object) -> NpyHeader:
    """The head of an array of plain numbers; the stream is left at the first of them."""
    npy: Any = np.lib.format  # untyped
    try:
        version = npy.read_magic(stream)
        read = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}[version]
        shape, fortran, dtype = read(stream)
    except Exception as cause:  # numpy parses the header as Python text: anything may be raised
        raise SceneError("has no readable header", where=where, got=cause) from cause
    if dtype.kind not in "biuf" or not dtype.itemsize:
        raise SceneError("should hold numbers", where=where, got=dtype)
    if any(n < 0 for n in shape):
        raise SceneError("has no readable header", where=where, got=shape)
    return NpyHeader(shape, dtype, "F" if fortran else "C")


def parse_npy(data: bytes, where: object) -> npt.NDArray[Any]:
    """An array of plain numbers whose header agrees with the bytes that follow."""
    content = io.BytesIO(data)
    header = read_npy_header(content, where)
    body = content.read()
    if header.num_bytes != len(body):
        raise SceneError(
            "has another size than its header says", where=where, got=f"{len(body):,} bytes"
        )
    return np.frombuffer(body, header.dtype).reshape(header.shape, order=header.order)
