"""Calibrating and measuring presence: does the engine know whether a thing is there at all?

    python -m lexel.evaluation.presence

fits the defaults of `lexel.query.presence.PresenceModel` anew, on simulated fields. What is fitted
on rendered scans: `lexel.evaluation.presence_scans`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lexel.errors import InputError
from lexel.evaluation.simulated_fields import NEGATIVES, SimulatedField, World
from lexel.query.engine import Engine, prepare
from lexel.query.presence import PresenceModel, statistics
from lexel.query.spread import spread_of
from lexel.query.tree import Phrase
from lexel.query.vectors import TextVectors
from lexel.scene import Scoring

Float = npt.NDArray[np.float64]
_STEPS = 200
_RIDGE = 1e-3  # keeps weights finite where the observations can be told apart without fault
_BINS = 10
# Codes and kinds of things of the simulated fields: a photograph, rooms, a flat; one thing alone.
SIZES = ((60, 1), (60, 3), (150, 15), (1000, 30), (1000, 60), (4000, 40))


@dataclass(frozen=True, eq=False)
class Observations:
    """Questions whose answer is known.

    Attributes:
        statistics: (n, 4) outlier, rise, level and luck of the best code, see
            `lexel.query.presence`.
        present: (n,) bool, the truth.
    """

    statistics: Float
    present: npt.NDArray[np.bool_]


def observe(fields: Iterable[SimulatedField]) -> Observations:
    """The statistics of everything that is asked of some fields of one modality each."""
    rows, present = [], []
    for field in fields:
        engine = prepare(field.codebook, Scoring(negatives=NEGATIVES))
        rows.append(statistics_of(engine, field.texts, field.asked))
        present.append(field.present)
    return Observations(np.concatenate(rows), np.concatenate(present))


def statistics_of(engine: Engine, texts: TextVectors, asked: Sequence[str]) -> Float:
    """(n, 4) statistics of the best code for each of the texts that are asked.

    Args:
        engine: of a field of one modality.
        texts: at least what is asked and the engine's negatives.
    """
    scorer, (group,) = engine.scorer(texts.texts, texts), engine.groups
    negatives = tuple(map(Phrase, engine.scoring.negatives))
    rows = []
    for text in asked:
        contrast = scorer.score(Phrase(text), negatives).contrast[group.used]
        told = statistics(contrast, spread_of(contrast), group.span)
        rows.append([statistic[contrast.argmax()] for statistic in told])
    return np.array(rows, np.float64)


def fit(observations: Observations) -> PresenceModel:
    """The logistic that makes the truth most likely, and grows with how much a code stands out.

    Newton's method; a weight that would become negative is left out, and the rest fitted again.

    Raises:
        InputError: everything, or nothing, was there.
    """
    present = observations.present.astype(np.float64)
    if not 0 < present.mean() < 1:
        raise InputError("calibration needs things that are there and things that are not")
    inputs = np.column_stack([observations.statistics, np.ones(len(present))])
    used = np.ones(5, bool)
    while True:
        weights = np.zeros(5)
        weights[used] = _newton(inputs[:, used], present)
        if (weights[:3] >= 0).all():
            break
        used[int(weights[:3].argmin())] = False
    outlier, rise, level, luck, bias = map(float, weights)
    return PresenceModel(outlier, rise, level, luck, bias)


def predict(model: PresenceModel, observations: Observations) -> Float:
    """(n,) probabilities."""
    weights = np.array([model.outlier, model.rise, model.level, model.luck])
    return np.asarray(1 / (1 + np.exp(-(observations.statistics @ weights + model.bias))))


def area_under_roc(scores: npt.ArrayLike, truth: npt.ArrayLike) -> float:
    """Chance that what is there scores higher than what is not; equal scores count a half."""
    scores, truth = np.asarray(scores, np.float64), np.asarray(truth, bool)
    _, level, times = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(times) - (times - 1) / 2)[level]
    there, away = int(truth.sum()), int((~truth).sum())
    return float((ranks[truth].sum() - there * (there + 1) / 2) / (there * away))


def calibration_error(probabilities: npt.ArrayLike, truth: npt.ArrayLike) -> float:
    """Expected calibration error over ten equal bins: |said - seen|, by how often it was said."""
    said, seen = np.asarray(probabilities, np.float64), np.asarray(truth, np.float64)
    bins = np.minimum((said * _BINS).astype(np.intp), _BINS - 1)
    gaps = np.bincount(bins, said, _BINS) - np.bincount(bins, seen, _BINS)
    return float(np.abs(gaps).sum() / len(said))


def simulated(seeds: Sequence[int]) -> Iterator[SimulatedField]:
    """Fields of all sizes in worlds of these seeds."""
    for seed in seeds:
        world = World(seed)
        for num_codes, num_things in SIZES:
            yield world.field(num_codes, num_things)


def _newton(inputs: Float, truth: Float) -> Float:
    weights = np.zeros(inputs.shape[1])
    for _ in range(_STEPS):
        told = 1 / (1 + np.exp(-np.clip(inputs @ weights, -80, 80)))
        curvature = (inputs * (told * (1 - told))[:, None]).T @ inputs / len(truth)
        slope = inputs.T @ (told - truth) / len(truth) + _RIDGE * weights
        step = np.linalg.solve(curvature + _RIDGE * np.eye(len(weights)), slope)
        weights -= step
        if np.abs(step).max() < 1e-9:
            break
    return weights


def main() -> None:
    """Fit the model, and say how it fares in worlds that it was not fitted to."""
    model, unseen = fit(observe(simulated(range(8)))), observe(simulated(range(100, 104)))
    told = predict(model, unseen)
    print(model)  # noqa: T201 - what this module is run for
    print(  # noqa: T201
        f"area under ROC {area_under_roc(told, unseen.present):.3f}, "
        f"calibration error {calibration_error(told, unseen.present):.3f}"
    )


if __name__ == "__main__":
    main()
