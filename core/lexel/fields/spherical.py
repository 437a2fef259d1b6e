"""Spherical k-means on unit vectors: which centre is nearest, and where centres move.

Letters: M rows, K centres, D numbers each. Similarity is the cosine.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lexel.geometry.vectors import unit_rows

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]

# Up to here every row is compared with every centre; beyond, with the groups of centres near it.
_MAX_EXACT = 4096
_NUM_NEAR = 16  # groups looked into
_ROWS_AT_ONCE = 1 << 13


@dataclass(frozen=True, eq=False)
class Centres:
    """K unit vectors, ready to be searched.

    Attributes:
        rows: (K, D) unit.
        pivots: (G, D) unit, the middles of G groups of centres; None where K is small.
        members: the centres of each group.
    """

    rows: Floats
    pivots: Floats | None = None
    members: tuple[Ints, ...] = ()

    def __len__(self) -> int:
        return len(self.rows)


def make_centres(rows: Floats) -> Centres:
    """Group the centres, where there are so many that comparing all would take minutes."""
    if len(rows) <= _MAX_EXACT:
        return Centres(rows)
    pivots = rows[:: round(len(rows) ** 0.5)].copy()
    for _ in range(2):
        group = nearest(rows, Centres(pivots))[0]
        sums, _ = sum_by_code(rows, group, len(pivots))
        pivots = np.where(sums.any(axis=1, keepdims=True), unit_rows(sums), pivots)
    group = nearest(rows, Centres(pivots))[0]
    order = np.argsort(group, kind="stable").astype(np.int32)
    ends = np.cumsum(np.bincount(group, minlength=len(pivots)))[:-1]
    return Centres(rows, pivots, tuple(np.split(order, ends)))


def nearest(rows: Floats, centres: Centres) -> tuple[Ints, Floats]:
    """For each of M unit rows the centre with the largest cosine, and that cosine."""
    code, cosine = np.empty(len(rows), np.int32), np.empty(len(rows), np.float32)
    for begin in range(0, len(rows), _ROWS_AT_ONCE):
        block = slice(begin, begin + _ROWS_AT_ONCE)
        search = _nearest_of_all if centres.pivots is None else _nearest_in_groups
        code[block], cosine[block] = search(rows[block], centres)
    return code, cosine


def sum_by_code(
    rows: Floats, code: Ints, num_codes: int, weight: Floats | None = None
) -> tuple[Floats, Floats]:
    """(K, D) weighted sums of the rows that have each code, and (K,) their weights."""
    weight = np.ones(len(rows), np.float32) if weight is None else weight
    order = np.argsort(code, kind="stable")
    present, begin = np.unique(code[order], return_index=True)
    sums = np.zeros((num_codes, rows.shape[1]), np.float32)
    if len(rows):
        sums[present] = np.add.reduceat(rows[order] * weight[order, None], begin, axis=0)
    total = np.bincount(code, weights=weight, minlength=num_codes)
    return sums, total.astype(np.float32)


def _nearest_of_all(rows: Floats, centres: Centres) -> tuple[Ints, Floats]:
    cosines = rows @ centres.rows.T
    code = cosines.argmax(axis=1)
    return code.astype(np.int32), cosines[np.arange(len(rows)), code]


def _nearest_in_groups(rows: Floats, centres: Centres) -> tuple[Ints, Floats]:
    """Approximate: the nearest centre may lie in a group whose middle is not among the nearest."""
    assert centres.pivots is not None
    code = np.zeros(len(rows), np.int32)
    cosine = np.full(len(rows), -2, np.float32)
    near = np.argpartition(-(rows @ centres.pivots.T), _NUM_NEAR, axis=1)[:, :_NUM_NEAR]
    seeker, group = np.repeat(np.arange(len(rows)), _NUM_NEAR), near.ravel()
    order = np.argsort(group, kind="stable")
    ends = np.cumsum(np.bincount(group, minlength=len(centres.members)))[:-1]
    for members, who in zip(centres.members, np.split(seeker[order], ends), strict=True):
        if len(members) and len(who):
            found, score = _nearest_of_all(rows[who], Centres(centres.rows[members]))
            better = score > cosine[who]
            cosine[who[better]], code[who[better]] = score[better], members[found[better]]
    return code, cosine
