"""The meaning of a field: views read one after another, and gathered on superpoints.

Reading is dear (an image-text model runs on every region) and depends on its view alone: each
view's result is kept in a file of its own. Gathering is cheap and kept now and then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from lexel.errors import SceneError
from lexel.fields.fidelity import DenseSample
from lexel.fields.gathering import Gathered, border_votes
from lexel.fields.reading import ReadView, ViewReader
from lexel.fields.regions import Regions
from lexel.fields.visibility import see_points
from lexel.geometry.surface_points import SurfacePoints
from lexel.geometry.vectors import unit_rows
from lexel.pipelines.posed_views import PosedViews
from lexel.pipelines.workshop import Workshop, run_stage
from lexel.progress import Progress, track

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]

_BORDERS, _GATHERING = "finding borders", "gathering meaning"
_LEAST_QUALITY = 0.25  # a blurred view still shows where things are


@dataclass(frozen=True, eq=False)
class Readings:
    """What was read of a recording's views, kept in a workshop.

    Attributes:
        chosen: numbers of the views that are read, ascending.
        usual_sharpness: median over them, so that blurred ones count less.
    """

    views: PosedViews
    workshop: Workshop
    chosen: Sequence[int]
    usual_sharpness: float

    def get(self, index: int) -> ReadView | None:
        """What view `index` said; None where it could not be used."""
        return _load(self.workshop, index)

    def quality(self, read: ReadView) -> float:
        """0.25..1 by how sharp the view is beside the others."""
        if self.usual_sharpness <= 0:
            return 1.0
        return float(np.clip(read.sharpness / self.usual_sharpness, _LEAST_QUALITY, 1))


def choose_views(count: int, most: int | None) -> list[int]:
    """Numbers of at most `most` views, spread evenly."""
    if most is None or most >= count:
        return list(range(count))
    return np.unique(np.linspace(0, count - 1, most).round().astype(int)).tolist()


def read_views(
    views: PosedViews,
    reader: ViewReader,
    chosen: Sequence[int],
    workshop: Workshop,
    progress: Progress,
) -> Readings:
    """Find the regions of the chosen views and what they mean.

    Raises:
        SceneError: none of them can be used.
    """
    sharp = []
    for index in track(chosen, "reading views", progress):
        read = _load(workshop, index)
        if read is None and (view := views.get(index)) is not None:
            read = reader.read(index, view)
            _save(workshop, index, read)
            read = _load(workshop, index)  # as a later run would find it
        if read is not None:
            sharp.append(read.sharpness)
    if not sharp:
        raise SceneError("none of its views can be used", where=views.recording.path)
    return Readings(views, workshop, chosen, float(np.median(sharp)))


def find_borders(
    readings: Readings, points: SurfacePoints, voxel_size_m: float, pairs: Ints, progress: Progress
) -> Floats:
    """(E,) share of the views, by weight, that put two neighbouring points in different regions."""
    stored = readings.workshop.load(_BORDERS)
    start = 0 if stored is None else int(stored["next"])
    counts = np.zeros((len(pairs), 2), np.float32) if stored is None else stored["counts"]

    def vote(position: int) -> None:
        index = readings.chosen[position]
        read, view = readings.get(index), readings.views.get(index)
        if read is None or view is None:
            return
        seen = see_points(view, points.xyz_m, points.normal, voxel_size_m)
        border_votes(read, seen, pairs, len(points), counts)

    def state() -> dict[str, Floats]:
        return {"counts": counts}

    run_stage(readings.workshop, _BORDERS, len(readings.chosen), vote, state, start, progress)
    return np.asarray(counts[:, 0] / np.maximum(counts[:, 1], 1e-6))


def gather_meaning(
    readings: Readings,
    points: SurfacePoints,
    voxel_size_m: float,
    superpoint: Ints,
    sample: DenseSample,
    progress: Progress,
) -> Gathered:
    """What all views say of each superpoint; `sample` hears the same point by point."""
    stored = readings.workshop.load(_GATHERING)
    start = 0
    gathered = Gathered(int(superpoint.max()) + 1, sample.total.shape[1])
    if stored is not None:
        start, sample.total = int(stored.pop("next")), stored.pop("sample")
        gathered = Gathered.from_state(stored)

    def gather(position: int) -> None:
        index = readings.chosen[position]
        read, view = readings.get(index), readings.views.get(index)
        if read is None or view is None:
            return
        seen = see_points(view, points.xyz_m, points.normal, voxel_size_m)
        quality = readings.quality(read)
        gathered.add(index, read, seen, superpoint, quality)
        sample.add(read, seen, quality)

    def state() -> dict[str, npt.NDArray[Any]]:
        return {**gathered.state(), "sample": sample.total}

    run_stage(readings.workshop, _GATHERING, len(readings.chosen), gather, state, start, progress)
    return gathered


def _save(workshop: Workshop, index: int, read: ReadView) -> None:
    regions = read.regions
    workshop.save(
        _name(index),
        {
            "label": regions.label.astype(np.int16 if len(regions) < 1 << 15 else np.int32),
            "box": regions.box,
            "name": np.array(regions.name, dtype=np.str_),
            "score": regions.score,
            "feature": read.feature.astype(np.float16),
            "sharpness": np.array(read.sharpness),
        },
        packed=True,
    )


def _load(workshop: Workshop, index: int) -> ReadView | None:
    if (kept := workshop.load(_name(index))) is None:
        return None
    regions = Regions(
        kept["label"].astype(np.int32), kept["box"], tuple(kept["name"].tolist()), kept["score"]
    )
    return ReadView(regions, unit_rows(kept["feature"]), float(kept["sharpness"]))


def _name(index: int) -> str:
    return f"views/{index:06d}"
