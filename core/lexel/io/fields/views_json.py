"""`views/views.json`: where a field was seen from. The pictures are another file's matter."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from lexel.io.fields.layout import VIEWS, Fault
from lexel.io.json_files import read_json_list
from lexel.io.limits import MAX_PIXELS
from lexel.io.typed_json import JsonObject, objects_of


@dataclass(frozen=True, eq=False)
class ViewEntry:
    """An item of `views/views.json`; `image` is a file in `views/`, `size_px` (width, height)."""

    image: str
    world_from_camera: npt.NDArray[np.float64]
    intrinsics: npt.NDArray[np.float64]
    size_px: tuple[int, int]


def load_view_entries(folder: Path, files: Collection[str]) -> tuple[ViewEntry, ...]:
    """The views of a field; `files` are those that `field.json` lists."""
    path = folder / VIEWS
    entries = tuple(_entry(data) for data in objects_of(read_json_list(path), path))
    for entry in entries:
        listed = f"views/{entry.image}" in files
        Fault(path).unless(listed, "an image is not listed in field.json", entry.image)
    return entries


def _entry(data: JsonObject) -> ViewEntry:
    width, height = data.array("size", (2,)).tolist()
    image = data.text("image")
    if min(width, height) < 1 or width * height > MAX_PIXELS:
        raise data.wrong("size", "should be width and height of a picture")
    return ViewEntry(
        image,
        data.array("world_from_camera", (4, 4)),
        data.array("K", (3, 3)),
        (int(width), int(height)),
    )
