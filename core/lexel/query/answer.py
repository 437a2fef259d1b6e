"""What the engine answers. Letters: Q queries, K codes, U places."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lexel.scene.field import Floats


@dataclass(frozen=True, eq=False)
class CodeScores:
    """Scores of every code for every query, and how to read them.

    Pictures' and names' codes are scored by one formula but spread differently, so ranges and
    thresholds are given for each modality; without codes of one, those of the other stand in.

    Attributes:
        names: of the queries, for a legend: their text, then the examples' names.
        scores: (Q, K) float32, 0..1. For a spatial query: of its target alone.
        modality: (K,) uint8, see `lexel.scene.Modality`.
        best: (K,) int32, the query with the greatest score.
        margin: (K,) float32, by how much; its score where there is one query only.
        range: (Q, 2, 2) float32, for each modality the scores where colours begin and end.
        threshold: (Q, 2) float32, for each modality the score from which on a code is the thing.
        presence: (Q,) float32, probability that the thing is in the scene; NaN for examples, and
            in a field that stores no background to tell it by.
        spatial: (Q,) bool, whether the query is about places, so that only `places` answers it.
        places: (Q, U) float32, 0..1; None if no places were given. For a spatial query how true
            it is of the place, 1/2 where it is neither; else the mean score of its points.
        balance: the share of the sentence half that was used.
        tier: 1, answers from codes.
    """

    names: tuple[str, ...]
    scores: Floats
    modality: npt.NDArray[np.uint8]
    best: npt.NDArray[np.int32]
    margin: Floats
    range: Floats
    threshold: Floats
    presence: Floats
    spatial: npt.NDArray[np.bool_]
    places: Floats | None
    balance: float
    tier: int = 1

    def heat(self, query: int) -> Floats:
        """(K,) from 0 where the range of the code's modality begins to 1 where it ends."""
        low, high = self.range[query].T
        return rescaled(self.scores[query], low[self.modality], high[self.modality])

    def selected(self, query: int) -> npt.NDArray[np.bool_]:
        """(K,) which codes are the thing, by the suggested threshold."""
        return np.asarray(self.scores[query] >= self.threshold[query][self.modality])


def rescaled(values: Floats, low: npt.ArrayLike, high: npt.ArrayLike) -> Floats:
    """From 0 at `low` to 1 at `high`, cut there; 0 where they are the same."""
    low, span = np.asarray(low, np.float32), np.subtract(high, low, dtype=np.float32)
    stretched = np.divide(values - low, span, out=np.zeros_like(values), where=span > 0)
    return np.clip(stretched, 0, 1, out=stretched)


def ranked(scores: Floats) -> tuple[npt.NDArray[np.int32], Floats]:
    """Number of the greatest of (Q, K) scores for each code, and its lead over the second."""
    best = np.zeros(scores.shape[1], np.int32)
    first, second = scores[0], np.zeros_like(scores[0])
    for number, row in enumerate(scores[1:], start=1):
        np.copyto(best, number, where=row > first)
        np.maximum(second, np.minimum(first, row), out=second)
        first = np.maximum(first, row)
    return best, first - second
