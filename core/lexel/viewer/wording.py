"""What an answer says in words and numbers, for cards, rows and the status bar. Without Qt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from lexel.pipelines.ask import AskableField, QueryAnswer
from lexel.query.answer import CodeScores
from lexel.scene import LayerNote, Modality
from lexel.viewer.asking import TIER_NAMES, Answered
from lexel.viewer.choices import Choices
from lexel.viewer.painting import shown_query

_SPATIAL_TRUE = 0.5


@dataclass(frozen=True)
class ObjectRow:
    """One line of the list of objects. `score` is None where nothing is asked."""

    id: int
    label: str
    score: float | None
    count: int


def presence_in_words(answer: QueryAnswer) -> str:
    """Such as "probably not in this scene, 12 %"."""
    if answer.presence is None:
        return answer.said
    return f"{answer.said.replace('there', 'in this scene')}, {answer.presence:.0%}".replace(
        "%", " %"
    )


def tiers_of(answered: Answered, query: int) -> list[tuple[int, str]]:
    """Numbers and names of the tiers that answer a query, the first first."""
    layers: Sequence[LayerNote] = answered.layers[query] if answered.layers else ()
    numbers = sorted({1, *(note.tier for note in layers)})
    return [(number, TIER_NAMES.get(number, f"tier {number}")) for number in numbers]


def suggested_threshold(codes: CodeScores, query: int) -> float:
    """From which score on a point is found, if the user does not say otherwise."""
    if codes.spatial[query]:
        return _SPATIAL_TRUE
    kind = Modality.IMAGE if (codes.modality == Modality.IMAGE).any() else Modality.TEXT
    return float(codes.threshold[query, kind])


def found_in_words(
    field: AskableField, answered: Answered, query: int, threshold: float | None
) -> str:
    """Such as "1,544 points ≥ 0.86"; nothing for a relation, which is about objects."""
    codes = answered.codes.codes
    if codes.spatial[query]:
        return ""
    if threshold is None:
        found = answered.codes.queries[query].num_selected
        threshold = suggested_threshold(codes, query)
    else:
        found = int(field.stored.codebook.count[codes.scores[query] >= threshold].sum())
    return f"{found:,} points ≥ {threshold:.2f}"


def object_rows(
    field: AskableField, choices: Choices, answered: Answered | None, typed: str = ""
) -> list[ObjectRow]:
    """The field's objects, those that answer best first; else the largest first.

    Args:
        typed: only those whose label has these letters.
    """
    things = field.stored.instances
    places = None if answered is None else answered.codes.codes.places
    scores: list[float | None] = [None] * len(things)
    if places is not None:
        scores = [float(score) for score in places[shown_query(choices, answered)]]
    rows = [
        ObjectRow(thing.id, thing.label, score, thing.count)
        for thing, score in zip(things, scores, strict=True)
        if typed.strip().casefold() in f"{thing.label} #{thing.id}".casefold()
    ]
    return sorted(rows, key=lambda row: (-(row.score or 0.0), -row.count))


def point_in_words(
    field: AskableField, choices: Choices, answered: Answered | None, point: int
) -> str:
    """What is known of a point: its score, its object, where it is."""
    return "   ".join(_told_of(field, choices, answered, point))


def _told_of(
    field: AskableField, choices: Choices, answered: Answered | None, point: int
) -> Iterator[str]:
    points = field.points
    if answered is not None:
        query = shown_query(choices, answered)
        codes = answered.codes.codes
        yield f"{codes.names[query]} {_score(field, codes, query, point):.3f}"
    if points.instance is not None and (number := int(points.instance[point])) >= 0:
        label = next((t.label for t in field.stored.instances if t.id == number), "")
        yield f"{label} #{number}".strip()
    if points.origin is not None and points.origin[point]:
        yield "inferred"
    yield "x {:.2f}  y {:.2f}  z {:.2f} m".format(*points.xyz_m[point])


def _score(field: AskableField, codes: CodeScores, query: int, point: int) -> float:
    if codes.places is None or not codes.spatial[query]:
        return float(codes.scores[query, field.stored.code[point]])
    place = int(field.place_of_point[point])
    row = np.flatnonzero(field.places.ids == place)
    return float(codes.places[query, row[0]]) if len(row) else 0.0
