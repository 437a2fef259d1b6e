"""`views/`: pictures of where a field was seen from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from lexel.io.fields.layout import IMAGE_SUFFIX, VIEWS, Fault
from lexel.io.fields.views_json import ViewEntry
from lexel.io.images import decode_rgb
from lexel.io.json_files import write_json
from lexel.scene import Thumbnail

_QUALITY = 92


def save_views(folder: Path, views: Sequence[Thumbnail]) -> None:
    place, entries = (folder / VIEWS).parent, []
    place.mkdir()
    for i, view in enumerate(views):
        image = f"{i:06d}{IMAGE_SUFFIX}"
        Image.fromarray(view.rgb).save(place / image, "JPEG", quality=_QUALITY)
        camera = {"world_from_camera": view.world_from_camera, "K": view.intrinsics}
        entries.append({"image": image, **camera, "size": size_px_of(view)})
    write_json(folder / VIEWS, entries)


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
