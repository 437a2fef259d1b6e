"""A codebook from features: few vectors that stand for very many (vector quantisation).

Codes grow on a sample until they are close enough; then every feature gets one. Letters: N
features, K codes, D numbers each.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from lexel.fields.growing import (
    Closeness,
    Codes,
    Sample,
    Search,
    choose_rows,
    double_codes,
    grow_codes,
    measure,
)
from lexel.fields.spherical import Floats, Ints, make_centres, nearest, sum_by_code
from lexel.geometry.vectors import unit_rows
from lexel.progress import Progress, Silent

MAX_CODES = 1 << 16  # of a field, `spec/formats.md`
TARGET = Closeness()
_SAMPLE = 1 << 18
_STRAGGLERS = 1 << 16
_ROWS_AT_ONCE = 1 << 15


class Rows(Protocol):
    """N features that need not stand in memory: an array, a memory-mapped one, or a reader."""

    @property
    def shape(self) -> tuple[int, ...]: ...

    def __getitem__(self, key: Any) -> npt.NDArray[Any]: ...


@dataclass(frozen=True, eq=False)
class Quantised:
    """Features as codes.

    Attributes:
        code: (N,) int32.
        rows: (K, D) float32, unit, each the mean of the features that have its code; every code is
            used.
        agreement: (K,) float32, 0..1, the norm of that mean before it was normalised.
        closeness: of all features, weighted.
    """

    code: Ints
    rows: Floats
    agreement: Floats
    closeness: Closeness


@dataclass(frozen=True, eq=False)
class _Given:
    """The code of every feature, and the cosine to it."""

    code: Ints
    cosine: Floats


@dataclass(frozen=True, eq=False)
class _Features:
    """All features, as unit rows a block at a time, and (N,) how much each counts."""

    rows: Rows
    weight: Floats

    def __len__(self) -> int:
        return len(self.weight)

    def sample(self, index: npt.NDArray[np.int64]) -> Sample:
        """The rows of `index`, in its order; a file is read from front to back."""
        order = np.argsort(index)
        rows = np.empty((len(index), int(self.rows.shape[1])), np.float32)
        for begin in range(0, len(index), _ROWS_AT_ONCE):
            block = order[begin : begin + _ROWS_AT_ONCE]
            rows[block] = unit_rows(self.rows[index[block]])
        return Sample(rows, self.weight[index])

    def blocks(self, stage: str, progress: Progress) -> Iterator[tuple[slice, Floats]]:
        progress.begin(stage, len(self))
        for begin in range(0, len(self), _ROWS_AT_ONCE):
            block = slice(begin, min(begin + _ROWS_AT_ONCE, len(self)))
            yield block, unit_rows(self.rows[block])
            progress.advance(block.stop - begin)


def quantise(
    features: Rows,
    *,
    weights: Floats | None = None,
    target: Closeness = TARGET,
    max_codes: int = MAX_CODES,
    seed: int = 0,
    progress: Progress | None = None,
) -> Quantised:
    """Codes for features, as few as meet the target, in doublings; the same for the same seed.

    Args:
        features: (N, D) finite, no row of zeros; their lengths do not matter.
        weights: (N,) above 0, how much each row counts; None: all the same.
        max_codes: where doubling ends even though the target is not met; the result tells.
    """
    num_rows = int(features.shape[0])
    weight = np.ones(num_rows, np.float32) if weights is None else weights.astype(np.float32)
    everything = _Features(features, weight)
    search = Search(target, max_codes, np.random.default_rng(seed), progress or Silent())
    sample = everything.sample(choose_rows(num_rows, _SAMPLE, search.rng))
    codes = grow_codes(sample, search)
    while True:
        given = _with_stragglers(everything, codes, search)
        found = _settle(everything, given.code, search)
        if target.met_by(found.closeness) or len(codes) >= max_codes:
            return found
        more = double_codes(sample, codes, search)
        if len(more) <= len(codes):  # every row has a code of its own
            return found
        codes = more


def _with_stragglers(features: _Features, codes: Codes, search: Search) -> _Given:
    """Every feature's code, and further codes for those that would still be shown badly.

    They may be all of one small thing, too few to count in any share of all points.
    """
    given = _assign(features, codes.rows, search.progress)
    bad = np.flatnonzero(given.cosine < search.target.low)
    room = min(search.max_codes - len(codes), len(codes))
    if not len(bad) or room <= 0:
        return given
    sample = features.sample(bad[choose_rows(len(bad), _STRAGGLERS, search.rng)])
    more = grow_codes(sample, Search(search.target, room, search.rng, search.progress))
    other = _assign(features, more.rows, search.progress)
    better = other.cosine > given.cosine
    return _Given(
        np.where(better, len(codes) + other.code, given.code),
        np.maximum(other.cosine, given.cosine),
    )


def _assign(features: _Features, centres: Floats, progress: Progress) -> _Given:
    ready = make_centres(centres)
    code, cosine = np.empty(len(features), np.int32), np.empty(len(features), np.float32)
    for block, rows in features.blocks("giving codes", progress):
        code[block], cosine[block] = nearest(rows, ready)
    return _Given(code, cosine)


def _settle(features: _Features, code: Ints, search: Search) -> Quantised:
    """Rows as the means of all features that have their code; codes that none has go."""
    used, dense = np.unique(code, return_inverse=True)
    code = dense.astype(np.int32)
    sums = np.zeros((len(used), int(features.rows.shape[1])), np.float32)
    total = np.zeros(len(used), np.float32)
    for block, rows in features.blocks("averaging", search.progress):
        more, weight = sum_by_code(rows, code[block], len(used), features.weight[block])
        sums += more
        total += weight
    means = unit_rows(sums)
    cosine = np.empty(len(code), np.float32)
    for block, rows in features.blocks("measuring", search.progress):
        cosine[block] = np.einsum("md,md->m", rows, means[code[block]])
    agreement = (np.linalg.norm(sums, axis=1) / total).clip(0, 1).astype(np.float32)
    closeness = measure(cosine, features.weight, search.target.percentile)
    return Quantised(code, means, agreement, closeness)
