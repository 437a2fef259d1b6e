"""What each pixel of a photo is called, by the field that was built of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from lexel.io.fields import StoredField
from lexel.pipelines.field_words import FieldWords
from lexel.pipelines.installed_encoders import InstalledEncoders
from lexel.pipelines.own_views import photo_places
from lexel.progress import Progress


def label_photo(
    field: StoredField,
    shape: tuple[int, int],
    labels: Sequence[str],
    device: str,
    progress: Progress,
) -> npt.NDArray[np.int32]:
    """(H, W) number of the label nearest to the meaning of each pixel.

    Args:
        field: of the photo.
        shape: its height and width in pixels.
        labels: at least one.
        device: where a text tower runs that numpy cannot.
        progress: told what was left out.
    """
    from scipy.spatial import cKDTree

    words = FieldWords(field, InstalledEncoders(field.info, device, progress), progress)
    vectors = words.encode(labels, sentence=False).visual
    named = (np.asarray(field.codebook.clip, np.float32) @ vectors.T).argmax(axis=1)
    points = np.asarray(field.points.xyz_m)
    _, nearest = cKDTree(points).query(photo_places(shape).reshape(-1, 3), workers=-1)
    return named[field.code[nearest]].reshape(shape).astype(np.int32)
