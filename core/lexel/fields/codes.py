"""From superpoints with a meaning to the tables of a field: codes, objects, evidence.

A field has codes for the superpoints' meanings as smoothed (`code`), for the same as the views
have them (`code_part`), and for the objects' means (`code_whole`): a row each where that is not too
many, and as many as the format holds, shared by what is alike, where it is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lexel.fields.codebook import MAX_CODES, quantise
from lexel.fields.gathering import Gathered
from lexel.fields.instances import oriented_box
from lexel.geometry.growing import sum_rows, sums
from lexel.geometry.vectors import unit_rows
from lexel.scene import Evidence, Instance, Phrases

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]

_HALF_CERTAIN = 0.5  # weight per point: a view straight from nearby has about 1
_EVIDENCE_OF_ROW = 12
_LEAST_SAY = 1e-3  # of superpoints that no view saw, in the mean of their object
_ROWS_AT_ONCE = 1024


@dataclass(frozen=True, eq=False)
class Pieces:
    """S superpoints with a meaning, grouped into objects.

    Attributes:
        of_point: (N,) int32, superpoint of each point.
        size: (S,) int64, points of each.
        seen: (S, D) float32 unit vectors as the views have it; a superpoint that none saw has its
            smoothed one.
        agreement: (S,) float32 0..1, norm of the mean of the views' unit vectors.
        meaning: (S, D) float32 unit vectors, made consistent.
        whole: (S,) int32, object of each, numbered from 0.
    """

    of_point: Ints
    size: npt.NDArray[np.int64]
    seen: Floats
    agreement: Floats
    meaning: Floats
    whole: Ints

    def __len__(self) -> int:
        return len(self.size)


@dataclass(frozen=True, eq=False)
class Codes:
    """K rows of a codebook, and which of them each superpoint has.

    Attributes:
        rows: (K, D) float32 unit vectors.
        agreement: (K,) float32.
        code, part, whole: (S,) int32.
        of_object: (G,) int32, row of each object.
    """

    rows: Floats
    agreement: Floats
    code: Ints
    part: Ints
    whole: Ints
    of_object: Ints


def mean_of_views(gathered: Gathered, size: npt.NDArray[np.int64]) -> tuple[Floats, Floats, Floats]:
    """Of each superpoint the unit mean (zeros where none saw it), agreement and certainty 0..1."""
    norm = np.linalg.norm(gathered.total, axis=1)
    agreement = (norm / np.where(gathered.weight > 0, gathered.weight, 1)).clip(0, 1)
    each = gathered.weight / np.maximum(size, 1)
    certainty = agreement * each / (each + _HALF_CERTAIN)
    return (
        unit_rows(gathered.total),
        agreement.astype(np.float32),
        certainty.astype(np.float32),
    )


def superpoint_codes(pieces: Pieces) -> Codes:
    """A row for every superpoint, smoothed and not, and for every object; at most `MAX_CODES`."""
    count = len(pieces)
    weight = pieces.size.astype(np.float64) * np.maximum(pieces.agreement, _LEAST_SAY)
    objects = int(pieces.whole.max()) + 1
    whole = sum_rows(pieces.meaning * weight[:, None], pieces.whole, objects)
    together = np.linalg.norm(whole, axis=1) / sums(weight, pieces.whole, objects)
    rows = np.concatenate([pieces.meaning, pieces.seen, unit_rows(whole)])
    agreement = np.concatenate([pieces.agreement, pieces.agreement, together.clip(0, 1)])
    number = np.arange(len(rows), dtype=np.int32)
    if len(rows) > MAX_CODES:
        each = np.concatenate([weight, weight, sums(weight, pieces.whole, objects)])
        found = quantise(rows, weights=each.astype(np.float32), max_codes=MAX_CODES)
        shared = sums(agreement * each, found.code, len(found.rows))
        agreement = shared / sums(each, found.code, len(found.rows))
        rows, number = found.rows, found.code
    of_object = number[2 * count :]
    return Codes(
        rows,
        agreement.astype(np.float32),
        number[:count],
        number[count : 2 * count],
        of_object[pieces.whole],
        of_object,
    )


def sentence_rows(rows: Floats, phrases: Phrases, sharpness: float) -> Floats:
    """(K, S) unit sentence vectors: what phrases say of each row, softly averaged by CLIP.

    `sharpness` divides differences of cosine: a phrase that much below the best counts 1/e.
    """
    assert phrases.sentence is not None
    clip, sentence = phrases.clip.astype(np.float32), phrases.sentence.astype(np.float32)
    said = np.empty((len(rows), sentence.shape[1]), np.float32)
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        cosine = rows[start : start + _ROWS_AT_ONCE] @ clip.T
        weight = np.exp((cosine - cosine.max(axis=1, keepdims=True)) / sharpness)
        said[start : start + _ROWS_AT_ONCE] = weight @ sentence
    return unit_rows(said)


def large_groups(pieces: Pieces, min_points: int) -> npt.NDArray[np.int64]:
    """(I,) numbers in `Pieces.whole` of objects with enough points, ascending."""
    return np.flatnonzero(np.bincount(pieces.whole, pieces.size) >= min_points)


def find_objects(
    pieces: Pieces, groups: npt.NDArray[np.int64], codes: Codes, xyz_m: Floats
) -> tuple[Ints, list[Instance]]:
    """Object of each point (N,), -1 for none of `groups` (I,), and the objects, still nameless."""
    whole = pieces.whole[pieces.of_point]
    order = np.argsort(whole, kind="stable")
    begin, end = (np.searchsorted(whole[order], groups, side=side) for side in ("left", "right"))
    number = np.full(int(pieces.whole.max()) + 1, -1, np.int32)
    number[groups] = np.arange(len(groups), dtype=np.int32)
    objects = [
        _object(place, xyz_m[order[begin[place] : end[place]]], codes, pieces.whole == group)
        for place, group in enumerate(groups)
    ]
    return number[whole], objects


def _object(number: int, points: Floats, codes: Codes, own: npt.NDArray[np.bool_]) -> Instance:
    return Instance(
        id=number,
        label="",
        score=0.0,
        codes=tuple(sorted({*codes.code[own].tolist(), *codes.whole[own].tolist()})),
        count=len(points),
        centre=points.mean(axis=0, dtype=np.float64).astype(np.float32),
        aabb=np.stack([points.min(axis=0), points.max(axis=0)]),
        obb=oriented_box(points),
    )


def evidence_of(gathered: Gathered, codes: Codes, views: npt.NDArray[np.int32]) -> Evidence:
    """The regions behind each row; `views` are the numbers of those with a thumbnail, ascending."""
    groups = [codes.code, codes.part, codes.whole]
    row = np.concatenate([np.repeat(group, gathered.view.shape[1]) for group in groups])
    view, strength = (np.tile(a.reshape(-1), 3) for a in (gathered.view, gathered.strength))
    box = np.tile(gathered.box.reshape(-1, 4), (3, 1))
    known = np.isin(view, views)
    row, view, box, strength = row[known], view[known], box[known], strength[known]
    order = np.lexsort((-strength, row))
    rank = np.arange(len(order)) - np.searchsorted(row[order], row[order])
    order = order[rank < _EVIDENCE_OF_ROW]
    count = np.bincount(row[order], minlength=len(codes.rows))
    return Evidence(
        offset=np.concatenate([[0], np.cumsum(count)]).astype(np.int64),
        view=np.searchsorted(views, view[order]).astype(np.int32),
        region=box[order].astype(np.int32),
        weight=strength[order].astype(np.float32),
    )
