"""Relevancy maps as `.npz`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from lexel.io.atomic import replacing_file


def save_relevancies(
    path: Path,
    labels: Sequence[str],
    maps: npt.NDArray[np.float32],
    mean: npt.NDArray[np.float32],
    provenance: Mapping[str, Any],
) -> None:
    """Write `relevancies` (L, H, W) float32, `labels` (L,), `mean` (H, W) and `provenance` (JSON).

    `mean` runs over the labels and the background labels: what the 3D networks read is
    50 · (relevancies - mean). Loads without pickle.
    """
    origin = np.array(json.dumps(dict(provenance)))
    with replacing_file(path) as temporary, temporary.open("wb") as file:
        np.savez_compressed(
            file, relevancies=maps, labels=np.array(labels), mean=mean, provenance=origin
        )
