"""Keeps the session of a window on disk, every few seconds while something changes."""

from __future__ import annotations

from PyQt6.QtCore import QObject, QTimer

from lexel.viewer.session import Session
from lexel.viewer.session_keeper import SessionKeeper
from lexel.viewer.state import Change, ViewerState
from lexel.viewer.tasks import Tasks

EVERY_MS = 2000
_PAINTED = frozenset({"painting", "compare_painting", "answer", "compare_answer"})
_FLEETING = _PAINTED | {"hovered", "turned_away"}


class Autosave(QObject):
    """A timer that stores the session if it has changed; the file is written by a thread."""

    def __init__(
        self, state: ViewerState, tasks: Tasks, keeper: SessionKeeper, window_px: QObject
    ) -> None:
        super().__init__(window_px)
        self._state, self._tasks, self._keeper = state, tasks, keeper
        self._changed = False
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self._save)
        self._timer.start()
        state.changed.connect(self._hear)

    def close(self) -> None:
        """The window closes as it should."""
        self._timer.stop()
        self._keeper.close(session_of(self._state))

    def _hear(self, change: Change) -> None:
        self._changed = self._changed or bool(change.names - _FLEETING)

    def _save(self) -> None:
        if not self._changed or self._state.facts.opening is None:
            return
        self._changed = False
        session = session_of(self._state)
        self._tasks.run(
            "Keeping the session",
            lambda watched: self._keeper.keep(session),
            lambda _: None,
            lane="session",
            shown=False,
        )


def session_of(state: ViewerState) -> Session:
    """What is open and chosen now."""
    facts = state.facts
    opened = None if facts.opening is None else facts.opening.path.resolve()
    return Session(opened, facts.results, state.choices)
