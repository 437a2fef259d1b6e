"""The views that a training reads, and what keeps test rooms away from it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from lexel.errors import InputError
from lexel.io.room_shards import load_room_views
from lexel.io.room_views import RoomView
from lexel.progress import Progress
from lexel.training.approaches import Approach
from lexel.training.plan import Plan
from lexel.training.samples import usable

TRAINING_SPLITS = ("train",)


def load_training_views(
    datasets: Sequence[Path], plan: Plan, approach: Approach, limit: int | None, progress: Progress
) -> list[RoomView]:
    """The usable views of datasets that may be trained on; `limit` of each.

    Raises:
        InputError: a dataset is damaged, of a split that networks are tested on, or useless.
    """
    return _usable(datasets, plan, approach, limit, progress, TRAINING_SPLITS)


def load_held_views(
    dataset: Path, plan: Plan, approach: Approach, progress: Progress
) -> list[RoomView]:
    """The usable views of a dataset whose loss is only looked at."""
    return _usable([dataset], plan, approach, None, progress, None)


def _usable(
    datasets: Sequence[Path],
    plan: Plan,
    approach: Approach,
    limit: int | None,
    progress: Progress,
    splits: Sequence[str] | None,
) -> list[RoomView]:
    views: list[RoomView] = []
    for folder in datasets:
        dataset = load_room_views(
            folder,
            plan.relevancies,
            colour=approach.colour,
            sentences=approach.sentences,
            limit=limit,
            progress=progress,
        )
        if splits and dataset.split not in splits:
            raise InputError(
                "networks must not learn from a split they are tested on",
                where=folder,
                got=dataset.split,
                do="Train on: lexel world build train.",
            )
        views += [view for view in dataset.views if usable(view, plan.task)]
    if not views:
        raise InputError(
            f"no view can be used for {plan.task}", where=", ".join(map(str, datasets))
        )
    return views


def text_dim(plan: Plan, views: Sequence[RoomView]) -> int:
    """Size of the text features that all sources share; an `InputError` when they do not."""
    dims = {view.relevancies[s].features.shape[1] for s in plan.relevancies for view in views}
    if len(dims) != 1 or 0 in dims:
        raise InputError(
            f"{plan.approach} compares with text features of one encoder",
            where="--relevancies",
            got=", ".join(plan.relevancies),
            do="Name one encoder's relevancies (an oracle has no text features).",
        )
    return dims.pop()
