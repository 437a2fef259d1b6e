"""A picture as a vector in a field's space: query by image. Needs the field's image tower."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from lexel.geometry.vectors import unit_rows
from lexel.io.photo import load_photo
from lexel.pipelines.device import AUTO
from lexel.pipelines.installed_encoders import load_encoder_of
from lexel.progress import Progress, Silent
from lexel.scene import FieldEncoder
from lexel.scene.field import Floats


def picture_vector(
    told: FieldEncoder, photo: Path, *, device: str = AUTO, progress: Progress | None = None
) -> Floats:
    """(D,) unit vector of the middle square of a picture.

    Args:
        told: of the field that will be asked with it.

    Raises:
        SceneError: the file is no picture.
        WeightsError: the encoder is not on this computer.
    """
    rgb = load_photo(photo)
    encoder = load_encoder_of(told, device, progress or Silent())
    side = min(rgb.shape[:2])
    top, left = (rgb.shape[0] - side) // 2, (rgb.shape[1] - side) // 2
    square = Image.fromarray(rgb[top : top + side, left : left + side])
    features = encoder.image_features([square]).float().cpu().numpy()
    return np.asarray(unit_rows(features)[0], np.float32)
