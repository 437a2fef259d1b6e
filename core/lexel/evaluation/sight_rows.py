"""Judged answers as rows of a table, by class, and as a list of what is taken for what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lexel.evaluation.intervals import percentiles, room_weights
from lexel.evaluation.sight import COLOUR, PEAK, SYNONYM, TOP1, Judged

# What issue B asks of the embedded model, in percent.
BARS = {TOP1: 80.0, SYNONYM: 60.0, COLOUR: 85.0, PEAK: 70.0}


@dataclass(frozen=True)
class Row:
    """A measure on a set of rooms.

    Attributes:
        set: the dataset's split.
        measure: as in `Judged`.
        value: right answers, percent.
        low, high: its 95 % interval over rooms.
        n: how many questions it rests on.
        chance: right answers of blind guesses, percent.
        bar: what is asked for, percent; None where nothing is.
    """

    set: str
    measure: str
    value: float
    low: float
    high: float
    n: int
    chance: float
    bar: float | None


def as_rows(judged: Sequence[Judged], *, draws: int = 1000, seed: int = 0) -> list[Row]:
    """A row for every set and measure, in the order they come."""
    return [
        _row(split, measure, answers, draws, seed)
        for (split, measure), answers in _grouped(judged, lambda j: (j.split, j.measure))
    ]


def by_class(judged: Sequence[Judged]) -> list[dict[str, Any]]:
    """Right answers of every set, class and measure, percent."""
    return [
        {"set": split, "class": kind, "measure": measure, "value": _percent(own), "n": len(own)}
        for (split, kind, measure), own in _grouped(
            sorted(judged, key=lambda j: j.kind), lambda j: (j.split, j.kind, j.measure)
        )
    ]


def confusions(judged: Iterable[Judged]) -> list[dict[str, Any]]:
    """Which words are answered in place of which, how often; most often first."""
    wrong = Counter(
        (j.split, j.measure, j.asked, j.answered) for j in judged if j.asked != j.answered
    )
    return [
        {"set": split, "measure": measure, "asked": asked, "answered": answered, "n": count}
        for (split, measure, asked, answered), count in wrong.most_common()
    ]


def _row(split: str, measure: str, answers: Sequence[Judged], draws: int, seed: int) -> Row:
    rooms, room = np.unique([j.room for j in answers], return_inverse=True)
    right = np.bincount(room, [j.right for j in answers])
    weight = room_weights(len(rooms), draws, seed)
    values = np.asarray(100 * (weight @ right) / (weight @ np.bincount(room)), np.float64)
    low, high = percentiles(values[1:])
    chance = 100 * float(np.mean([j.chance for j in answers]))
    bar = BARS.get(measure)
    return Row(split, measure, _percent(answers), low, high, len(answers), chance, bar)


def _percent(answers: Sequence[Judged]) -> float:
    return 100 * float(np.mean([j.right for j in answers]))


def _grouped(
    judged: Iterable[Judged], key: Callable[[Judged], tuple[str, ...]]
) -> Iterator[tuple[tuple[str, ...], list[Judged]]]:
    groups: dict[tuple[str, ...], list[Judged]] = {}
    for answer in judged:
        groups.setdefault(key(answer), []).append(answer)
    yield from groups.items()
