"""A mesh or cloud by its own path, or by the folder that holds it, and the words beside it."""

from __future__ import annotations

from pathlib import Path

from lexel.io.geometry_files import GEOMETRY_SUFFIXES
from lexel.io.readers import is_recording
from lexel.io.words_file import Words, read_words


def find_geometry(path: Path) -> Path | None:
    """The mesh or cloud that `path` is, or that it alone holds as a folder; None: it is neither."""
    if not path.is_dir():
        return path if path.suffix.lower() in GEOMETRY_SUFFIXES else None
    if is_recording(path):
        return None
    files = [file for file in path.iterdir() if file.suffix.lower() in GEOMETRY_SUFFIXES]
    return files[0] if len(files) == 1 else None


def words_beside(geometry: Path) -> Words:
    """What `scene.json` says, where the folder is of this mesh or cloud alone."""
    if find_geometry(geometry.parent) != geometry:
        return Words()
    return read_words(geometry.parent)
