"""Keeps the session on disk while it goes on, so that a crash costs a few seconds at most.

Every running viewer has a file of its own and holds a lock beside it. The system drops the lock
when the process ends, however it ends: a session file that nobody holds was left by a crash.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import IO, Any

from lexel.errors import InputError
from lexel.io.locks import take_lock
from lexel.viewer.session import Session, load_session, save_session, session_json

_FOLDER, _LAST = "sessions", "last-session.json"


class SessionKeeper:
    """The session of this process, and those that others left behind."""

    def __init__(self, state_folder: Path) -> None:
        self._folder = state_folder / _FOLDER
        self._last = state_folder / _LAST
        self._file = self._folder / f"{os.getpid()}.json"
        self._lock: IO[bytes] | None = None
        self._stored: dict[str, Any] | None = None

    def keep(self, session: Session) -> bool:
        """Store the session if it differs from what was stored; whether it did."""
        wanted = session_json(session)
        if wanted == self._stored:
            return False
        if self._lock is None:
            self._lock = take_lock(_lock_of(self._file))
        save_session(self._file, session)
        self._stored = wanted
        return True

    def crashed(self) -> Session | None:
        """The newest session that a crash left behind; None: all ended well.

        It is taken over: what is returned here is not found again.
        """
        found: list[Session] = []
        for file in self._left_files():
            with contextlib.suppress(InputError):  # a damaged one is nothing to go on with
                found.append(load_session(file))
            _remove(file)
        return next((one for one in found if one.opened is not None), None)

    def last(self) -> Session | None:
        """The session that was closed last."""
        try:
            return load_session(self._last)
        except InputError:
            return None

    def close(self, session: Session) -> None:
        """The window closes as it should."""
        save_session(self._last, session)
        if self._lock is not None:
            self._lock.close()
            self._lock = None
        _remove(self._file)

    def _left_files(self) -> list[Path]:
        """Session files whose process is gone, the newest first."""
        if not self._folder.is_dir():
            return []
        files = [file for file in self._folder.glob("*.json") if file != self._file]
        files.sort(key=lambda file: file.stat().st_mtime_ns, reverse=True)
        return [file for file in files if _nobody_holds(file)]


def _nobody_holds(file: Path) -> bool:
    lock = take_lock(_lock_of(file))
    if lock is None:
        return False
    lock.close()
    return True


def _lock_of(file: Path) -> Path:
    return file.with_suffix(".lock")


def _remove(file: Path) -> None:
    """Nobody but its own process wants these names again."""
    file.unlink(missing_ok=True)
    _lock_of(file).unlink(missing_ok=True)
