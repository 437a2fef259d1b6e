"""The published table, made from results: rows are approaches, columns are kinds of novelty.

Source: Ha & Song, "Semantic Abstraction" (CoRL 2022). One thing is done otherwise: each approach's
one cut-off is the best on the *validation* split, not on the splits of the table. Intervals are of
the 2.5th to the 97.5th percentile of tables made from rooms drawn with replacement.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lexel.errors import InputError
from lexel.evaluation.intervals import percentiles, room_weights
from lexel.evaluation.results import Results

VALIDATION = "validation"
TUNING_METRIC = "voxel32x32x32_iou"
NOVEL = ("room", "visual", "vocabulary", "class")
_SPLITS = {
    "room": "unseen_instances",
    "visual": "unseen_instances_dr",
    "vocabulary": "unseen_instances_synonyms",
}


@dataclass(frozen=True)
class Cell:
    """A mean IoU in percent, its 95 % interval, and how many questions it rests on."""

    mean: float
    low: float
    high: float
    questions: int


@dataclass(frozen=True)
class Row:
    """A row of the table: an approach, for localisation with a relation (or `mean`)."""

    approach: str
    relation: str
    cutoff: float
    cells: tuple[Cell, ...]


def summarize(
    results: Results, tuned: Results | None = None, *, draws: int = 1000, seed: int = 0
) -> list[Row]:
    """The table of all approaches in the results, in the order they come.

    Args:
        results: of one task, the validation split among them.
        tuned: the same questions by the metric that chooses the cut-off; None for `results`.
        draws: tables that the intervals rest on.
        seed: of those tables.

    Raises:
        InputError: an approach has no results on the validation split.
    """
    rows: list[Row] = []
    for approach in dict.fromkeys(results.words["approach"].tolist()):
        mine = results.words["approach"] == approach
        own = results[mine]
        best = best_cutoff((tuned or results)[mine], approach)
        relation = own.words["spatial_relation_name"]
        told = sorted(set(relation.tolist())) if results.localises else []
        samples = []
        for name in told:
            chosen = own[relation == name]
            found = [_estimate(chosen, column, best, draws, seed) for column in NOVEL]
            samples.append([values for values, _ in found])
            cells = tuple(_cell(values, count) for values, count in found)
            rows.append(Row(approach, name, float(own.cutoffs[best]), cells))
        counted = [_estimate(own, column, best, draws, seed) for column in NOVEL]
        if told:  # as published: the mean over relations, each counting the same
            means = [_nanmean(np.array([s[c] for s in samples])) for c in range(len(NOVEL))]
            counted = [(m, n) for m, (_, n) in zip(means, counted, strict=True)]
        cells = tuple(_cell(values, count) for values, count in counted)
        rows.append(Row(approach, "mean", float(own.cutoffs[best]), cells))
    return rows


def best_cutoff(results: Results, approach: str) -> int:
    """Index of the cut-off with the highest mean IoU on the validation split."""
    held = results[results.words["split"] == VALIDATION].iou
    if not np.isfinite(held).any():
        raise InputError(
            f"there are no results of {approach} on the {VALIDATION} split",
            do="The cut-off is chosen there: run lexel eval on it too.",
        )
    return int(np.nanargmax(_nanmean(held)))


def _estimate(
    results: Results, column: str, cutoff: int, draws: int, seed: int
) -> tuple[NDArray[np.float64], int]:
    """IoU [1 + draws] of a column: of all rooms first, then of rooms drawn; and its questions."""
    results = results[_chosen(results, column)]
    iou = results.iou[:, cutoff]
    known = np.isfinite(iou)
    results, iou = results[known], iou[known]
    if not len(iou):
        return np.full(1 + draws, np.nan), 0
    rooms, room = np.unique(results.words["room"], return_inverse=True)
    weight = room_weights(len(rooms), draws, seed)
    if column in ("room", "visual"):
        of_room = np.bincount(room, iou) / np.bincount(room)
        return weight @ of_room / weight.sum(1), len(iou)
    group = np.zeros(len(iou), int)
    if not results.localises:
        group = np.unique(results.words["label"], return_inverse=True)[1]
    total, count = np.zeros((2, len(rooms), group.max() + 1))
    np.add.at(total, (room, group), iou)
    np.add.at(count, (room, group), 1)
    with np.errstate(invalid="ignore"):
        return _nanmean((weight @ total / (weight @ count)).T), len(iou)


def _chosen(results: Results, column: str) -> NDArray[np.bool_]:
    """The questions that a column is about."""
    split, novel = results.words["split"], results.flag("novel")
    if column == "class":
        return np.asarray(novel & np.isin(split, list(_SPLITS.values())))
    chosen = (split == _SPLITS[column]) & ~novel
    return np.asarray(chosen & results.flag("synonym") if column == "vocabulary" else chosen)


def _cell(values: NDArray[np.float64], questions: int) -> Cell:
    low, high = percentiles(values[1:])
    return Cell(100 * float(values[0]), 100 * low, 100 * high, questions)


def _nanmean(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean over the first axis of what is not NaN; NaN where nothing is left."""
    known = np.isfinite(values)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(known, values, 0).sum(0) / known.sum(0), float)


def as_cells(rows: Sequence[Row]) -> tuple[list[str], list[list[str]]]:
    """Headings and rows of the table as text."""
    localises = any(row.relation != "mean" for row in rows)
    headings = ["approach", *(["relation"] if localises else []), "cut-off"]
    headings += [f"novel {name}" for name in NOVEL]
    lines = []
    for row in rows:
        line = [row.approach, *([row.relation] if localises else []), f"{row.cutoff:.1f}"]
        lines.append(line + [_cell_text(cell) for cell in row.cells])
    return headings, lines


def as_markdown(rows: Sequence[Row], metric: str) -> str:
    """The table as a Markdown document's section."""
    headings, lines = as_cells(rows)
    table = [headings, ["---"] * len(headings), *lines]
    text = "\n".join(f"| {' | '.join(line)} |" for line in table)
    note = f"{metric} × 100, with 95 % intervals over rooms. "
    note += f"Cut-offs are the best by {TUNING_METRIC} on validation rooms."
    return f"{text}\n\n{note}\n"


def _cell_text(cell: Cell) -> str:
    if np.isnan(cell.mean):
        return "–"
    return f"{cell.mean:.1f} ({cell.low:.1f}–{cell.high:.1f})"
