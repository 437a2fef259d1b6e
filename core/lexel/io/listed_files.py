"""The `files` of a manifest: what a folder must hold, and how large each of it is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from lexel.errors import SceneError
from lexel.io.inner_paths import stays_inside

_AGAIN = "Copy the whole folder again, or make it again."


def check_listed(files: Mapping[str, object], folder: Path) -> None:
    """A `SceneError` unless each `{"bytes": ..., "sha256": ...}` lies in `folder`, so large."""
    for name, facts in files.items():
        if not name or not stays_inside(name):
            raise SceneError("a listed file lies outside the folder", where=folder, got=name)
        size = facts.get("bytes") if isinstance(facts, dict) else None
        path = folder / name
        if not path.is_file():
            raise SceneError("a listed file is missing", where=path, do=_AGAIN)
        if (found := path.stat().st_size) != size:
            raise SceneError(
                f"a listed file is of another size: it had {size} bytes",
                where=path,
                got=found,
                do=_AGAIN,
            )
