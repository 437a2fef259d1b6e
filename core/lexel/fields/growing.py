"""Codes for a sample of features: spherical k-means whose number of centres doubles.

New centres start at rows that the old ones show worst, so that small things get codes of their own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from lexel.errors import InputError
from lexel.fields.spherical import Floats, make_centres, nearest, sum_by_code
from lexel.geometry.vectors import unit_rows
from lexel.progress import Progress

_FIRST_CODES = 16
_HELD_OUT = 1 << 14
_ROWS_PER_CODE = 32  # that centres are moved by
_ENOUGH_ROWS = 1 << 15
_MOVES = 2
_EQUAL = 1e-6  # a cosine above 1 less this needs no better code
_ROWS_AT_ONCE = 1 << 15


@dataclass(frozen=True)
class Closeness:
    """How close codes are to the features they stand for: a target, or what was measured.

    Attributes:
        mean: of the cosines of features with their codes.
        low: the cosine that `percentile` per cent of them fall below.
    """

    mean: float = 0.98
    low: float = 0.9
    percentile: float = 1.0

    def __post_init__(self) -> None:
        if not (0 <= self.mean <= 1 and 0 <= self.low <= 1 and 0 <= self.percentile <= 100):
            raise InputError("closeness is a mean and a low cosine in 0..1", got=self)

    def met_by(self, found: Closeness) -> bool:
        return found.mean >= self.mean and found.low >= self.low


@dataclass(frozen=True, eq=False)
class Search:
    """What codes are wanted.

    Attributes:
        target: where doubling ends.
        max_codes: where it ends even though the target is not met.
    """

    target: Closeness
    max_codes: int
    rng: np.random.Generator
    progress: Progress


@dataclass(frozen=True, eq=False)
class Sample:
    """Features that codes are made from: (M, D) unit rows, and (M,) how much each counts."""

    rows: Floats
    weight: Floats

    def part(self, which: slice | npt.NDArray[np.int64]) -> Sample:
        return Sample(self.rows[which], self.weight[which])


@dataclass(frozen=True, eq=False)
class Codes:
    """(K, D) unit centres, and how well they showed rows: where new centres start."""

    rows: Floats
    shown: Sample
    cosine: Floats

    def __len__(self) -> int:
        return len(self.rows)


def measure(cosine: Floats, weight: Floats, percentile: float) -> Closeness:
    """Weighted mean and low percentile of cosines."""
    order = np.argsort(cosine)
    share = np.cumsum(weight[order], dtype=np.float64)
    at = min(int(np.searchsorted(share, share[-1] * percentile / 100)), len(order) - 1)
    mean, low = float(np.average(cosine, weights=weight)), float(cosine[order[at]])
    return Closeness(min(max(mean, 0.0), 1.0), min(max(low, 0.0), 1.0), percentile)


def choose_rows(num_rows: int, at_most: int, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Which rows a sample has, in random order."""
    if num_rows <= at_most:
        return rng.permutation(num_rows)
    return rng.choice(num_rows, at_most, replace=False)


def grow_codes(sample: Sample, search: Search) -> Codes:
    """Codes for a sample in random order: doubled until the target is met.

    Of a large sample some rows take no part in making codes and are what the target is held to.
    """
    train = sample.part(slice(_HELD_OUT, None)) if len(sample.rows) > 2 * _HELD_OUT else sample
    test = sample.part(slice(_HELD_OUT))
    codes = _one_code(train)
    while True:
        _, cosine = nearest(test.rows, make_centres(codes.rows))
        found = measure(cosine, test.weight, search.target.percentile)
        more = codes if search.target.met_by(found) else double_codes(train, codes, search)
        if len(more) <= len(codes):
            return codes
        codes = more


def double_codes(sample: Sample, codes: Codes, search: Search) -> Codes:
    """Twice as many codes, or as many as there can be: `codes` where no more are of use."""
    chance = codes.shown.weight * np.square(1 - codes.cosine, dtype=np.float64)
    chance[codes.cosine > 1 - _EQUAL] = 0
    room = min(search.max_codes - len(codes), int(np.count_nonzero(chance)))
    count = min(max(len(codes), _FIRST_CODES), room)
    if count <= 0:
        return codes
    new = search.rng.choice(len(chance), count, replace=False, p=chance / chance.sum())
    centres = np.concatenate([codes.rows, _distinct(codes.shown.rows[new])])
    enough = max(_ROWS_PER_CODE * len(centres), _ENOUGH_ROWS)
    if enough < len(sample.rows):
        sample = sample.part(choose_rows(len(sample.rows), enough, search.rng))
    return _move(Codes(centres, sample, np.zeros(len(sample.rows), np.float32)), search.progress)


def _distinct(rows: Floats) -> Floats:
    """Rows without repeats: many points may share one feature."""
    _, first = np.unique(rows.astype(np.float16), axis=0, return_index=True)
    return rows[np.sort(first)]


def _one_code(sample: Sample) -> Codes:
    centre = unit_rows(np.average(sample.rows, axis=0, weights=sample.weight))
    return Codes(centre[None], sample, sample.rows @ centre)


def _move(codes: Codes, progress: Progress) -> Codes:
    """A few rounds of k-means over the rows they show; centres that no row is near go."""
    progress.begin(f"making {len(codes)} codes", _MOVES * len(codes.cosine))
    for _ in range(_MOVES):
        centres = make_centres(codes.rows)
        sums, total = np.zeros_like(codes.rows), np.zeros(len(codes), np.float32)
        for begin in range(0, len(codes.cosine), _ROWS_AT_ONCE):
            part = slice(begin, begin + _ROWS_AT_ONCE)
            block = codes.shown.part(part)
            code, codes.cosine[part] = nearest(block.rows, centres)
            more, weight = sum_by_code(block.rows, code, len(codes), block.weight)
            sums += more
            total += weight
            progress.advance(len(code))
        codes = replace(codes, rows=unit_rows(sums[total > 0]))
    return codes
