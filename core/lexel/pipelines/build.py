"""`lexel build`: a field from posed RGB-D, view by view; what is done survives being killed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

import lexel
from lexel.errors import InputError, SceneError
from lexel.fields.codes import Pieces, mean_of_views
from lexel.fields.fidelity import DenseSample, Fidelity
from lexel.fields.gathering import Gathered
from lexel.fields.instances import InstanceSettings, group_superpoints
from lexel.fields.reading import ViewReader
from lexel.fields.smoothing import (
    SmoothingSettings,
    fill_silent,
    smooth,
    superpoint_borders,
)
from lexel.geometry.cell_graph import neighbour_pairs
from lexel.geometry.growing import Borders
from lexel.geometry.superpoints import SuperpointSettings, border_costs, grow_superpoints
from lexel.geometry.surface_points import SurfacePoints
from lexel.io.fields import check_field_path, save_field
from lexel.io.recording import Recording
from lexel.io.stored import StoredResult
from lexel.pipelines.build_content import Fused, Vocabulary, assemble
from lexel.pipelines.build_geometry import fuse_depth, lab_of
from lexel.pipelines.build_meaning import (
    Readings,
    choose_views,
    find_borders,
    gather_meaning,
    read_views,
)
from lexel.pipelines.build_results import add_result, check_different, check_same_scene
from lexel.pipelines.posed_views import PosedViews
from lexel.pipelines.workshop import Workshop
from lexel.progress import Progress, Silent

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]

DEFAULT_VOXEL_SIZE_M = 0.02
_SMALLEST_M, _LARGEST_M = 0.002, 0.5


@dataclass(frozen=True)
class BuildSettings:
    """How a field is built.

    Attributes:
        voxel_size_m: about how far apart points are.
        most_views: whose meaning is read, spread evenly; None: all. Depth is fused from all.
    """

    voxel_size_m: float = DEFAULT_VOXEL_SIZE_M
    most_views: int | None = None
    superpoints: SuperpointSettings = field(default_factory=SuperpointSettings)
    smoothing: SmoothingSettings = field(default_factory=SmoothingSettings)
    instances: InstanceSettings = field(default_factory=InstanceSettings)

    def __post_init__(self) -> None:
        if not _SMALLEST_M <= self.voxel_size_m <= _LARGEST_M:
            raise InputError(
                f"a voxel is {_SMALLEST_M} to {_LARGEST_M} metres",
                where="--voxel-size",
                got=self.voxel_size_m,
            )


@dataclass(frozen=True, eq=False)
class BuildReport:
    """What came out of a build.

    Attributes:
        path: the field.
        views: how many were read.
        encoder: whose words the field speaks.
        fidelity: codes against dense features.
    """

    path: Path
    num_points: int
    num_codes: int
    num_objects: int
    views: int
    encoder: str
    fidelity: Fidelity


def build(
    views: PosedViews,
    reader: ViewReader,
    vocabulary: Vocabulary,
    settings: BuildSettings,
    out: Path,
    results: Sequence[StoredResult] = (),
    progress: Progress | None = None,
) -> BuildReport:
    """Write the field `out` of posed views. A killed or cancelled build goes on where it was.

    Args:
        views: with depth.
        reader: finds the regions of a view and what they mean.
        vocabulary: whose space the meanings are in, and the phrases to name things by.
        results: answers of `complete` and `locate` about the same scene, to stand beside.
        progress: told of every step; may cancel.

    Raises:
        InputError: with what is wrong and what to do.
    """
    progress = progress or Silent()
    check_field_path(out)
    for result in results:
        check_same_scene(result, views)
    check_different(results)
    place = workshop_of(out)
    plan = _plan(views.recording, place, reader, vocabulary, settings)
    workshop = Workshop(place, plan, progress)
    points = fuse_depth(views, settings.voxel_size_m, workshop, progress)
    chosen = choose_views(len(views), settings.most_views)
    readings = read_views(views, reader, chosen, workshop, progress)
    fused = fuse_meaning(readings, points, vocabulary.encoder.dim, settings, progress)
    content, fidelity = assemble(
        fused, readings, vocabulary, builder_note(settings), settings.instances.min_points
    )
    for result in results:
        content = add_result(content, result, vocabulary)
    save_field(out, content, progress)
    workshop.remove()
    return BuildReport(
        path=out,
        num_points=len(content.points),
        num_codes=len(content.codebook),
        num_objects=len(content.instances),
        views=len(chosen),
        encoder=f"{vocabulary.encoder.name}/{vocabulary.encoder.pretrained}",
        fidelity=fidelity,
    )


def fuse_meaning(
    readings: Readings, points: SurfacePoints, dim: int, settings: BuildSettings, progress: Progress
) -> Fused:
    """What all views say together: superpoints, what they mean, and which are one object."""
    pairs = neighbour_pairs(points.cell)
    superpoint, cost = cut_surface(readings, points, pairs, settings, progress)
    sample = DenseSample(superpoint, dim)
    gathered = gather_meaning(readings, points, settings.voxel_size_m, superpoint, sample, progress)
    borders = superpoint_borders(superpoint, pairs, cost)
    pieces = make_pieces(gathered, superpoint, borders, points, settings)
    return Fused(points, pieces, gathered, sample)


def workshop_of(out: Path) -> Path:
    """Where half-done work on the field `out` lies."""
    return out.with_name(f"{out.stem}.building")


def cut_surface(
    readings: Readings,
    points: SurfacePoints,
    pairs: Ints,
    settings: BuildSettings,
    progress: Progress,
) -> tuple[Ints, Floats]:
    """Superpoint of each point, and how much each pair of points looks like a border."""
    disagreement = find_borders(readings, points, settings.voxel_size_m, pairs, progress)
    lab = lab_of(points.rgb)
    cost = border_costs(
        pairs, points.xyz_m, points.normal, lab, settings.superpoints.views * disagreement
    )
    superpoint = grow_superpoints(
        pairs, cost, points.xyz_m, points.normal, lab, settings.superpoints
    )
    return superpoint, cost


def make_pieces(
    gathered: Gathered,
    superpoint: Ints,
    borders: Borders,
    points: SurfacePoints,
    settings: BuildSettings,
) -> Pieces:
    """Superpoints with their meaning made consistent, and grouped into objects."""
    size = np.bincount(superpoint)
    mean, agreement, certainty = mean_of_views(gathered, size)
    if not mean.any():
        raise SceneError("no view that was read sees any of its surface")
    smoothed = smooth(mean, certainty, borders, settings.smoothing)
    meaning = fill_silent(smoothed, superpoint, points.xyz_m)
    seen = np.where(mean.any(axis=1, keepdims=True), mean, meaning)
    whole = group_superpoints(meaning, size, borders, settings.instances)
    return Pieces(superpoint, size, seen, agreement, meaning, whole)


def builder_note(settings: BuildSettings) -> dict[str, Any]:
    """What `field.json` says of the builder."""
    return {"name": "fuse", "version": lexel.__version__, "parameters": asdict(settings)}


def _plan(
    recording: Recording,
    workshop: Path,
    reader: ViewReader,
    vocabulary: Vocabulary,
    settings: BuildSettings,
) -> Mapping[str, Any]:
    """What half-done work must have been begun for, to be gone on with."""
    encoder = vocabulary.encoder
    return {
        "recording": str(recording.path.resolve()),
        "changed_ns": _changed_ns(recording.path, workshop),
        "views": recording.num_views,
        "reader": dict(reader.identity),
        "encoder": [encoder.name, encoder.pretrained, encoder.sha256, encoder.dim],
        "settings": asdict(settings),
    }


def _changed_ns(recording: Path, workshop: Path) -> int:
    """When the newest of the recording's files was written; half-done work in it is not of it."""
    if recording.is_file():
        return recording.stat().st_mtime_ns
    files = (file for file in recording.resolve().rglob("*") if file.is_file())
    own = (file for file in files if workshop.resolve() not in file.parents)
    return max((file.stat().st_mtime_ns for file in own), default=0)
