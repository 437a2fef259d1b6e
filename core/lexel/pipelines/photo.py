"""The image that relevancy is asked about: a photograph, or a scene's view."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from lexel.io.photo import SUFFIXES as PHOTO_SUFFIXES
from lexel.io.photo import load_photo
from lexel.io.readers import load_scene
from lexel.pipelines.settings import Settings
from lexel.progress import Progress

# Beyond this a larger image shows the encoder nothing new: its smallest crops are a quarter of
# the shorter side and are shrunk to 224 pixels anyway.
_MAX_SIDE_PX = 1600


def open_image(
    path: Path, view: int, settings: Settings, progress: Progress
) -> tuple[npt.NDArray[np.uint8], bool]:
    """(H, W, 3) uint8, and whether Lexel's own world is shown; large photographs shrink aloud.

    Raises:
        SceneError: it is neither a photograph nor a scene, or damaged.
    """
    if path.suffix.lower() not in PHOTO_SUFFIXES or path.is_dir():
        scene = load_scene(path, view=view, compat=settings.compat, progress=progress)
        return scene.view.rgb, scene.synthetic
    rgb = load_photo(path)
    factor = _MAX_SIDE_PX / max(rgb.shape[:2])
    if factor >= 1:
        return rgb, False
    size = (round(rgb.shape[1] * factor), round(rgb.shape[0] * factor))
    progress.say(f"{path.name}: shrunk from {rgb.shape[1]}x{rgb.shape[0]} to {size[0]}x{size[1]}.")
    return np.asarray(Image.fromarray(rgb).resize(size, Image.Resampling.LANCZOS)), False
