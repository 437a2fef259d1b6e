"""Pictures of textured meshes: read from the mesh's own folder, and averaged onto vertices."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from lexel.errors import SceneError
from lexel.io.images import decode_rgb
from lexel.io.inner_paths import inner_file
from lexel.io.notes import Notes
from lexel.scene import Texture

MAX_PIXELS_OF_ALL = 2**28  # 0.8 GB
Picture = npt.NDArray[np.uint8]


def check_budget(pictures: Sequence[Picture | None], one_more: Picture, where: object) -> None:
    """Refuse a picture that would make all of a mesh's pictures too large together."""
    pixels = sum(p.size // 3 for p in (*pictures, one_more) if p is not None)
    if pixels > MAX_PIXELS_OF_ALL:
        raise SceneError("is one too many: together they are too large", where=where)


def read_pictures(names: Sequence[str], file: Path, notes: Notes) -> list[Picture | None]:
    """(H, W, 3) for each name that the mesh `file` gives; equal names share one.

    None, aloud, for one that is missing, damaged or nowhere in the mesh's folder.
    """
    pictures: dict[str, Picture | None] = {}
    for name in dict.fromkeys(names):
        try:
            place = inner_file(file.parent, name, file)
            picture = decode_rgb(place, place, turn=False)
            check_budget(list(pictures.values()), picture, place)
            pictures[name] = picture
        except SceneError as error:
            notes.warn(error.where or str(file), f"a texture {error.what}; it is left out")
            pictures[name] = None
    return [pictures[name] for name in names]


def finite_uv(uv: npt.NDArray[np.floating]) -> npt.NDArray[np.float32]:
    """Places in pictures with what is no number, or absurd, put to 0."""
    with np.errstate(invalid="ignore", over="ignore"):
        good = np.abs(uv) < 1e6
    return np.where(good, uv, 0).astype(np.float32)


def corner_colours(
    rgb: npt.NDArray[np.uint8] | None,
    faces: npt.NDArray[np.int32],
    texture: Texture,
    num_points: int,
) -> npt.NDArray[np.uint8]:
    """(N, 3) colours of vertices: the mean over their textured corners, else `rgb`, else grey."""
    colours = np.full((num_points, 3), 128, np.uint8) if rgb is None else rgb.copy()
    total, count = np.zeros((num_points, 3)), np.zeros(num_points)
    every = np.flatnonzero(texture.picture >= 0)
    for corner in range(3):
        weights = np.zeros((len(every), 3))
        weights[:, corner] = 1.0
        seen = texture.rgb_at(every, weights)
        at = faces[every, corner]
        count += np.bincount(at, minlength=num_points)
        for channel in range(3):
            total[:, channel] += np.bincount(at, seen[:, channel], num_points)
    textured = count > 0
    colours[textured] = np.rint(total[textured] / count[textured, None])
    return colours
