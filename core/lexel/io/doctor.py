"""The scan doctor: what a scan is, what is wrong with it, what a build will cost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from lexel.errors import InputError
from lexel.geometry.placement import share_in_box
from lexel.io.geometry_files import load_geometry
from lexel.io.geometry_folder import find_geometry
from lexel.io.notes import Notes, as_finding, worst_first
from lexel.io.placing import valid_points
from lexel.io.readers import open_recording, read_scene
from lexel.io.recording import Recording
from lexel.progress import Progress, Silent
from lexel.scene import Finding, Scene


@dataclass(frozen=True)
class Cost:
    """What `lexel complete` will take on two cores."""

    memory_gb: float
    minutes: float


Estimate = Callable[[int, tuple[int, int]], Cost]


@dataclass(frozen=True)
class Diagnosis:
    """What is known of a scan; the numbers are None when it cannot be read so far.

    Attributes:
        usable: False when one of the findings is an error.
        depth_range_m: nearest and farthest valid depth.
        share_valid: of the pixels that have depth.
        share_in_box: of the valid points, before the scene was brought into the 2 m box.
        scale: by which it shrinks for the box; 1 when it does not.
        cost: of completing it, when an estimate was asked for.
        num_points, num_faces, extent_m: of a mesh or cloud without images: points or vertices,
            triangles, and how long it is along x, y, z.
        findings: worst first.
    """

    path: str
    kind: str | None
    usable: bool
    num_views: int | None = None
    size_px: tuple[int, int] | None = None
    depth_range_m: tuple[float, float] | None = None
    share_valid: float | None = None
    share_in_box: float | None = None
    scale: float | None = None
    labels: tuple[str, ...] = ()
    descriptions: tuple[str, ...] = ()
    cost: Cost | None = None
    num_points: int | None = None
    num_faces: int | None = None
    extent_m: tuple[float, float, float] | None = None
    findings: tuple[Finding, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The same as plain JSON values."""
        plain = asdict(self)
        plain["findings"] = [finding.as_json() for finding in self.findings]
        for key in ("size_px", "depth_range_m", "labels", "descriptions", "extent_m"):
            plain[key] = None if plain[key] is None else list(plain[key])
        return plain


def diagnose(
    path: str | Path,
    view: int = 0,
    progress: Progress | None = None,
    *,
    estimate: Estimate | None = None,
) -> Diagnosis:
    """Look at one view of a scan. What cannot be used is a finding, not an exception.

    Args:
        path: file or folder.
        view: which view of a recording, from 0.
        progress: is told of every repair.
        estimate: tells the cost from the number of labels and the image's (width, height);
            `lexel.pipelines.cost.completion_cost`.
    """
    if file := _geometry(Path(path)):
        return _diagnose_geometry(file, progress)
    notes = Notes(progress or Silent())
    recording: Recording | None = None
    try:
        recording = open_recording(path)
        scene = read_scene(recording, view=view, notes=notes)
    except InputError as error:
        return _unusable(path, recording, notes, error)
    diagnosis = _usable(path, recording, scene)
    if estimate is None:
        return diagnosis
    size_px = scene.view.width_px, scene.view.height_px
    return replace(diagnosis, cost=estimate(len(scene.labels), size_px))


def _geometry(path: Path) -> Path | None:
    try:
        return find_geometry(path)
    except (OSError, ValueError):  # opening it as a recording will say it better
        return None


def _diagnose_geometry(path: Path, progress: Progress | None) -> Diagnosis:
    try:
        geometry = load_geometry(path, progress=progress)
    except InputError as error:
        return _unusable(path, None, Notes(), error)
    x, y, z = np.ptp(geometry.points_m, axis=0).round(3).tolist()
    return Diagnosis(
        path=str(path),
        kind=geometry.kind,
        usable=True,
        num_views=0,
        num_points=len(geometry.points_m),
        num_faces=0 if geometry.faces is None else len(geometry.faces),
        extent_m=(x, y, z),
        findings=worst_first(geometry.findings),
    )


def _unusable(
    path: str | Path, recording: Recording | None, notes: Notes, error: InputError
) -> Diagnosis:
    return Diagnosis(
        path=str(path),
        kind=recording.kind if recording else None,
        num_views=recording.num_views if recording else None,
        usable=False,
        findings=worst_first((*notes.findings, as_finding(error, path))),
    )


def _usable(path: str | Path, recording: Recording, scene: Scene) -> Diagnosis:
    depth = scene.view.depth_m
    valid = depth[depth > 0]
    return Diagnosis(
        path=str(path),
        kind=recording.kind,
        usable=True,
        num_views=recording.num_views,
        size_px=(scene.view.width_px, scene.view.height_px),
        depth_range_m=(round(float(valid.min()), 4), round(float(valid.max()), 4)),
        share_valid=round(valid.size / depth.size, 4),
        share_in_box=round(share_in_box(valid_points(scene.view)), 4),
        scale=round(float(np.cbrt(np.linalg.det(scene.box_from_world[:3, :3]))), 4),
        labels=scene.labels,
        descriptions=tuple(map(str, scene.descriptions)),
        findings=worst_first(scene.findings),
    )
