"""Answers and shapes in files, Lexel's and others', as plain arrays for Blender.

    NAME.lexel/ with result.json    what `lexel complete` and `lexel locate` write
    a folder, .obj, .ply            others' clouds and meshes, and the published program's output

Everything comes Z up in metres. The published program writes its meshes into a unit cube instead
(`semantic_abstraction.md`, d): those are recognised and placed. Letters: N points, F triangles.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from lexel.errors import SceneError
from lexel.io.names import title
from lexel.io.obj_listing import read_obj_listing
from lexel.io.ply_columns import colours_of, faces_of, stacked
from lexel.io.ply_elements import read_ply_elements
from lexel.io.ply_rows import Lists
from lexel.io.raw_geometry import checked_faces, fan_corners
from lexel.io.stored import MANIFEST, SCENE, Entry, StoredResult, open_result
from lexel.scene import AnswerKind, Colour
from lexel.scene.palette import label_colours

_FIELD = "field.json"
_SUFFIXES = (".obj", ".ply")
_MAX_FILES = 1000

# The published lattice: so many points a side, the outermost on the corners of this box, metres.
_LATTICE = 240
_BOX_LOW, _BOX_HIGH = np.array([-1.0, -1.0, -0.1]), np.array([1.0, 1.0, 1.9])
_OFF_LATTICE = 0.02  # of half a step: a file has few digits
_MOST = 0.95  # of a mesh's vertices; marching cubes put some inside a cube


@dataclass(frozen=True, eq=False)
class Thing:
    """A mesh or a cloud, to be one object in Blender.

    Attributes:
        name: for people: the label, the description, or the file's name.
        points_m: (N, 3) float32, world frame.
        faces: (F, 3) int32; None: a cloud.
        rgb: (N, 3) uint8, sRGB, where there are colours.
        colour: of the whole thing, in legends too.
        columns: further numbers of the points, (N,) each: score, code, origin, …
        inferred: nobody saw it: a network says that it is there.
        legend: whether it is an answer, for a legend to name.
    """

    name: str
    points_m: npt.NDArray[np.float32]
    faces: npt.NDArray[np.int32] | None = None
    rgb: npt.NDArray[np.uint8] | None = None
    colour: Colour | None = None
    columns: dict[str, npt.NDArray[Any]] = field(default_factory=dict)
    inferred: bool = False
    legend: bool = False


@dataclass(frozen=True, eq=False)
class Results:
    """What one path holds.

    Attributes:
        name: for a collection.
        things: its objects.
        notes: what the user should know, such as labels that were not found.
        meaningless: made with random weights.
    """

    name: str
    things: tuple[Thing, ...]
    notes: tuple[str, ...] = ()
    meaningless: bool = False


def is_field(path: Path) -> bool:
    """Whether a path is a field, which is opened by `asking.open_local`."""
    return (path / _FIELD).is_file()


def open_results(path: str | Path, kind: AnswerKind | None = None) -> Results:
    """Everything there is at a path.

    Args:
        path: a file, or a folder.
        kind: of Lexel's own results, those of this kind alone.

    Raises:
        SceneError: there is nothing that can be shown, or it is damaged.
    """
    path = Path(path)
    if is_field(path):
        raise SceneError("this is a field", where=path, do="Open it as one: it can be asked.")
    if (path / MANIFEST).is_file():
        return _results(open_result(path), kind)
    if path.is_dir():
        return _folder(path)
    if path.suffix.lower() not in _SUFFIXES:
        raise SceneError(
            "neither a result nor a shape", where=path, do="Choose a folder, an .obj or a .ply."
        )
    return _shapes(path.stem, [path])


def _results(stored: StoredResult, only: AnswerKind | None) -> Results:
    kinds = stored.kinds if only is None else [only]
    entries = [entry for kind in kinds for entry in stored.entries(kind)]
    scene = replace(_ply(stored.folder / SCENE), name=stored.scene_name)
    found = tuple(_entry(stored.folder, entry) for entry in entries if not entry.empty)
    missed = [entry.text for entry in entries if entry.empty]
    notes = (f"Nothing was found of: {', '.join(missed)}.",) if missed else ()
    return Results(title(stored.scene_name), (scene, *found), notes, stored.meaningless)


def _entry(folder: Path, entry: Entry) -> Thing:
    path = folder / entry.geometry_files[0]
    if not path.is_file():
        raise SceneError("a label's geometry is missing", where=path, do="Make the results again.")
    thing = _obj(path) if path.suffix == ".obj" else _ply(path)
    return replace(thing, name=entry.text, colour=entry.colour, inferred=True, legend=True)


def _folder(folder: Path) -> Results:
    files = sorted(file for file in folder.iterdir() if file.suffix.lower() in _SUFFIXES)
    if not files:
        raise SceneError("the folder holds no .obj and no .ply", where=folder)
    if len(files) > _MAX_FILES:
        raise SceneError("the folder holds too many shapes", where=folder, got=len(files))
    return _shapes(folder.name, files)


def _shapes(name: str, files: list[Path]) -> Results:
    """Others' files; meshes of the unit cube get colours that tell them apart."""
    things = [_obj(file) if file.suffix.lower() == ".obj" else _ply(file) for file in files]
    placed = [_placed(thing) for thing in things]
    colours = iter(label_colours(sum(thing is not None for thing in placed)))
    notes: tuple[str, ...] = ()
    if any(thing is not None for thing in placed):
        notes = ("Meshes in the published unit cube were placed in the scene's box of two metres.",)
    shown = (
        thing if put is None else replace(put, colour=next(colours))
        for thing, put in zip(things, placed, strict=True)
    )
    return Results(title(name), tuple(shown), notes)


def _placed(thing: Thing) -> Thing | None:
    """A mesh of the published unit cube where it belongs; None for any other."""
    if thing.faces is None or thing.rgb is not None or not _in_unit_cube(thing.points_m):
        return None
    ijk = thing.points_m.astype(np.float64) * _LATTICE + _LATTICE / 2
    points = _BOX_LOW + ijk / (_LATTICE - 1) * (_BOX_HIGH - _BOX_LOW)
    return replace(thing, points_m=points.astype(np.float32), inferred=True, legend=True)


def _in_unit_cube(points: npt.NDArray[np.float32]) -> bool:
    """Marching cubes of a binary volume leave every vertex halfway between two lattice points."""
    if not len(points) or np.abs(points).max() > 0.5:
        return False
    halves = points.astype(np.float64) * (2 * _LATTICE)
    whole = np.rint(halves)
    near = (np.abs(halves - whole) < _OFF_LATTICE).all(axis=1)
    between = (whole % 2 == 1).sum(axis=1) == 1
    return bool((near & between).mean() >= _MOST)


def _obj(file: Path) -> Thing:
    listing = read_obj_listing(file)
    vertices = np.concatenate(listing.vertices) if listing.vertices else np.empty((0, 3))
    if not len(vertices):
        raise SceneError("has no vertices", where=file, do="Export it again.")
    rgb = None
    if vertices.shape[1] == 6:
        rgb = np.rint(np.nan_to_num(vertices[:, 3:]).clip(0, 1) * 255).astype(np.uint8)
    faces = None
    if listing.counts:
        corners = np.concatenate(listing.corners)[fan_corners(np.array(listing.counts)), 0]
        faces = checked_faces(corners, len(vertices), file)
    return Thing(file.stem, _finite(vertices[:, :3], file), faces, rgb)


def _ply(file: Path) -> Thing:
    elements = read_ply_elements(file).elements
    columns = elements.get("vertex", {})
    points = stacked(columns, tuple("xyz"))
    if points is None or not len(points):
        raise SceneError("has no vertices with x, y and z", where=file, do="Export it again.")
    listed, faces = faces_of(elements.get("face", {})), None
    if listed is not None:
        corners = listed.values[fan_corners(listed.counts)].astype(np.int64)
        faces = checked_faces(corners, len(points), file)
    others = dict(_others(columns))
    return Thing(file.stem, _finite(points, file), faces, colours_of(columns), columns=others)


def _others(columns: dict[str, Any]) -> Iterator[tuple[str, npt.NDArray[Any]]]:
    """Columns that are neither places, colours nor normals, in types that Blender has."""
    for name, column in columns.items():
        if isinstance(column, Lists) or name in _KNOWN:
            continue
        kind = np.float32 if column.dtype.kind == "f" else np.int32
        yield name, column.astype(kind)


_KNOWN = frozenset(
    {
        *("x", "y", "z", "nx", "ny", "nz", "red", "green", "blue", "alpha", "r", "g", "b"),
        *("diffuse_red", "diffuse_green", "diffuse_blue"),
    }
)


def _finite(points: npt.NDArray[Any], file: Path) -> npt.NDArray[np.float32]:
    if not np.isfinite(points).all():
        raise SceneError("a position is no finite number", where=file, do="Export it again.")
    return np.ascontiguousarray(points, np.float32)
