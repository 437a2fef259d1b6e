"""Functional questions: do people find a thing by what it is for ("warm up my lunch")?

Asked twice: of words alone, where the classes of the world are ranked by how near their names lie
to the question; and of fields of rendered scans, where the first place is right or not. Each with
the visual half and with the sentence half.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt

from lexel.evaluation.fields import ScanTruth, load_scan_truth, true_classes
from lexel.geometry.vectors import unit_rows
from lexel.io.readers import open_recording
from lexel.pipelines.api import Models
from lexel.pipelines.ask import AskableField, open_field
from lexel.pipelines.fields_api import build
from lexel.pipelines.posed_views import PosedViews, pose_views
from lexel.progress import Progress, Silent, track
from lexel.scene import PhraseEncoder

Ints = npt.NDArray[np.int32]

# What is asked, and the classes of the world that are right.
QUESTIONS: Mapping[str, tuple[str, ...]] = {
    "warm up my lunch": ("microwave", "stove"),
    "somewhere to sit": ("chair", "arm chair", "office chair", "sofa", "stool"),
    "keep food cold": ("fridge",),
    "boil water for tea": ("kettle", "stove"),
    "a place to sleep": ("bed", "sofa"),
    "tell me the time": ("wall clock", "alarm clock"),
    "wash my hands": ("bathroom sink",),
    "light up a dark room": ("floor lamp", "table lamp", "candle"),
    "throw away rubbish": ("garbage can",),
    "watch a film": ("television", "laptop", "desktop"),
    "dry wet hair": ("hair dryer",),
    "play some music": ("guitar", "piano"),
    "read a story": ("book", "bookcase"),
    "see my own face": ("mirror",),
    "drive in a nail": ("hammer",),
    "reach something high up": ("ladder", "stool"),
    "pack clothes for a journey": ("suitcase",),
    "call a friend": ("cell phone",),
    "wash my whole body": ("shower", "bathtub"),
    "train my muscles": ("dumbbell",),
}
HALVES = {"visual": 0.0, "sentence": 1.0}


@dataclass(frozen=True)
class Reply:
    """How a question fared.

    Attributes:
        rank: for each of `HALVES`, the place of the first right class among all names, from 1.
        asked: fields that hold a right thing.
        right: for each of `HALVES`, how many of these fields put a right thing first.
    """

    question: str
    rank: Mapping[str, int]
    asked: int
    right: Mapping[str, int]


def measure_questions(
    classes: Sequence[str],
    halves: Mapping[str, PhraseEncoder],
    scans: Sequence[Path],
    models: Models,
    sentences: str | None,
    progress: Progress,
) -> list[Reply]:
    """The replies to all `QUESTIONS`.

    Args:
        classes: names of all the classes there are.
        halves: who places words, for each of `HALVES`.
        scans: with their truth beside them; a field is built of each.
        models: which image-text model reads them.
        sentences: name of the sentence model of their other half; None: the embedded one.
        progress: told of every scan.
    """
    ranks = {half: rank_classes(classes, encoder) for half, encoder in halves.items()}
    fields = [_ask_scan(scan, models, sentences) for scan in track(scans, "asking scans", progress)]
    return [
        Reply(
            question,
            {half: rank[question] for half, rank in ranks.items()},
            asked=sum(question in field for field in fields),
            right={
                half: sum(f[question][half] for f in fields if question in f) for half in HALVES
            },
        )
        for question in QUESTIONS
    ]


def rank_classes(classes: Sequence[str], encoder: PhraseEncoder) -> dict[str, int]:
    """For each question the place, from 1, of the first right class by cosine."""
    names = unit_rows(encoder.encode(classes))
    asked = unit_rows(encoder.encode(list(QUESTIONS)))
    order = np.argsort(-(asked @ names.T), axis=1, kind="stable")
    return {
        question: 1 + next(i for i, c in enumerate(row) if classes[c] in right)
        for (question, right), row in zip(QUESTIONS.items(), order, strict=True)
    }


def _ask_scan(scan: Path, models: Models, sentences: str | None) -> dict[str, dict[str, bool]]:
    """For each question that the scan can answer: whether each half puts a right thing first."""
    truth = load_scan_truth(scan)
    views = pose_views(open_recording(scan), Silent())
    with TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        path = Path(scratch) / "scan.lexel"
        build(scan, path, models=models, sentences=sentences)
        return ask_field(open_field(path), views, truth)


def ask_field(
    field: AskableField, views: PosedViews, truth: ScanTruth
) -> dict[str, dict[str, bool]]:
    """The same of a field that is built: its first places against what is truly there."""
    named = classes_of_objects(field, views, truth)
    return {
        question: {
            half: named[field.ask(f'"{question}"', balance=balance, top=1).queries[0].hits[0].id]
            in right
            for half, balance in HALVES.items()
        }
        for question, right in QUESTIONS.items()
        if set(right) & set(named.values())
    }


def classes_of_objects(field: AskableField, views: PosedViews, truth: ScanTruth) -> dict[int, str]:
    """What most points of each of a field's objects truly are, by the object's id."""
    points, size = field.points, field.stored.info.builder["parameters"]["voxel_size_m"]
    assert points.normals is not None and points.instance is not None
    true = true_classes(points.xyz_m, points.normals, views, truth, size)
    votes = np.zeros((len(field.stored.instances), len(truth.classes)), np.int64)
    row = {thing.id: number for number, thing in enumerate(field.stored.instances)}
    counted = (points.instance >= 0) & (true >= 0)
    of = np.array([row[i] for i in points.instance[counted].tolist()], np.int64)
    np.add.at(votes, (of, true[counted]), 1)
    return {id_: truth.classes[votes[number].argmax()] for id_, number in row.items()}
