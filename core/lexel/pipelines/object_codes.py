"""Which codes of a field the things have that whoever uploaded its views had numbered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lexel.errors import SceneError
from lexel.fields.visibility import see_points
from lexel.io.fields import StoredField
from lexel.io.nerfstudio import open_nerfstudio
from lexel.io.nerfstudio_writing import load_ids
from lexel.pipelines.posed_views import pose_views
from lexel.progress import Progress, track

_MOST_CODES = 64  # of one thing; the rest are specks


@dataclass(frozen=True)
class ObjectCodes:
    """A numbered thing.

    Attributes:
        id: the uploader's number.
        codes: rows of the codebook, the commonest first.
        shares: of what was seen of the thing, how much has each of these codes.
    """

    id: int
    codes: tuple[int, ...]
    shares: tuple[float, ...]


def codes_of_objects(
    field: StoredField,
    folder: Path,
    numbers: Sequence[int],
    voxel_size_m: float,
    progress: Progress,
) -> tuple[ObjectCodes, ...]:
    """The codes of each numbered thing; a view counts more, the better it sees a point.

    Args:
        field: built from the views in `folder`.
        numbers: of the views, in the order of `transforms.json`.
        voxel_size_m: of the field.
    """
    points, code = field.points, field.code.astype(np.int64)
    if points.normals is None:
        raise SceneError("the field has no normals, so it was not built from views")
    views = pose_views(open_nerfstudio(folder), progress)
    xyz, normals = np.ascontiguousarray(points.xyz_m), np.ascontiguousarray(points.normals)
    seen_weight: defaultdict[tuple[int, int], float] = defaultdict(float)
    for index, number in enumerate(track(numbers, "finding whose codes are whose", progress)):
        view, ids = views.get(index), load_ids(folder, number)
        if view is None or ids is None:
            continue
        seen = see_points(view, xyz, normals, voxel_size_m)
        pairs = np.stack([ids.reshape(-1)[seen.pixel].astype(np.int64), code[seen.index]], axis=1)
        for pair, weight in _summed(pairs, seen.weight):
            seen_weight[pair] += weight
    return _ranked(seen_weight)


def _summed(pairs: np.ndarray, weight: np.ndarray) -> list[tuple[tuple[int, int], float]]:
    """Each pair of (M, 2) once, with the sum of its weights; negative ids are nothing."""
    thing = pairs[:, 0] >= 0
    found, place = np.unique(pairs[thing], axis=0, return_inverse=True)
    total = np.bincount(place.reshape(-1), weight[thing], len(found))
    return [((int(i), int(c)), float(w)) for (i, c), w in zip(found, total, strict=True)]


def _ranked(weights: Mapping[tuple[int, int], float]) -> tuple[ObjectCodes, ...]:
    by_thing: dict[int, list[tuple[int, float]]] = {}
    for (thing, code), weight in sorted(weights.items(), key=lambda item: -item[1]):
        by_thing.setdefault(thing, []).append((code, weight))
    return tuple(
        ObjectCodes(
            thing,
            tuple(code for code, _ in found[:_MOST_CODES]),
            tuple(round(w / sum(w for _, w in found), 5) for _, w in found[:_MOST_CODES]),
        )
        for thing, found in sorted(by_thing.items())
    )
