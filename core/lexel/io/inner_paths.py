"""Paths that a file names: they stay inside its own folder, whatever it says."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from lexel.errors import SceneError


def stays_inside(name: str) -> bool:
    """Whether a relative path, written with slashes, cannot lead out of its folder."""
    path = PurePosixPath(name)
    plain = "\\" not in name and ":" not in name and "\0" not in name and not path.is_absolute()
    return plain and ".." not in path.parts


def inner_path(folder: Path, name: object, where: object) -> Path:
    """The file that a listing in `folder` calls `name`; Windows' backslashes are understood."""
    if not isinstance(name, str) or not name.strip():
        raise SceneError("should name a file", where=where, got=name)
    relative = name.strip().replace("\\", "/")
    if not stays_inside(relative):
        raise SceneError(
            "names a file outside its own folder",
            where=where,
            got=name,
            do="Copy the file there and name it relative to the folder.",
        )
    return folder / relative


def inner_file(folder: Path, name: str, where: object) -> Path:
    """As `inner_path`, but by the last part of a name that leads elsewhere.

    Programs write where a picture lay on the machine that made the mesh.
    """
    relative = name.strip().replace("\\", "/")
    if not stays_inside(relative):
        relative = PurePosixPath(relative).name
    return inner_path(folder, relative, where)
