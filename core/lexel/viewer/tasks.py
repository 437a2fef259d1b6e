"""Work in the background: it reports to the window's thread, can be cancelled, and the newest wins.

A *lane* is for work of which only the newest counts, such as answers while somebody types: it
has one thread; what comes into it cancels what is running and replaces what is waiting. Work
without a lane has a thread of its own. Whatever comes back comes by Qt's signals, so it is called
in the thread of the window, and never after the work was cancelled.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

from PyQt6.QtCore import QObject, pyqtSignal, pyqtSlot

from lexel.errors import CancelledError
from lexel.viewer.watching import Watched

T = TypeVar("T")
Work: TypeAlias = Callable[[Watched], Iterator[Any]]
_WAIT_S = 5.0


class Task(QObject):
    """One piece of work that was started.

    Attributes:
        name: for display.
        shown: whether the task bar shows it.
        watched: cancels it.
        moved: emits a `Stage` as the work goes on.
        ended: emits how: None when done, or the error, `CancelledError` included.
    """

    moved = pyqtSignal(object)
    ended = pyqtSignal(object)
    _gave = pyqtSignal(object)
    _over = pyqtSignal(object)

    def __init__(self, name: str, work: Work, each: Callable[[Any], None], shown: bool) -> None:
        super().__init__()
        self.name, self.shown = name, shown
        self.watched = Watched(self.moved.emit)
        self._work, self._each = work, each
        # Sent from another thread, so Qt queues them for the thread of the window.
        self._gave.connect(self._take)
        self._over.connect(self._finish)

    def cancel(self) -> None:
        self.watched.cancel()

    def run(self) -> None:
        """In the thread of the work."""
        error: BaseException | None = None
        try:
            self.watched.check()
            for value in self._work(self.watched):
                self.watched.check()
                self._gave.emit(value)
        except Exception as raised:  # noqa: BLE001 - told to whoever started it
            error = raised
        self._over.emit(error)

    @pyqtSlot(object)
    def _take(self, value: Any) -> None:
        if not self.watched.cancelled:
            self._each(value)

    @pyqtSlot(object)
    def _finish(self, error: BaseException | None) -> None:
        self.ended.emit(CancelledError() if self.watched.cancelled else error)


@dataclass
class _Lane:
    """A thread that does the newest of what it is given."""

    waiting: Task | None = None
    newest: Task | None = None
    closed: bool = False
    changed: threading.Condition = field(default_factory=threading.Condition)

    def put(self, task: Task) -> None:
        self.forget()
        with self.changed:
            self.newest = self.waiting = task
            self.changed.notify()

    def forget(self) -> None:
        """What was given last counts no more, even if it is done and only on its way."""
        with self.changed:
            dropped, self.waiting = self.waiting, None
            if self.newest is not None:
                self.newest.cancel()
        if dropped is not None:
            dropped.run()  # ends it at once

    def serve(self) -> None:
        while (task := self._next()) is not None:
            task.run()

    def close(self) -> None:
        self.forget()
        with self.changed:
            self.closed = True
            self.changed.notify()

    def _next(self) -> Task | None:
        with self.changed:
            self.changed.wait_for(lambda: self.closed or self.waiting is not None)
            task, self.waiting = self.waiting, None
            return task


class Tasks(QObject):
    """Starts work and knows what is running.

    Attributes:
        started: emits every `Task`.
        failed: emits the name and the error of work that nobody else takes the error of.
    """

    started = pyqtSignal(object)
    failed = pyqtSignal(str, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._running: list[Task] = []
        self._lanes: dict[str, _Lane] = {}
        self._threads: list[threading.Thread] = []

    def run(
        self,
        name: str,
        work: Callable[[Watched], T],
        done: Callable[[T], None],
        *,
        failed: Callable[[Exception], None] | None = None,
        lane: str | None = None,
        shown: bool = True,
    ) -> Task:
        """Do `work` in the background, then call `done` with what it returns.

        Args:
            work: gets a `Progress`, which also has `check`.
            failed: called with what went wrong, unless it was cancelled; None: `self.failed`.
            lane: of which only the newest work counts.
            shown: in the task bar.
        """
        return self.stream(
            name, lambda watched: iter([work(watched)]), done, failed=failed, lane=lane, shown=shown
        )

    def stream(
        self,
        name: str,
        work: Callable[[Watched], Iterator[T]],
        each: Callable[[T], None],
        *,
        failed: Callable[[Exception], None] | None = None,
        lane: str | None = None,
        shown: bool = True,
    ) -> Task:
        """As `run`, for work that yields: `each` is called with every value as it comes."""
        task = Task(name, work, each, shown)
        self._running.append(task)
        task.ended.connect(lambda error: self._ended(task, failed, error))
        self.started.emit(task)
        if lane is None:
            self._thread(task.run, name)
        else:
            self._lane(lane).put(task)
        return task

    def forget(self, lane: str) -> None:
        """Cancel what a lane does and what waits in it."""
        if lane in self._lanes:
            self._lanes[lane].forget()

    @property
    def running(self) -> tuple[Task, ...]:
        return tuple(self._running)

    def close(self) -> None:
        """Cancel everything and wait a little for it to stop."""
        for task in self._running:
            task.cancel()
        for lane in self._lanes.values():
            lane.close()
        for thread in self._threads:
            thread.join(_WAIT_S)
        self._lanes.clear()
        self._threads.clear()

    def _lane(self, name: str) -> _Lane:
        if name not in self._lanes:
            self._lanes[name] = _Lane()
            self._thread(self._lanes[name].serve, name)
        return self._lanes[name]

    def _thread(self, target: Callable[[], None], name: str) -> None:
        self._threads = [thread for thread in self._threads if thread.is_alive()]
        thread = threading.Thread(target=target, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _ended(
        self,
        task: Task,
        failed: Callable[[Exception], None] | None,
        error: Exception | None,
    ) -> None:
        self._running.remove(task)
        task.deleteLater()
        if error is None or isinstance(error, CancelledError):
            return
        if failed is None:
            self.failed.emit(task.name, error)
        else:
            failed(error)
