"""Photos: colour without depth."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from lexel.errors import SceneError
from lexel.io.images import decode_rgb

SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff", ".gif")


def load_photo(path: str | Path) -> npt.NDArray[np.uint8]:
    """(H, W, 3) uint8, upright as its EXIF tag says; transparency is dropped."""
    file = Path(path)
    if file.is_dir():
        raise SceneError("is a folder, not a photo", where=file, do="Name an image file.")
    return decode_rgb(file, file)
