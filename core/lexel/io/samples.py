"""The sample scenes that come with Lexel: `view`, `scan` and `mesh`."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from lexel.errors import InputError

_FOLDER = "sample_scenes"


def sample_scene(name: str) -> Path:
    """The folder of a sample scene: inside an installed package, or beside a checkout's `core/`.

    Raises:
        InputError: it was not installed.
    """
    folder = sample_scenes()
    if not (folder / name).is_dir():
        raise InputError(
            f"the sample scene {name!r} is missing",
            where=folder,
            do="Write it again: lexel world samples --out sample_scenes",
        )
    return folder / name


def sample_scenes() -> Path:
    """The folder of them all, be it there or not."""
    package = Path(str(resources.files("lexel")))
    inside, beside = package / _FOLDER, package.parents[1] / _FOLDER
    return beside if beside.is_dir() and not inside.is_dir() else inside
