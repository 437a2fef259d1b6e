"""From superpoints with a meaning to the tables of a field: codes, objects, evidence.

The rows of the codebook are, in this order: the superpoints' meanings as smoothed (`code`), the
same as the views have them (`code_part`), and the objects' means (`code_whole`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lexel.fields.gathering import Gathered
from lexel.fields.instances import oriented_box
from lexel.geometry.vectors import unit_rows
from lexel.scene import Evidence, Instance, Phrases

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]

_HALF_CERTAIN = 0.5  # weight per point: a view straight from nearby has about 1
_EVIDENCE_OF_WHOLE = 12


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
    """

    rows: Floats
    agreement: Floats
    code: Ints
    part: Ints
    whole: Ints


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
    """A row for every superpoint, smoothed and not, and one for every object."""
    count = len(pieces)
    weight = pieces.size[:, None] * pieces.agreement[:, None]
    whole = np.zeros((int(pieces.whole.max()) + 1, pieces.meaning.shape[1]))
    np.add.at(whole, pieces.whole, pieces.meaning * np.maximum(weight, 1e-3))
    total = np.bincount(pieces.whole, np.maximum(weight[:, 0], 1e-3))
    together = np.linalg.norm(whole, axis=1) / total
    number = np.arange(count, dtype=np.int32)
    return Codes(
        np.concatenate([pieces.meaning, pieces.seen, unit_rows(whole)]),
        np.concatenate([pieces.agreement, pieces.agreement, together.clip(0, 1)]).astype(
            np.float32
        ),
        number,
        number + np.int32(count),
        pieces.whole + np.int32(2 * count),
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


_ROWS_AT_ONCE = 1024


def find_objects(
    pieces: Pieces, codes: Codes, xyz_m: Floats, min_points: int
) -> tuple[Ints, list[Instance]]:
    """Object of each point (N,), -1 for too small ones, and the objects; they have no names yet."""
    whole = pieces.whole[pieces.of_point]
    order = np.argsort(whole, kind="stable")
    bounds = np.searchsorted(whole[order], np.arange(int(pieces.whole.max()) + 2))
    kept = np.flatnonzero(np.diff(bounds) >= min_points)
    number = np.full(len(bounds) - 1, -1, np.int32)
    number[kept] = np.arange(len(kept), dtype=np.int32)
    objects = []
    for group in kept:
        points = xyz_m[order[bounds[group] : bounds[group + 1]]]
        own = np.flatnonzero(pieces.whole == group)
        objects.append(_object(int(number[group]), points, codes, own))
    return number[whole], objects


def _object(number: int, points: Floats, codes: Codes, own: npt.NDArray[np.int64]) -> Instance:
    return Instance(
        id=number,
        label="",
        score=0.0,
        codes=tuple(sorted({*codes.code[own].tolist(), int(codes.whole[own[0]])})),
        count=len(points),
        centre=points.mean(axis=0, dtype=np.float64).astype(np.float32),
        aabb=np.stack([points.min(axis=0), points.max(axis=0)]),
        obb=oriented_box(points),
    )


def evidence_of(
    gathered: Gathered, pieces: Pieces, codes: Codes, views: Sequence[int]
) -> Evidence:
    """The regions behind each row; `views` are the numbers of those with a thumbnail, ascending."""
    groups = [codes.code, codes.part, codes.whole]
    row = np.concatenate([np.repeat(group, gathered.view.shape[1]) for group in groups])
    view, strength = (np.tile(a.reshape(-1), 3) for a in (gathered.view, gathered.strength))
    box = np.tile(gathered.box.reshape(-1, 4), (3, 1))
    known = np.isin(view, views)
    row, view, box, strength = row[known], view[known], box[known], strength[known]
    order = np.lexsort((-strength, row))
    rank = np.arange(len(order)) - np.searchsorted(row[order], row[order])
    order = order[rank < _EVIDENCE_OF_WHOLE]
    count = np.bincount(row[order], minlength=len(codes.rows))
    return Evidence(
        offset=np.concatenate([[0], np.cumsum(count)]).astype(np.int64),
        view=np.searchsorted(views, view[order]).astype(np.int32),
        region=box[order].astype(np.int32),
        weight=strength[order].astype(np.float32),
    )
