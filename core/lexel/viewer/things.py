"""Things drawn over points: completed meshes, places found, and what others' programs wrote."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from lexel.geometry.transforms import apply
from lexel.io.fields import StoredField
from lexel.io.geometry_files import GEOMETRY_SUFFIXES, load_geometry
from lexel.io.notes import Notes
from lexel.io.obj_geometry import read_obj_geometry
from lexel.io.stored import Entry, StoredResult
from lexel.progress import Progress, track
from lexel.scene import AnswerKind, Colour
from lexel.scene.colour_ramp import ramp_colours, unit_scale
from lexel.scene.palette import label_colours

Floats = npt.NDArray[np.float32]
_NETWORKS = 3  # tier of layers that completion and localisation made
_REACH = 2.0  # voxels from the nearest observed point, from which a place was not seen


@dataclass(frozen=True, eq=False)
class Thing:
    """One thing. V vertices or points, F faces; world frame, metres.

    Attributes:
        name: unique in what is open, as layers are named: "completion/chair".
        text: the label or description.
        colour: in the legend, and where `rgb` is None.
        points_m: (V, 3) float32.
        faces: (F, 3) int32; None: a cloud.
        rgb: (V, 3) uint8 of its own.
        inferred: (V,) bool, which of them no camera saw; None: not known.
    """

    name: str
    text: str
    colour: Colour
    points_m: Floats
    faces: npt.NDArray[np.int32] | None = None
    rgb: npt.NDArray[np.uint8] | None = None
    inferred: npt.NDArray[np.bool_] | None = None


def things_of_result(result: StoredResult, progress: Progress) -> tuple[Thing, ...]:
    """What `complete` and `locate` found, as its folder holds it; empty answers are left out."""
    entries = [e for kind in result.kinds for e in result.entries(kind) if not e.empty]
    if not entries:
        return ()
    seen = result.scene_points_m()
    return tuple(
        _found(e, result, seen) for e in track(entries, "reading what was found", progress)
    )


def things_of_files(
    files: Sequence[Path], world_from_source: npt.NDArray[np.float64], progress: Progress
) -> tuple[Thing, ...]:
    """Meshes and clouds of any program, all in the frame of one source.

    Args:
        files: each of a kind that `load_geometry` reads.
        world_from_source: (4, 4) of the scene that is open; no change where none is.
        progress: told of what was repaired.
    """
    named = zip(files, _names(files), label_colours(len(files)), strict=True)
    shown = []
    for file, name, colour in track(list(named), "reading meshes", progress):
        found = load_geometry(file, progress=progress)
        points = apply(world_from_source, found.points_m).astype(np.float32)
        shown.append(Thing(name, file.stem, colour, points, found.faces, found.rgb))
    return tuple(shown)


def things_of_field(field: StoredField) -> tuple[Thing, ...]:
    """What networks found in places of its own: the sparse layers of a field."""
    notes = [note for note in field.layers if note.tier == _NETWORKS]
    colours = label_colours(len(notes))
    found = []
    for note, colour in zip(notes, colours, strict=True):
        index = field.layer(note.name).index
        if index is not None and len(index):
            points = np.asarray(field.points.xyz_m[index])
            found.append(Thing(note.name, note.text, colour, points))
    return tuple(found)


def _found(entry: Entry, result: StoredResult, seen: Floats) -> Thing:
    if entry.kind is AnswerKind.LOCALISATION:
        rgb = ramp_colours(unit_scale(entry.score))
        hidden = _unseen(entry.points_m, seen, _voxel_m(result, entry))
        return Thing(
            entry.layer_name, entry.text, entry.colour, entry.points_m, rgb=rgb, inferred=hidden
        )
    mesh = read_obj_geometry(result.folder / entry.geometry_files[0], Notes())
    points = mesh.points.astype(np.float32)
    hidden = _unseen(points, seen, _voxel_m(result, entry))
    return Thing(entry.layer_name, entry.text, entry.colour, points, mesh.faces, inferred=hidden)


def _voxel_m(result: StoredResult, entry: Entry) -> float:
    return float(result.manifest["runs"][entry.kind.value]["voxel_size_m"])


def _unseen(points_m: Floats, seen_m: Floats, voxel_m: float) -> npt.NDArray[np.bool_]:
    """(V,) whether no observed point is near."""
    from scipy.spatial import cKDTree

    if not len(seen_m):
        return np.ones(len(points_m), np.bool_)
    distance, _ = cKDTree(seen_m).query(points_m, distance_upper_bound=_REACH * voxel_m)
    return np.asarray(~np.isfinite(distance))


def _names(files: Sequence[Path]) -> Iterator[str]:
    """`file/NAME`, with the suffix where two share a stem."""
    stems = [file.stem for file in files]
    for file in files:
        yield f"file/{file.stem if stems.count(file.stem) == 1 else file.name}"


def geometry_files_in(folder: Path) -> list[Path]:
    """The meshes and clouds that lie in a folder, by name."""
    return sorted(f for f in folder.iterdir() if f.suffix.lower() in GEOMETRY_SUFFIXES)
