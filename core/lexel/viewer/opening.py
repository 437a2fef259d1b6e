"""What a path is, found out in milliseconds, and what the viewer can do with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from lexel.errors import SceneError
from lexel.io.fields.layout import MANIFEST as FIELD_MANIFEST
from lexel.io.geometry_files import GEOMETRY_SUFFIXES
from lexel.io.geometry_folder import find_geometry
from lexel.io.json_files import read_json_object
from lexel.io.photo import SUFFIXES as PHOTO_SUFFIXES
from lexel.io.readers import BY_SUFFIX, is_recording
from lexel.io.stored import MANIFEST as RESULT_MANIFEST
from lexel.viewer.things import geometry_files_in

_LEXEL = "*.lexel"


class Kind(Enum):
    """What can be opened, in words for people."""

    FIELD = "field"
    RESULT = "results of complete and locate"
    RECORDING = "recording"
    GEOMETRY = "mesh or cloud"
    MESHES = "folder of meshes"
    PHOTO = "photo without depth"
    RECIPE = "recipe"


class Can(Enum):
    """What can be done with something that is open."""

    ASK = auto()  # words colour points
    ASK_PICTURE = auto()  # words colour pixels
    BUILD = auto()  # it can be made askable
    COMPLETE = auto()  # it has views with depth: labels completed, descriptions found


_CAN: dict[Kind, frozenset[Can]] = {
    Kind.FIELD: frozenset({Can.ASK}),
    Kind.RESULT: frozenset(),
    Kind.RECORDING: frozenset({Can.BUILD, Can.COMPLETE}),
    Kind.GEOMETRY: frozenset({Can.BUILD}),
    Kind.MESHES: frozenset(),
    Kind.PHOTO: frozenset({Can.ASK_PICTURE}),
    Kind.RECIPE: frozenset(),
}


@dataclass(frozen=True)
class Opening:
    """Something that can be opened.

    Attributes:
        path: of the thing itself, where the user named a folder around it.
        kind: what it is.
    """

    path: Path
    kind: Kind

    @property
    def name(self) -> str:
        """For titles and lists."""
        return self.path.stem if self.path.is_file() else self.path.name.removesuffix(".lexel")

    @property
    def can(self) -> frozenset[Can]:
        return _CAN[self.kind]


def recognise(path: str | Path) -> Opening:
    """What a path is. Nothing large is read.

    Raises:
        SceneError: it is nothing that can be opened, with what could.
    """
    place = Path(path)
    try:
        if place.is_dir():
            return _folder(place)
        if place.is_file():
            return _file(place)
    except (OSError, ValueError) as cause:  # ValueError: a NUL in the path
        raise SceneError("cannot be read", where=path, got=cause) from cause
    raise SceneError("does not exist", where=path, do="Check the path.")


def _folder(folder: Path) -> Opening:
    for kind, holds in _FOLDERS.items():
        if holds(folder):
            return Opening(folder, kind)
    if file := find_geometry(folder):
        return Opening(file, Kind.GEOMETRY)
    if geometry_files_in(folder):
        return Opening(folder, Kind.MESHES)
    inner = [found for found in sorted(folder.glob(_LEXEL)) if found.is_dir()]
    if len(inner) == 1:
        return _folder(inner[0])
    if inner:
        names = ", ".join(found.name for found in inner)
        raise SceneError("holds several fields or results", where=folder, do=f"Open one: {names}.")
    raise SceneError("is a folder of no known kind", where=folder, do=_do())


_FOLDERS: dict[Kind, Callable[[Path], bool]] = {
    Kind.FIELD: lambda folder: (folder / FIELD_MANIFEST).is_file(),
    Kind.RESULT: lambda folder: (folder / RESULT_MANIFEST).is_file(),
    Kind.RECORDING: is_recording,
}


def _file(file: Path) -> Opening:
    suffix = file.suffix.lower()
    if file.name in (FIELD_MANIFEST, RESULT_MANIFEST):
        return _folder(file.parent)
    if suffix == ".json" and "recipe" in read_json_object(file):
        return Opening(file, Kind.RECIPE)
    if suffix in GEOMETRY_SUFFIXES:
        return Opening(file, Kind.GEOMETRY)
    if suffix in BY_SUFFIX:
        return Opening(file, Kind.RECORDING)
    if suffix in PHOTO_SUFFIXES:
        return Opening(file, Kind.PHOTO)
    raise SceneError("is of no known kind", where=file, got=suffix or "no suffix", do=_do())


def _do() -> str:
    return (
        "Open a field (.lexel), a recording or its folder, a mesh or cloud "
        f"({', '.join(GEOMETRY_SUFFIXES)}), a photo or a recipe."
    )
