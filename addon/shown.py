"""An answer as rows that points look up: what Blender draws, selects and writes into attributes.

Letters: N points, K codes, U places, T rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lexel.pipelines.askable import AskableField, FieldAnswer
from lexel.query.answer import CodeScores
from lexel.query.paint import Painting
from lexel.query.places import table_over_ids
from lexel.scene.recipe import Look, Mode

_TRUE = 0.5  # of a place, from where on a relation rather holds than not
_MOST = 0.5  # of an object's points


@dataclass(frozen=True, eq=False)
class Shown:
    """What a cloud is to show.

    Attributes:
        index: (N,) int32, the points' rows in what follows; -1 stands for the last row. The same
            array for as long as the rows stand for the same things.
        table: (T, 4) uint8, sRGB and opacity over the points' own colours.
        score: (T,) float32, 0..1, of the query that is shown; 0 where nothing was asked.
        found: (T,) bool, whether that is enough.
    """

    index: npt.NDArray[np.int32]
    table: npt.NDArray[np.uint8]
    score: npt.NDArray[np.float32]
    found: npt.NDArray[np.bool_]


def shown_rows(
    field: AskableField,
    answer: FieldAnswer | None,
    painting: Painting,
    look: Look,
    query: int,
    threshold: float | None,
) -> Shown:
    """Scores beside the colours of a painting.

    Args:
        answer: to what was asked; None: nothing was.
        painting: of the answer, by `lexel.pipelines.painting.paint_field`.
        look: that it was painted with.
        query: whose scores are given.
        threshold: from which score on a thing is found; None: as the answer suggests.
    """
    paint = painting.paint
    if look.mode is Mode.HEAT and look.layer is not None:
        score = np.linspace(0, 1, len(paint.table) - 1, dtype=np.float32)
        score = np.append(score, np.float32(0))  # the last row is for points without a score
    elif answer is None or look.mode not in (Mode.HEAT, Mode.LABEL):
        score = np.zeros(len(paint.table), np.float32)
    else:
        found, score = _of_answer(field, answer.codes, query, threshold, paint.index)
        return Shown(paint.index, paint.table, score, found)
    least = _TRUE if threshold is None else threshold
    return Shown(paint.index, paint.table, score, score >= least)


def found_objects(
    field: AskableField, codes: CodeScores, query: int, threshold: float | None
) -> tuple[int, ...]:
    """Ids of the objects that answer a query, the best first; none in a field without objects.

    An object is found where most of its points are, or where the relation asked for holds of it.
    """
    if codes.places is None or not field.stored.instances:
        return ()
    score = codes.places[query]
    if codes.spatial[query]:
        found = score >= _least_of_places(codes, query, threshold)
    else:
        selected = _selected(codes, query, threshold).astype(np.float32)
        found = field.places.pool(selected) > _MOST
    best = np.argsort(-score, kind="stable")
    return tuple(int(field.places.ids[number]) for number in best if found[number])


def _of_answer(
    field: AskableField,
    codes: CodeScores,
    query: int,
    threshold: float | None,
    index: npt.NDArray[np.int32],
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.float32]]:
    """(T,) found and score: rows are codes where the points' rows are their codes, else places."""
    if index is field.stored.code:
        return _selected(codes, query, threshold), codes.scores[query]
    assert codes.places is not None
    score = table_over_ids(field.places, codes.places[query])
    return score >= _least_of_places(codes, query, threshold), score


def _selected(codes: CodeScores, query: int, threshold: float | None) -> npt.NDArray[np.bool_]:
    """(K,) codes that are the thing."""
    return codes.selected(query) if threshold is None else codes.scores[query] >= threshold


def _least_of_places(codes: CodeScores, query: int, threshold: float | None) -> float:
    """From which score on a place is found: how true a relation is, or a mean of its points."""
    if threshold is not None:
        return threshold
    return _TRUE if codes.spatial[query] else float(codes.threshold[query].min())
