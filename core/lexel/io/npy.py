"""Arrays in numpy's own format, checked before they are believed. Nothing is unpickled."""

from __future__ import annotations

import io
import math
from typing import Any

import numpy as np
import numpy.typing as npt

from lexel.errors import SceneError


def parse_npy(data: bytes, where: object) -> npt.NDArray[Any]:
    """An array of plain numbers whose header agrees with the bytes that follow."""
    content = io.BytesIO(data)
    npy: Any = np.lib.format  # untyped
    try:
        version = npy.read_magic(content)
        read = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}[version]
        shape, fortran, dtype = read(content)
    except Exception as cause:  # numpy parses the header as Python text: anything may be raised
        raise SceneError("has no readable header", where=where, got=cause) from cause
    if dtype.kind not in "biuf" or not dtype.itemsize:
        raise SceneError("should hold numbers", where=where, got=dtype)
    body = content.read()
    if any(n < 0 for n in shape) or math.prod(shape) * dtype.itemsize != len(body):
        raise SceneError(
            "has another size than its header says", where=where, got=f"{len(body):,} bytes"
        )
    return np.frombuffer(body, dtype).reshape(shape, order="F" if fortran else "C")
