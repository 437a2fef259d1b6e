"""What a reader makes of a mesh or cloud: as the file gives it, not yet upright or in metres."""

from __future__ import annotations

import mmap
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from lexel.errors import SceneError
from lexel.io.recording import Up
from lexel.io.whole_files import read_bytes
from lexel.scene import Texture

MAX_FILE_BYTES = 2**32
MAX_WHOLE_BYTES = 2**30
MAX_POINTS = 2**25  # 33 million: some 2 GB while they are brought home
MAX_TRIANGLES = 2 * MAX_POINTS  # a closed surface has two for each point


@dataclass(frozen=True, eq=False)
class RawGeometry:
    """A mesh or cloud in the file's own frame and unit.

    Attributes:
        kind: for people, without the suffix ("mesh", "point cloud").
        points: (N, 3) floats.
        rgb, normals, faces, texture: as in `Geometry`; faces are within 0..N-1.
        up: what the format, or its custom, says of the file's frame.
        comments: lines of the file for people, which may say better.
    """

    kind: str
    points: npt.NDArray[np.floating]
    rgb: npt.NDArray[np.uint8] | None = None
    normals: npt.NDArray[np.floating] | None = None
    faces: npt.NDArray[np.int32] | None = None
    texture: Texture | None = None
    up: Up = Up.Z
    comments: tuple[str, ...] = ()


def checked_faces(faces: npt.NDArray[Any], num_points: int, where: object) -> npt.NDArray[np.int32]:
    """(F, 3) int32 indices that all lie within the points, or a sentence."""
    if faces.size and not (faces.min() >= 0 and faces.max() < num_points):
        raise SceneError(
            f"has faces of points that are not there; there are {num_points:,}",
            where=where,
            got=f"{faces.min()} .. {faces.max()}",
            do="Export it again.",
        )
    return faces.astype(np.int32)


def fan_corners(counts: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """(T, 3) where the corners of triangles stand in a list of polygons of `counts` corners.

    Each polygon is cut into a fan about its first corner; fewer than three corners make none.
    """
    triangles = np.maximum(counts - 2, 0)
    first = np.repeat(np.cumsum(counts) - counts, triangles)
    step = np.arange(triangles.sum()) - np.repeat(np.cumsum(triangles) - triangles, triangles)
    return np.stack([first, first + step + 1, first + step + 2], axis=1)


def map_file(file: Path) -> bytes | mmap.mmap:
    """The content of a file, without bringing all of it into memory."""
    try:
        if not 0 < (size := file.stat().st_size) <= MAX_FILE_BYTES:
            raise SceneError(
                "is empty" if not size else f"is larger than {MAX_FILE_BYTES >> 30} GB", where=file
            )
        with file.open("rb") as stream:
            return mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError) as cause:
        raise SceneError("cannot be read", where=file, got=cause) from cause


def read_all(file: Path) -> bytes:
    """The content of a file that is read whole: text, and binary that is taken apart anyway."""
    return read_bytes(
        file, MAX_WHOLE_BYTES, "a mesh or cloud of its kind", "Make it coarser, or a binary .ply."
    )
