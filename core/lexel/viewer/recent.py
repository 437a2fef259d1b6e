"""What was opened lately."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from lexel.errors import InputError
from lexel.io.atomic import replacing_file
from lexel.io.json_files import read_json_list, write_json

FILE_NAME = "recent.json"
_MOST = 12


def load_recent(folder: Path) -> tuple[Path, ...]:
    """The newest first, those that are gone left out; none where the file is damaged."""
    try:
        listed = read_json_list(folder / FILE_NAME)
    except InputError:
        return ()
    paths = (Path(text) for text in listed if isinstance(text, str) and "\0" not in text)
    return tuple(path for path in paths if path.exists())[:_MOST]


def remember_recent(folder: Path, path: Path, before: Sequence[Path]) -> tuple[Path, ...]:
    """The list with `path` at its top, stored."""
    newest = path.resolve()
    paths = (newest, *(other for other in before if other != newest))[:_MOST]
    save_recent(folder, paths)
    return paths


def save_recent(folder: Path, paths: Sequence[Path]) -> None:
    """Store the list as it is."""
    with replacing_file(folder / FILE_NAME) as temporary:
        write_json(temporary, [str(path) for path in paths])
