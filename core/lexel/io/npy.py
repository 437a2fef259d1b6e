"""Arrays in numpy's own format, checked before they are believed. Nothing is unpickled."""

from __future__ import annotations

import io
import math
import sys
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


def read_npy_header(stream: IO[bytes], where: object, kinds: str = "biuf") -> NpyHeader:
    """The head of an array of plain values; the stream is left at the first of them.

    `kinds` are numpy's of what the array may hold: numbers, or "U" for texts.
    """
    npy: Any = np.lib.format  # untyped
    try:
        version = npy.read_magic(stream)
        read = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}[version]
        shape, fortran, dtype = read(stream)
    except Exception as cause:  # numpy parses the header as Python text: anything may be raised
        raise SceneError("has no readable header", where=where, got=cause) from cause
    if dtype.kind not in kinds or not dtype.itemsize:
        what = "texts" if kinds == "U" else "numbers"
        raise SceneError(f"should hold {what}", where=where, got=dtype)
    if any(n < 0 for n in shape):
        raise SceneError("has no readable header", where=where, got=shape)
    return NpyHeader(shape, dtype, "F" if fortran else "C")


def read_npy_values(stream: IO[bytes], header: NpyHeader, where: object) -> npt.NDArray[Any]:
    """The values that follow a head, which somebody has found to be of a bearable size."""
    body = stream.read(header.num_bytes + 1)
    if len(body) != header.num_bytes:
        raise SceneError("has another size than its header says", where=where)
    if header.dtype.kind == "U":
        letters = np.frombuffer(body, header.dtype.str[0] + "u4")
        if letters.max(initial=0) > sys.maxunicode:
            raise SceneError("holds texts of what are no letters", where=where)
    return np.frombuffer(body, header.dtype).reshape(header.shape, order=header.order)


def parse_npy(data: bytes, where: object) -> npt.NDArray[Any]:
    """An array of plain numbers whose header agrees with the bytes that follow."""
    content = io.BytesIO(data)
    header = read_npy_header(content, where)
    if header.num_bytes > len(data):
        raise SceneError(
            "has another size than its header says", where=where, got=f"{len(data):,} bytes"
        )
    return read_npy_values(content, header, where)
