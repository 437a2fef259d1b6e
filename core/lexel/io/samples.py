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
    package = Path(str(resources.files("lexel")))
    for folder in (package / _FOLDER, package.parents[1] / _FOLDER):
        if (folder / name).is_dir():
            return folder / name
    raise InputError(
        f"the sample scene {name!r} is missing",
        where=package / _FOLDER,
        do="Write it again: lexel world samples --out sample_scenes",
    )
