"""What is shown at once of something that is no field: points, meshes or a picture."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from lexel.errors import SceneError
from lexel.io.check_words import check_descriptions, check_labels
from lexel.io.clouds import points_of, read_ply
from lexel.io.geometry_files import load_geometry
from lexel.io.notes import Notes
from lexel.io.photo import load_photo
from lexel.io.placing import valid_pixels, valid_points
from lexel.io.readers import open_recording, read_scene
from lexel.io.recording import Recording
from lexel.io.stored import SCENE, open_result
from lexel.pipelines.posed_views import pose_views
from lexel.progress import Progress, track
from lexel.scene import Finding, Geometry, View
from lexel.scene.palette import label_colours
from lexel.viewer.opening import Kind, Opening
from lexel.viewer.thing_meshes import MOST_SOLIDS
from lexel.viewer.things import (
    Floats,
    Thing,
    geometry_files_in,
    things_of_files,
    things_of_result,
)

Rgb = npt.NDArray[np.uint8]
_MOST_POINTS = 1_500_000  # of a recording, for a first look
_CELL_M = 0.012  # views overlap: what several saw is shown once
_GREY = 160
_NO_POINTS = np.zeros((0, 3), np.float32)


@dataclass(frozen=True, eq=False)
class Contents:
    """N points and things over them, in one world: metres, Z up.

    Attributes:
        xyz_m, rgb: (N, 3) float32 and uint8; N may be 0.
        things: meshes and clouds that can be shown and hidden.
        stand_in: whether the points are only the corners of meshes, not to be seen beside them.
        picture: (H, W, 3) uint8 of a photo without depth.
        labels, descriptions: words that came with it, to be completed and found.
        views: how many views it has that can be completed.
        world_from_source: (4, 4), from the frame of the file.
        findings: what was noted and repaired while reading.
    """

    xyz_m: Floats = field(default_factory=lambda: _NO_POINTS)
    rgb: Rgb = field(default_factory=lambda: np.zeros((0, 3), np.uint8))
    things: tuple[Thing, ...] = ()
    stand_in: bool = False
    picture: Rgb | None = None
    labels: tuple[str, ...] = ()
    descriptions: tuple[str, ...] = ()
    views: int = 0
    world_from_source: npt.NDArray[np.float64] = field(default_factory=lambda: np.eye(4))
    findings: tuple[Finding, ...] = ()


def load_contents(opening: Opening, progress: Progress) -> Contents:
    """Read what an opening shows; fields are opened by `open_field`, recipes by `load_recipe`.

    Raises:
        InputError: with what is wrong and what to do.
    """
    readers = {
        Kind.RESULT: _of_result,
        Kind.RECORDING: _of_recording,
        Kind.GEOMETRY: _of_geometry,
        Kind.MESHES: _of_meshes,
        Kind.PHOTO: _of_photo,
    }
    return readers[opening.kind](opening.path, progress)


def _of_result(folder: Path, progress: Progress) -> Contents:
    result = open_result(folder)
    table = read_ply(folder / SCENE)
    rgb = np.stack([table[name] for name in ("red", "green", "blue")], axis=1)
    return Contents(
        points_of(table),
        rgb,
        things_of_result(result, progress),
        world_from_source=result.world_from_source,
    )


def _of_photo(file: Path, progress: Progress) -> Contents:
    return Contents(picture=load_photo(file))


def _of_geometry(file: Path, progress: Progress) -> Contents:
    geometry = load_geometry(file, progress=progress)
    placed = geometry.world_from_source
    if geometry.faces is None:
        rgb = _colours(geometry)
        return Contents(
            geometry.points_m, rgb, world_from_source=placed, findings=geometry.findings
        )
    return replace(
        _stood_in((_mesh(geometry, file.stem),)),
        world_from_source=placed,
        findings=geometry.findings,
    )


def _of_meshes(folder: Path, progress: Progress) -> Contents:
    found = things_of_files(geometry_files_in(folder), np.eye(4), progress)
    clouds = [one for one in found if one.faces is None and len(one.points_m) > MOST_SOLIDS]
    if not clouds:
        return _stood_in(found)
    colours = [_thing_colours(one) for one in clouds]
    things = tuple(one for one in found if one not in clouds)
    points = np.concatenate([one.points_m for one in clouds])
    return Contents(points, np.concatenate(colours), things)


def _of_recording(path: Path, progress: Progress) -> Contents:
    recording = open_recording(path)
    if recording.num_views > 1:
        return _of_many_views(recording, progress)
    scene = read_scene(recording, notes=Notes(progress))
    seen = valid_pixels(scene.view)
    return Contents(
        valid_points(scene.view),
        scene.view.rgb[seen],
        labels=scene.labels,
        descriptions=tuple(map(str, scene.descriptions)),
        views=1,
        world_from_source=scene.world_from_source,
        findings=scene.findings,
    )


def _of_many_views(recording: Recording, progress: Progress) -> Contents:
    """Some points of every view, as they are: the fused surface is what a build makes."""
    views = pose_views(recording, progress)
    each = max(1, _MOST_POINTS // len(views))
    points, colours = [], []
    for index in track(range(len(views)), "reading views", progress):
        if (view := views.get(index)) is not None:
            xyz, rgb = _thinned(view, each)
            points.append(xyz)
            colours.append(rgb)
    if not points:
        raise SceneError("none of its views can be used", where=recording.path)
    notes, where = Notes(progress), str(recording.path)
    xyz, kept = one_in_each_cell(np.concatenate(points), _CELL_M)
    return Contents(
        xyz,
        np.concatenate(colours)[kept],
        labels=check_labels(recording.labels, where, notes),
        descriptions=tuple(map(str, check_descriptions(recording.descriptions, where, notes))),
        views=len(views),
        world_from_source=views.world_from_source,
        findings=recording.findings,
    )


def one_in_each_cell(xyz_m: Floats, cell_m: float) -> tuple[Floats, npt.NDArray[np.intp]]:
    """Of points (N, 3) the first in each cubic cell, and which they are: evenly apart."""
    cells = np.floor((xyz_m - xyz_m.min(axis=0)) / cell_m).astype(np.int64)
    width = cells.max(axis=0) + 1
    keys = (cells[:, 0] * width[1] + cells[:, 1]) * width[2] + cells[:, 2]
    _, kept = np.unique(keys, return_index=True)
    return xyz_m[kept], kept


def _thinned(view: View, most: int) -> tuple[Floats, Rgb]:
    """At most so many of a view's points, evenly."""
    xyz, rgb = valid_points(view), view.rgb[valid_pixels(view)]
    step = -(-len(xyz) // most) if len(xyz) else 1
    return xyz[::step], rgb[::step]


def _stood_in(things: tuple[Thing, ...]) -> Contents:
    """Meshes alone: their vertices are the points that cameras frame and hands pick."""
    points = np.concatenate([one.points_m for one in things])
    colours = np.concatenate([_thing_colours(one) for one in things])
    step = -(-len(points) // _MOST_POINTS)
    return Contents(points[::step], colours[::step], things, stand_in=True)


def _thing_colours(thing: Thing) -> Rgb:
    if thing.rgb is not None:
        return thing.rgb
    return np.tile(np.array(thing.colour, np.uint8), (len(thing.points_m), 1))


def _mesh(geometry: Geometry, name: str) -> Thing:
    assert geometry.faces is not None
    colour = (_GREY, _GREY, _GREY) if geometry.rgb is not None else label_colours(1)[0]
    return Thing(f"file/{name}", name, colour, geometry.points_m, geometry.faces, geometry.rgb)


def _colours(geometry: Geometry) -> Rgb:
    if geometry.rgb is not None:
        return geometry.rgb
    return np.full((len(geometry.points_m), 3), _GREY, np.uint8)
