"""Presence on fields of rendered scans: is it told, and how surely, whether a thing is in a room?

Every class that the room shows is asked for, and as many that it does not; by their names, and by
their held-out synonyms. How likely a thing is depends on how many of those that are asked for are
there: half, as in the simulated fields.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt

from lexel.evaluation.fields import ScanTruth, load_scan_truth
from lexel.evaluation.presence import (
    Float,
    Observations,
    area_under_roc,
    calibration_error,
    fit,
    predict,
    statistics_of,
)
from lexel.pipelines.api import Models
from lexel.pipelines.ask import AskableField, open_field
from lexel.pipelines.fields_api import build
from lexel.progress import Progress, track
from lexel.query.presence import PresenceModel, model_of
from lexel.synthetic.catalogue import SYNONYMS, classes


@dataclass(frozen=True, eq=False)
class Asked:
    """What was asked of one scan.

    Attributes:
        observed: names first, then synonyms.
        synonym: (n,) bool, which are synonyms.
        encoder: name of the image-text model.
    """

    observed: Observations
    synonym: npt.NDArray[np.bool_]
    encoder: str


@dataclass(frozen=True)
class PresenceScore:
    """How well presence is told.

    Attributes:
        auroc: chance that what is there is held more likely than what is not.
        ece: expected calibration error over ten bins.
        asked, there: how much was asked, and how much of it is there.
    """

    auroc: float
    ece: float
    asked: int
    there: int


def ask_scan(scan: Path, models: Models) -> Asked:
    """Build the field of a scan and ask for everything there is."""
    with TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        path = Path(scratch) / "scan.lexel"
        build(scan, path, models=models)
        return ask_field(open_field(path), load_scan_truth(scan))


def ask_field(field: AskableField, truth: ScanTruth) -> Asked:
    """The same of a field that is built."""
    seen = {truth.classes[number] for number in truth.class_of[np.unique(truth.instance)]}
    names = [(name, name in seen) for name in classes()]
    synonyms = [(text, name in seen) for name, text in SYNONYMS.items()]
    pairs = [*_halves(names), *(chosen := _halves(synonyms))]
    texts, scoring = [text for text, _ in pairs], field.stored.info.scoring
    vectors = field.encode([*texts, *scoring.negatives])
    told = statistics_of(field.engine, vectors, texts)
    present = np.array([there for _, there in pairs])
    synonym = np.arange(len(pairs)) >= len(pairs) - len(chosen)
    return Asked(Observations(told, present), synonym, field.stored.info.encoder.name)


def _halves(pairs: Sequence[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """What is there, and as much that is not, drawn by the same lot in every run."""
    there = [pair for pair in pairs if pair[1]]
    away = [pair for pair in pairs if not pair[1]]
    lot = np.random.default_rng(len(there)).permutation(len(away))
    return [*there, *(away[number] for number in lot[: len(there)])]


def measure_presence(
    scans: Sequence[Path], models: Models, fitted: int, progress: Progress
) -> tuple[PresenceModel, dict[str, PresenceScore]]:
    """How well presence is told on scans, for names and for synonyms.

    Args:
        fitted: as many of the scans, the first, are used to fit the model that is measured on the
            rest; 0: the model that Lexel uses is measured on all.
    """
    asked = [ask_scan(scan, models) for scan in track(scans, "asking scans", progress)]
    model = fit(_joined(asked[:fitted])) if fitted else model_of(asked[0].encoder)
    rest = asked[fitted:]
    held, synonym = _joined(rest), np.concatenate([scan.synonym for scan in rest])
    told = predict(model, held)
    return model, {
        "names": _score(told[~synonym], held.present[~synonym]),
        "synonyms": _score(told[synonym], held.present[synonym]),
    }


def _score(told: Float, present: npt.NDArray[np.bool_]) -> PresenceScore:
    return PresenceScore(
        area_under_roc(told, present),
        calibration_error(told, present),
        len(present),
        int(present.sum()),
    )


def _joined(asked: Sequence[Asked]) -> Observations:
    return Observations(
        np.concatenate([scan.observed.statistics for scan in asked]),
        np.concatenate([scan.observed.present for scan in asked]),
    )
