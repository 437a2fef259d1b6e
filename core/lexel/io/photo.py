"""Photos: colour without depth."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from lexel.errors import SceneError
from lexel.io.check_image import check_size
from lexel.io.images import decode_rgb

SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff", ".gif")
_MAX_ASPECT = 12  # a strip: the square crops relevancy is read in would be tiny or countless


def load_photo(path: str | Path) -> npt.NDArray[np.uint8]:
    """(H, W, 3) uint8, upright as its EXIF tag says; transparency is dropped."""
    file = Path(path)
    if file.is_dir():
        raise SceneError("is a folder, not a photo", where=file, do="Name an image file.")
    rgb = decode_rgb(file, file)
    check_size(rgb, str(file))
    height, width = rgb.shape[:2]
    if max(height, width) > _MAX_ASPECT * min(height, width):
        raise SceneError(
            f"is a strip: one side is more than {_MAX_ASPECT} times the other",
            where=file,
            got=f"{width} x {height}",
            do="Cut out the part that matters.",
        )
    return rgb
