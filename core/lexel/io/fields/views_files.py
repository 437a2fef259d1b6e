"""`views/`: pictures of where a field was seen from."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from lexel.io.fields.layout import IMAGE_SUFFIX, VIEWS, Fault
from lexel.io.images import MAX_PIXELS, decode_rgb
from lexel.io.json_files import read_json_list, write_json
from lexel.io.typed_json import JsonObject, objects_of
from lexel.scene import Thumbnail

_QUALITY = 92


@dataclass(frozen=True, eq=False)
class ViewEntry:
    """An item of `views/views.json`; `image` is a file in `views/`, `size_px` (width, height)."""

    image: str
    world_from_camera: npt.NDArray[np.float64]
    intrinsics: npt.NDArray[np.float64]
    size_px: tuple[int, int]


def save_views(folder: Path, views: Sequence[Thumbnail]) -> None:
    place, entries = (folder / VIEWS).parent, []
    place.mkdir()
    for i, view in enumerate(views):
        image = f"{i:06d}{IMAGE_SUFFIX}"
        Image.fromarray(view.rgb).save(place / image, "JPEG", quality=_QUALITY)
        camera = {"world_from_camera": view.world_from_camera, "K": view.intrinsics}
        entries.append({"image": image, **camera, "size": size_px_of(view)})
    write_json(folder / VIEWS, entries)


def load_view_entries(folder: Path, files: Collection[str]) -> tuple[ViewEntry, ...]:
    """The views of a field; `files` are those that `field.json` lists."""
    path = folder / VIEWS
    entries = tuple(_entry(data) for data in objects_of(read_json_list(path), path))
    for entry in entries:
        listed = f"views/{entry.image}" in files
        Fault(path).unless(listed, "an image is not listed in field.json", entry.image)
    return entries


def load_view(folder: Path, entry: ViewEntry) -> Thumbnail:
    path = (folder / VIEWS).parent / entry.image
    view = Thumbnail(decode_rgb(path, path), entry.intrinsics, entry.world_from_camera)
    size = size_px_of(view)
    good = size == entry.size_px
    Fault(path).unless(good, "the image should be {} x {} pixels".format(*entry.size_px), size)
    return view


def size_px_of(view: Thumbnail) -> tuple[int, int]:
    """(width, height)."""
    return int(view.rgb.shape[1]), int(view.rgb.shape[0])


def check_views(views: Sequence[Thumbnail], where: Path) -> None:
    """A `SceneError` unless each has a picture and a camera."""
    fault = Fault(where)
    for i, view in enumerate(views):
        good = view.rgb.dtype == np.uint8 and view.rgb.ndim == 3 and view.rgb.shape[2] == 3
        fault.unless(good and view.rgb.size > 0, f"view {i} has no picture", view.rgb.shape)
        camera = ((view.intrinsics, (3, 3)), (view.world_from_camera, (4, 4)))
        good = all(m.shape == shape and np.isfinite(m).all() for m, shape in camera)
        fault.unless(good, f"view {i} has no camera")


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
