"""Measuring completion and localisation on whole datasets: one row a question and cut-off.

Source: the evaluation protocol of Ha & Song, "Semantic Abstraction" (CoRL 2022), with two
additions: the *unseen* half of objects (cells away from the observed surface), and a baseline that
answers with the observed surface alone.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lexel.evaluation.answers import Answerer, near_surface
from lexel.evaluation.cutoffs import CUTOFFS, Pools, agreement_at
from lexel.evaluation.metrics import COARSE, FINE
from lexel.io.atomic import replacing_file
from lexel.io.room_shards import load_room_views
from lexel.io.room_views import RoomDescription, RoomView
from lexel.pipelines.room_inputs import cell_centres, cells_in_frustum
from lexel.pipelines.room_questions import Question, questions_of, true_cells
from lexel.progress import Progress

GRIDS = {"voxel32x32x32": COARSE, "voxel64x64x64": FINE}
FACTS = (
    "approach relevancies split scene_id room label target_obj_name reference_obj_name "
    "spatial_relation_name novel synonym hidden cutoff"
).split()
_MEASURES = ("iou", "precision", "recall", "false_positive", "false_negative")
MEASURED = [f"{where}_{m}" for where in ("point", *GRIDS) for m in _MEASURES]
UNSEEN = [f"unseen_{where}_iou" for where in GRIDS]
COLUMNS = (*FACTS, *MEASURED, *UNSEEN)


@dataclass(frozen=True)
class Measurement:
    """What is measured: `name` is the row of the table, `source` names the relevancies."""

    task: str
    name: str
    source: str


def evaluate(
    answerer: Answerer,
    measurement: Measurement,
    datasets: Sequence[Path],
    out: Path,
    progress: Progress,
    *,
    limit: int | None = None,
) -> int:
    """Write the results CSV (gzipped when `out` ends in .gz): the number of questions.

    Args:
        answerer: a network or the baseline.
        measurement: what it is called.
        datasets: folders; each is a split.
        out: the file, replaced when all is done.
        progress: told of every view; may cancel.
        limit: views of each dataset.

    Raises:
        InputError: a dataset is unusable.
    """
    count = 0
    with replacing_file(out) as temporary, _opened(temporary, out.suffix == ".gz") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        for folder in datasets:
            dataset = load_room_views(
                folder,
                [measurement.source],
                colour=answerer.colour,
                sentences=answerer.sentences,
                limit=limit,
                progress=progress,
            )
            progress.begin(f"asking {measurement.name} about {dataset.split}", len(dataset.views))
            for view in dataset.views:
                for rows in measured(answerer, measurement, view, dataset.split):
                    writer.writerows(rows)
                    count += 1
                progress.advance()
    return count


def measured(
    answerer: Answerer, measurement: Measurement, view: RoomView, split: str
) -> Iterator[list[list[str]]]:
    """The rows of every question about a view, one for each cut-off."""
    questions = questions_of(view, measurement.task)
    if not questions or not view.depth_mm.any():
        return
    cells = cell_centres()
    positions = torch.from_numpy(cells)
    ignore = np.zeros(len(cells), bool)
    if measurement.task == "ovssc":
        ignore = ~cells_in_frustum(view, cells)
    truth, near = view.truth().reshape(-1), near_surface(view)
    pools = {name: Pools.of(positions, grid) for name, grid in GRIDS.items()}
    scores = answerer.scores(view, measurement.source, questions, positions)
    for question, score in zip(questions, scores, strict=True):
        label = true_cells(view, question, truth)
        numbers = _numbers(score, label, ignore, near, pools)
        facts = _facts(measurement, view, question, split)
        yield [
            [*facts, f"{cutoff:.1f}", *(_text(numbers[c][i]) for c in (*MEASURED, *UNSEEN))]
            for i, cutoff in enumerate(CUTOFFS)
        ]


def _numbers(
    score: Tensor,
    label: NDArray[np.bool_],
    ignore: NDArray[np.bool_],
    near: NDArray[np.bool_],
    pools: Mapping[str, Pools],
) -> dict[str, NDArray[np.float64]]:
    """Every column of numbers, each over the cut-offs."""
    true, left_out = torch.from_numpy(label), torch.from_numpy(ignore)
    found = {f"point_{m}": v for m, v in agreement_at(score[~left_out], true[~left_out]).items()}
    for name, pool in pools.items():
        whole = agreement_at(*pool.pool(score, true, left_out))
        found |= {f"{name}_{m}": v for m, v in whole.items()}
        unseen = pool.pool(score, true, left_out | torch.from_numpy(near))
        found[f"unseen_{name}_iou"] = agreement_at(*unseen)["iou"]
    return found


def _facts(measurement: Measurement, view: RoomView, question: Question, split: str) -> list[str]:
    """The columns before the cut-off."""
    about: Any
    if isinstance(question, RoomDescription):
        named = {question.target, question.reference}
        objects = [o for o in view.objects if o.id in named]
        about = ["", question.target_label, question.reference_label, question.relation]
        answers = [o for o in objects if o.id == question.target]
    else:
        answers = objects = [o for o in view.objects if o.label == question]
        about = [question, "", "", ""]
    novel = any(o.novel for o in objects)
    synonym = any(o.name != o.label for o in objects)
    hidden = not any(o.pixels for o in answers)
    flags = [str(int(flag)) for flag in (novel, synonym, hidden)]
    origin = [measurement.name, measurement.source, split, Path(view.where).name, view.room]
    return [*origin, *about, *flags]


def _text(value: float) -> str:
    return "nan" if np.isnan(value) else f"{value:.5g}"


def _opened(path: Path, compressed: bool) -> TextIO:
    if compressed:
        return gzip.open(path, "wt", newline="", compresslevel=4, encoding="utf-8")
    return path.open("w", newline="", encoding="utf-8")
