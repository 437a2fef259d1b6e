"""From a path to a `Scene`: which reader it needs, and what is done to what it reads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np

from lexel.errors import LabelError, SceneError
from lexel.io import photo
from lexel.io.check_words import check_descriptions, check_labels
from lexel.io.colmap import MODEL_FILES, open_colmap
from lexel.io.geometry_files import GEOMETRY_SUFFIXES
from lexel.io.nerfstudio import TRANSFORMS_FILE, open_nerfstudio
from lexel.io.normalise import as_published, normalise
from lexel.io.notes import Notes
from lexel.io.placing import find_box, find_world, move_view
from lexel.io.polycam import KEYFRAMES, open_polycam
from lexel.io.record3d import open_record3d
from lexel.io.recording import Recording
from lexel.io.replica import TRAJECTORY_FILE, open_replica
from lexel.io.scannet import POSES, open_scannet
from lexel.io.semabs import open_semabs
from lexel.io.seven_scenes import INTRINSICS_FILE, open_seven_scenes
from lexel.io.tum import COLOUR_LIST, open_tum
from lexel.io.view_folder import ARRAYS_FILE, open_view_folder
from lexel.progress import Progress, Silent
from lexel.scene import Description, Scene, View

Compat = Literal["reference"] | None
Opener = Callable[[Path], Recording]

BY_SUFFIX: dict[str, Opener] = {
    ".pkl": open_semabs,
    ".pickle": open_semabs,
    ".r3d": open_record3d,
    ".npz": open_view_folder,
    ".json": open_nerfstudio,
}
# The first pattern that finds something in a folder tells its kind.
BY_FOLDER_CONTENT: tuple[tuple[str, Opener], ...] = (
    (ARRAYS_FILE, open_view_folder),
    (INTRINSICS_FILE, open_seven_scenes),
    ("*.depth.png", open_seven_scenes),
    (TRANSFORMS_FILE, open_nerfstudio),
    (KEYFRAMES, open_polycam),
    (COLOUR_LIST, open_tum),
    (TRAJECTORY_FILE, open_replica),
    (POSES, open_scannet),
    *((pattern, open_colmap) for pattern in MODEL_FILES),
)
_KINDS = (
    "a Semantic Abstraction scene (.pkl), a Record3D recording (.r3d), a folder with scene.npz, "
    "or a folder of frames: 7-Scenes, nerfstudio, Polycam raw data, COLMAP, TUM RGB-D, Replica "
    "or ScanNet"
)


def open_recording(path: str | Path) -> Recording:
    """The recording at a path; views are read when asked for. Nothing is ever written."""
    place = Path(path)
    try:
        if place.is_dir():
            return _folder_opener(place)(place)
        if place.is_file():
            return _file_opener(place)(place)
    except (OSError, ValueError) as cause:  # ValueError: a NUL in the path
        raise SceneError("cannot be read", where=path, got=cause) from cause
    raise SceneError("does not exist", where=path, do=f"Give {_KINDS}.")


def is_recording(folder: Path) -> bool:
    """Whether a folder looks like one of views."""
    return _opener_by_content(folder) is not None


def load_scene(
    path: str | Path,
    *,
    view: int = 0,
    compat: Compat = None,
    labels: Sequence[str] | None = None,
    descriptions: Sequence[Description | Sequence[str]] | None = None,
    progress: Progress | None = None,
) -> Scene:
    """One view of a scan, checked, repaired aloud, Z up and with its place in the 2 m box.

    Args:
        path: file or folder.
        view: which view of a recording, from 0.
        compat: "reference" repairs, moves and filters nothing.
        labels, descriptions: instead of the file's own.
        progress: is told of every repair.

    Raises:
        SceneError, LabelError: with what is wrong, where, and what to do.
    """
    recording = open_recording(path)
    notes = Notes(progress or Silent())
    return read_scene(
        recording, view=view, compat=compat, labels=labels, descriptions=descriptions, notes=notes
    )


def read_scene(
    recording: Recording,
    *,
    view: int = 0,
    compat: Compat = None,
    labels: Sequence[str] | None = None,
    descriptions: Sequence[Description | Sequence[str]] | None = None,
    notes: Notes | None = None,
) -> Scene:
    """`load_scene` for a recording that is open already."""
    notes = notes or Notes()
    for finding in recording.findings:
        notes.add(finding)
    _check_index(recording, view)
    checked_labels = _labels(recording, labels, notes)
    checked_descriptions = _descriptions(recording, descriptions, notes)
    if compat == "reference":
        image, world, box = as_published(recording.read_view(view), notes), np.eye(4), np.eye(4)
    else:
        image, world, box = _placed(recording, view, notes)
    return Scene(
        name=recording.name,
        view=image,
        labels=checked_labels,
        descriptions=checked_descriptions,
        world_from_source=world,
        box_from_world=box,
        findings=tuple(notes.findings),
        synthetic=recording.synthetic,
    )


def _placed(recording: Recording, index: int, notes: Notes) -> tuple[View, Any, Any]:
    view = normalise(recording.read_view(index), notes)
    world_from_source = find_world(recording, index, view, notes)
    moved = move_view(view, world_from_source)
    return moved, world_from_source, find_box(recording, index, moved, world_from_source, notes)


def _labels(recording: Recording, given: Sequence[str] | None, notes: Notes) -> tuple[str, ...]:
    if given is not None:
        if not given:
            raise LabelError("the list is empty", where="labels", do="Name at least one thing.")
        return check_labels(given, "labels", notes)
    labels = check_labels(recording.labels, f"{recording.path}, labels", notes)
    if recording.declares_labels and not labels:
        notes.warn(f"{recording.path}, labels", "the list is empty", "Give labels yourself.")
    return labels


def _descriptions(
    recording: Recording,
    given: Sequence[Description | Sequence[str]] | None,
    notes: Notes,
) -> tuple[Description, ...]:
    if given is not None:
        return check_descriptions(given, "descriptions", notes)
    where = f"{recording.path}, descriptions"
    return check_descriptions(recording.descriptions, where, notes)


def _check_index(recording: Recording, index: int) -> None:
    if not 0 <= index < recording.num_views:
        raise SceneError(
            f"has views 0 to {recording.num_views - 1}",
            where=recording.path,
            got=f"view {index}",
            do="Choose one of them.",
        )


def _folder_opener(folder: Path) -> Opener:
    if opener := _opener_by_content(folder):
        return opener
    if any(file.suffix.lower() in GEOMETRY_SUFFIXES for file in folder.iterdir()):
        raise _no_images(folder, "FOLDER")
    raise SceneError("is a folder of no known kind", where=folder, do=f"Give {_KINDS}.")


def _opener_by_content(folder: Path) -> Opener | None:
    for pattern, opener in BY_FOLDER_CONTENT:
        if next(folder.glob(pattern), None) is not None:
            return opener
    return None


def _no_images(place: Path, word: str) -> SceneError:
    return SceneError(
        "is a mesh or cloud: it has no images to look at",
        where=place,
        do=f"Make a field of it: lexel build {word} --out NAME.lexel.",
    )


def _file_opener(file: Path) -> Opener:
    suffix = file.suffix.lower()
    if suffix in photo.SUFFIXES:
        raise SceneError(
            "is a photo without depth, so nothing can be placed in space",
            where=file,
            do="Ask for its relevancy maps: lexel relevancy IMAGE.",
        )
    if suffix in GEOMETRY_SUFFIXES:
        raise _no_images(file, "FILE")
    if suffix not in BY_SUFFIX:
        raise SceneError(
            "is of no known kind",
            where=file,
            got=suffix or "no suffix",
            do=f"Give {_KINDS}; for relevancy maps also a photo ({', '.join(photo.SUFFIXES)}).",
        )
    return BY_SUFFIX[suffix]
