"""How true codes are to dense features: measured while a field is built, on a sample of points.

Dense features of all points would not fit: those of some thousands, spread over all superpoints so
that small things are among them, are gathered beside the codes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lexel.fields.reading import ReadView
from lexel.fields.visibility import Seen
from lexel.geometry.vectors import unit_rows

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]

_MOST = 16_000
_SMALLEST_SHARE = 0.1
_BEST_SHARE = 0.01


class DenseSample:
    """Plain dense features of M points, as averaging the views point by point gives them.

    Attributes:
        index: (M,) int64 ascending, which points.
        total: (M, D) float32, weighted sums of unit vectors.
    """

    def __init__(self, superpoint: Ints, dim: int) -> None:
        self.index = spread_sample(superpoint, _MOST)
        self.total = np.zeros((len(self.index), dim), np.float32)

    def add(self, read: ReadView, seen: Seen, quality: float) -> None:
        """Take in a view as `Gathered.add` does."""
        place = np.searchsorted(seen.index, self.index).clip(0, max(0, len(seen.index) - 1))
        if not len(seen.index):
            return
        there = np.flatnonzero(seen.index[place] == self.index)
        at = place[there]
        region = read.regions.label.reshape(-1)[seen.pixel[at]]
        inside = region >= 0
        weight = seen.weight[at[inside]] * np.float32(quality)
        self.total[there[inside]] += weight[:, None] * read.feature[region[inside]]


@dataclass(frozen=True)
class Fidelity:
    """Codes against dense features.

    Attributes:
        cosine, part_cosine: mean over the sample, of smoothed codes and of the views' own.
        objects: how many objects were ranked.
        ap_dense, ap_codes: mean average precision of finding an object's points by its name's
            vector (by its own mean where nothing has a name).
        ap_dense_small, ap_codes_small: the same for the smallest tenth.
        overlap: of the best hundredth of the sample by dense features and by codes, the mean over
            objects.
    """

    cosine: float
    part_cosine: float
    objects: int
    ap_dense: float
    ap_codes: float
    ap_dense_small: float
    ap_codes_small: float
    overlap: float


def spread_sample(superpoint: Ints, most: int) -> npt.NDArray[np.int64]:
    """(M,) ascending indices of points, about as many of each superpoint, spread over it."""
    order = np.argsort(superpoint, kind="stable")
    size = np.bincount(superpoint)
    each = max(1, most // len(size))
    rank = np.arange(len(order)) - np.repeat(np.cumsum(size) - size, size)
    stride = -(-size // each)
    return np.sort(order[rank % np.repeat(stride, size) == 0])


def measure_fidelity(
    sample: DenseSample,
    code: Floats,
    part: Floats,
    instance: Ints,
    query: Floats,
    names: Sequence[str],
) -> Fidelity:
    """Compare the sample with its codes.

    Args:
        code, part: (M, D) unit vectors of the sampled points.
        instance: (M,) object of each, -1 for none.
        query: (I, D) unit vectors, one an object: what it is looked for by.
        names: of the objects; others of the same name are no mistakes.
    """
    dense = unit_rows(sample.total)
    known = dense.any(axis=1)
    dense, code, part, instance = dense[known], code[known], part[known], instance[known]
    ids, size = np.unique(instance[instance >= 0], return_counts=True)
    twin = _twins(names)
    precision, shared = np.zeros((len(ids), 2)), np.zeros(len(ids))
    for row, i in enumerate(ids):
        other = (instance >= 0) & (twin[instance] == twin[i]) & (instance != i)
        own = instance[~other] == i
        precision[row] = [average_precision(rows[~other] @ query[i], own) for rows in (dense, code)]
        shared[row] = best_shared(dense @ query[i], code @ query[i])
    small = size <= np.quantile(size, _SMALLEST_SHARE) if len(size) else np.zeros(0, bool)
    every, least = _means(precision), _means(precision[small])
    return Fidelity(
        cosine=_mean_cosine(dense, code),
        part_cosine=_mean_cosine(dense, part),
        objects=len(ids),
        ap_dense=every[0],
        ap_codes=every[1],
        ap_dense_small=least[0],
        ap_codes_small=least[1],
        overlap=float(shared.mean()) if len(shared) else 0.0,
    )


def average_precision(score: Floats, relevant: npt.NDArray[np.bool_]) -> float:
    """Area under precision over recall; equal scores count as one step, so order means nothing."""
    if not relevant.any():
        return 0.0
    value, step = np.unique(-score, return_inverse=True)
    hits = np.cumsum(np.bincount(step, relevant, len(value)))
    tried = np.cumsum(np.bincount(step, minlength=len(value)))
    gained = np.diff(np.concatenate([[0], hits]))
    return float((gained * hits / tried).sum() / hits[-1])


def best_shared(one: Floats, other: Floats) -> float:
    """How much of the best hundredth by one score is among that by the other.

    Points of equal score share the places that are left for them.
    """
    first, second = _places_of_best(one), _places_of_best(other)
    return float(np.minimum(first, second).sum() / first.sum())


def _places_of_best(score: Floats) -> npt.NDArray[np.float64]:
    """(M,) how much of a place each point has among the best hundredth."""
    count = max(1, round(_BEST_SHARE * len(score)))
    least = np.partition(score, len(score) - count)[len(score) - count]
    above, level = score > least, score == least
    return above + level * ((count - above.sum()) / level.sum())


def _twins(names: Sequence[str]) -> Ints:
    """(I,) the same number for the same name; nameless ones have none in common."""
    distinct = [name or number for number, name in enumerate(names)]
    numbers = {name: number for number, name in enumerate(dict.fromkeys(distinct))}
    return np.array([numbers[name] for name in distinct], np.int32)


def _mean_cosine(a: Floats, b: Floats) -> float:
    return float(np.einsum("md,md->m", a, b).mean()) if len(a) else 0.0


def _means(rows: npt.NDArray[np.floating]) -> list[float]:
    return rows.mean(axis=0).tolist() if len(rows) else [0.0, 0.0]
