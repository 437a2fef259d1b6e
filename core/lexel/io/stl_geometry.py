"""`.stl`: triangles without colours, binary or text."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from lexel.errors import SceneError
from lexel.io.notes import Notes
from lexel.io.raw_geometry import RawGeometry, read_all

_HEADER_BYTES = 84
_FACET = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("attribute", "<u2")])


def read_stl_geometry(file: Path, _: Notes) -> RawGeometry:
    """The triangles of a file, each with corners of its own."""
    content = read_all(file)
    binary = _binary(content)
    corners = _text(content, file) if binary is None else binary
    faces = np.arange(3 * len(corners), dtype=np.int32).reshape(-1, 3)
    return RawGeometry("mesh", corners.reshape(-1, 3), faces=faces)


def _binary(content: bytes) -> npt.NDArray[np.float32] | None:
    """(F, 3, 3) when the file is exactly as long as its header says."""
    if len(content) < _HEADER_BYTES:
        return None
    count = int.from_bytes(content[80:84], "little")
    if len(content) != _HEADER_BYTES + count * _FACET.itemsize:
        return None
    return np.frombuffer(content, _FACET, count, _HEADER_BYTES)["corners"]


def _text(content: bytes, file: Path) -> npt.NDArray[np.float64]:
    """(F, 3, 3) from the lines `vertex x y z`."""
    if not content.lstrip().startswith(b"solid"):
        raise SceneError(
            "is neither text nor a whole binary .stl",
            where=file,
            got=f"{len(content):,} bytes",
            do="Export it again.",
        )
    lines = [line.split()[1:] for line in content.splitlines() if line.strip()[:6] == b"vertex"]
    try:
        values = np.array([float(word) for line in lines for word in line])
        return values.reshape(len(lines) // 3, 3, 3)
    except ValueError as cause:
        raise SceneError("holds triangles that are not whole", where=file, got=cause) from cause
