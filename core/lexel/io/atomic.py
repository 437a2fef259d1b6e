"""Files and folders that are whole or not there.

Everything is written under a temporary name beside its target, flushed to disk, and renamed.
Renaming over an existing *folder* is not possible on any system, so the old folder is moved
aside first and deleted last; a crash in between leaves the old one under `NAME.old-PID`.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

# Windows refuses to rename over a file another program has open; such holds are usually short
# (virus scanners, indexers, a viewer reloading).
_RENAME_ATTEMPTS = 20
_RENAME_PAUSE_S = 0.1


@contextlib.contextmanager
def replacing_file(path: Path) -> Iterator[Path]:
    """Yield a temporary path; on success it becomes `path`, on any error it disappears."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.tmp-{os.getpid()}")
    try:
        yield temporary
        _flush(temporary)
        _rename(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def replacing_folder(path: Path) -> Iterator[Path]:
    """Yield a new empty folder; on success it becomes `path`, on any error it disappears."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.tmp-{os.getpid()}")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir()
    try:
        yield temporary
        for file in temporary.rglob("*"):
            if file.is_file():
                _flush(file)
        _swap_folder(temporary, path)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def probe_folder(path: Path) -> None:
    """Raise the `OSError` that writing into the folder would; nothing of it stays."""
    missing = list(itertools.takewhile(lambda place: not place.exists(), (path, *path.parents)))
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path):
            pass
    finally:
        for place in missing:
            with contextlib.suppress(OSError):  # never made, or no longer empty
                place.rmdir()


def _swap_folder(new: Path, path: Path) -> None:
    if not path.exists():
        _rename(new, path)
        return
    old = path.with_name(f"{path.name}.old-{os.getpid()}")
    _rename(path, old)
    try:
        _rename(new, path)
    except OSError:
        _rename(old, path)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _rename(source: Path, target: Path) -> None:
    for attempt in range(_RENAME_ATTEMPTS):
        try:
            source.replace(target)
            return
        except PermissionError:
            if attempt == _RENAME_ATTEMPTS - 1:
                raise
            time.sleep(_RENAME_PAUSE_S)


def _flush(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
