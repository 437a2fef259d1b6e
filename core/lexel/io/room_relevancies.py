"""Stored relevancies of a dataset's views: `DATASET/relevancies/NAME/`, a shard for each of its.

A shard holds M maps of V views: `maps` float16 [M, h, w], `mean` float16 [V, h, w], `scale`
float32 [V], `offset` int32 [V + 1] (where each view's maps begin), `features` float16 [M, D], and
`phrases`, the JSON of a list of words for each view.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

import numpy as np

from lexel.io.atomic import replacing_file
from lexel.io.checked_arrays import json_list, load_arrays, require
from lexel.io.room_views import StoredRelevancies

_ARRAYS = {
    "maps": ("float16", 3),
    "mean": ("float16", 3),
    "scale": ("float32", 1),
    "offset": ("int32", 1),
    "features": ("float16", 2),
}


def relevancy_folder(dataset: Path, source: str) -> Path:
    """Where the relevancies called `source` lie."""
    return dataset / "relevancies" / source


def read_relevancy_shard(
    file: Path, views: int
) -> Callable[[int, Collection[str]], StoredRelevancies]:
    """A function from a view's number, and the phrases to keep, to its relevancies.

    Raises:
        InputError: the file is missing, damaged, or does not fit `views` views.
    """
    arrays = load_arrays(file, _ARRAYS, "phrases")
    phrases, offset = json_list(arrays["phrases"], file), arrays["offset"]
    rows = len(arrays["maps"])
    fits = len(offset) == views + 1
    fits = fits and len(phrases) == len(arrays["mean"]) == len(arrays["scale"]) == views
    fits = fits and offset[0] == 0 and offset[-1] == rows == len(arrays["features"])
    fits = fits and np.diff(offset).tolist() == [len(p) for p in phrases]
    fits = fits and arrays["maps"].shape[1:] == arrays["mean"].shape[1:]
    require(fits, "the relevancies do not fit the views", file)

    def of_view(view: int, keep: Collection[str]) -> StoredRelevancies:
        chosen = [k for k, phrase in enumerate(phrases[view]) if phrase in keep]
        at = offset[view] + np.array(chosen, np.int64)
        return StoredRelevancies(
            phrases=tuple(str(phrases[view][k]) for k in chosen),
            maps=arrays["maps"][at],
            mean=arrays["mean"][view].copy(),
            scale=float(arrays["scale"][view]),
            features=arrays["features"][at],
        )

    return of_view


def save_relevancy_shard(file: Path, views: Sequence[StoredRelevancies]) -> None:
    """Write the relevancies of a shard's views, whole or not at all."""
    counts = [len(view.phrases) for view in views]
    with replacing_file(file) as temporary, temporary.open("wb") as stream:
        np.savez_compressed(
            stream,
            maps=np.concatenate([view.maps for view in views]),
            mean=np.stack([view.mean for view in views]),
            scale=np.array([view.scale for view in views], np.float32),
            offset=np.cumsum([0, *counts]).astype(np.int32),
            features=np.concatenate([view.features for view in views]),
            phrases=np.array(json.dumps([list(view.phrases) for view in views])),
        )
