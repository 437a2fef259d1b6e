"""One training sample: points and relevancies of a view, questions, and answers at positions.

Source: Ha & Song, "Semantic Abstraction" (CoRL 2022), training recipe. What a sample holds
depends on nothing but the seed, the step and the place in the batch: a run that goes on after a
kill, or on several processes, sees the same samples.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from lexel.completion.checkpoints import Network
from lexel.geometry.transforms import apply
from lexel.io.room_views import RoomDescription, RoomView
from lexel.pipelines.room_inputs import (
    TRUTH_GRID,
    cell_centres,
    cells_in_frustum,
    in_box,
    surface_points,
)
from lexel.pipelines.room_questions import Inputs, Question, questions_of, read_inputs, true_cells
from lexel.training.augmentation import Augmentation, draw_affine

Points = npt.NDArray[np.float32]
_CENTRES = cell_centres()


@dataclass(frozen=True)
class Recipe:
    """How samples are drawn.

    Attributes:
        task: `ovssc` or `vool`.
        points: of the view, N.
        positions: for each question, Q.
        questions: of a view, P.
        repeats: how often a true cell may be drawn, each time at another place inside it: true
            cells fill half the positions if that is enough. (As published: 1.)
        augmentation: None for samples to validate with.
    """

    task: str
    points: int = 8000
    positions: int = 8000
    questions: int = 4
    repeats: int = 8
    augmentation: Augmentation | None = field(default_factory=Augmentation)


@dataclass(frozen=True, eq=False)
class TrainingSample:
    """`inputs` for P questions, `queries` [P, Q, 3] float32 and their answers `label` [P, Q]."""

    inputs: Inputs
    queries: Tensor
    label: Tensor


def usable(view: RoomView, task: str) -> bool:
    """Whether anything can be asked about the view."""
    return bool(view.depth_mm.any()) and bool(questions_of(view, task))


def make_sample(
    kind: type[Network],
    view: RoomView,
    sources: Sequence[str],
    recipe: Recipe,
    rng: np.random.Generator,
) -> TrainingSample:
    """A sample of a `usable` view; its relevancies come from one of `sources`, drawn at random.

    Raises:
        InputError: the view lacks a relevancy.
    """
    source = sources[int(rng.integers(len(sources)))]
    questions = _draw_questions(view, recipe, rng)
    affine = draw_affine(recipe.augmentation, rng) if recipe.augmentation else np.eye(4)
    xyz, pixel, affine = _view_points(view, affine)
    chosen = _choose(len(xyz), recipe.points, rng)
    inputs = read_inputs(kind, view, source, questions, xyz[chosen], pixel[chosen])
    queries, label = _positions(view, questions, recipe, affine, rng)
    return TrainingSample(inputs, torch.from_numpy(queries), torch.from_numpy(label))


def _draw_questions(view: RoomView, recipe: Recipe, rng: np.random.Generator) -> list[Question]:
    """P questions, repeated where the view has fewer; descriptions balanced over relations."""
    known = questions_of(view, recipe.task)
    relation = [q.relation if isinstance(q, RoomDescription) else "" for q in known]
    often = Counter(relation)
    balanced = recipe.task == "vool"
    weights = np.array([1 / often[r] if balanced else 1.0 for r in relation])
    few = len(known) < recipe.questions
    chosen = rng.choice(len(known), recipe.questions, replace=few, p=weights / weights.sum())
    return [known[i] for i in chosen]


def _view_points(
    view: RoomView, affine: npt.NDArray[np.float64]
) -> tuple[Points, npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Points in the box and their pixels; an affine that moves all of them out is undone."""
    xyz, pixel = surface_points(view)
    moved = apply(affine, xyz).astype(np.float32)
    inside = in_box(moved)
    if not inside.any():
        moved, affine = xyz, np.eye(4)
        inside = in_box(moved)
        if not inside.any():  # only where the dataset's box misses its view
            inside = np.ones(len(xyz), bool)
    return moved[inside], pixel[inside], affine


def _choose(have: int, want: int, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    return rng.choice(have, want, replace=have < want)


def _positions(
    view: RoomView,
    questions: Sequence[Question],
    recipe: Recipe,
    affine: npt.NDArray[np.float64],
    rng: np.random.Generator,
) -> tuple[Points, npt.NDArray[np.bool_]]:
    """Positions [P, Q, 3] and answers [P, Q]; for OVSSC only cells that the camera looks at."""
    allowed = in_box(apply(affine, _CENTRES))
    if recipe.task == "ovssc":
        seen = allowed & cells_in_frustum(view, _CENTRES)
        allowed = seen if seen.any() else allowed
    truth = view.truth().reshape(-1)
    cells, label = [], []
    for question in questions:
        answers = true_cells(view, question, truth)
        drawn = _balanced(answers, allowed, recipe, rng)
        cells.append(drawn)
        label.append(answers[drawn])
    index = np.stack(cells)
    step = TRUTH_GRID.voxel_size_m.astype(np.float32)
    jitter = (rng.random((*index.shape, 3), np.float32) - 0.5) * step
    return apply(affine, _CENTRES[index] + jitter).astype(np.float32), np.stack(label)


def _balanced(
    answers: npt.NDArray[np.bool_],
    allowed: npt.NDArray[np.bool_],
    recipe: Recipe,
    rng: np.random.Generator,
) -> npt.NDArray[np.int64]:
    """Q cells: true ones, at most half and each at most `repeats` times; the rest false."""
    true, false = np.flatnonzero(answers & allowed), np.flatnonzero(~answers & allowed)
    want = recipe.positions
    num_true = min(want // 2, recipe.repeats * len(true)) if len(false) else want
    some = np.tile(true, recipe.repeats if len(false) else -(-want // max(1, len(true))))
    chosen = [some[_choose(len(some), num_true, rng)]] if num_true else []
    if num_true < want:
        chosen.append(false[_choose(len(false), want - num_true, rng)])
    return np.concatenate(chosen)
