"""Work beside Blender's window: a thread takes jobs, a timer of the main thread takes results.

bpy may only be touched on the main thread, and the main thread may never wait. So nothing here
knows bpy: a job is a function that runs in the thread, and what it gave is handed over in `tick`,
which a timer calls. Of jobs on one topic only the newest counts, as somebody goes on typing.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from lexel.errors import CancelledError, InputError, LexelError

Check = Callable[[], None]
Job = Callable[[Check], Any]

TICK_S = 0.02  # most time that a tick spends handing over results; the rest waits for the next
_STOP_S = 3.0


@dataclass(frozen=True, eq=False)
class Outcome:
    """What came of a job: a value, or an error whose message says what to do."""

    value: Any = None
    error: LexelError | None = None


Then = Callable[[Outcome], None]


@dataclass(eq=False)
class _Task:
    topic: str
    job: Job
    then: Then
    cancelled: threading.Event = field(default_factory=threading.Event)

    def check(self) -> None:
        """Raise if nobody waits for it any more."""
        if self.cancelled.is_set():
            raise CancelledError("a newer question came")


class Worker:
    """One thread with a queue; started by the first job, gone after `stop`.

    Args:
        name: of the thread.
        interrupt: makes a job that waits for something else fail at once, such as cutting a
            connection; called on the main thread when the job is cancelled, so it must not wait.
    """

    def __init__(self, name: str, interrupt: Callable[[], None] = lambda: None) -> None:
        self._name, self._interrupt = name, interrupt
        self._waiting: OrderedDict[str, _Task] = OrderedDict()
        self._running: _Task | None = None
        self._done: deque[tuple[_Task, Outcome]] = deque()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._stopping = False

    @property
    def busy(self) -> bool:
        """Whether anything runs, waits, or has not been handed over."""
        return bool(self._waiting or self._running or self._done)

    def submit(self, topic: str, job: Job, then: Then) -> None:
        """Have a job done.

        Args:
            topic: older jobs of the same topic are cancelled, and their results never seen.
            job: runs in the thread; it calls its argument now and then, which raises when the job
                is cancelled.
            then: is called with the outcome by `tick`, on the main thread.
        """
        with self._changed:
            if self._stopping:
                return
            self._cancel(topic)
            self._waiting[topic] = _Task(topic, job, then)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()
            self._changed.notify()

    def cancel(self, topic: str) -> None:
        """Give up what runs or waits on a topic; its `then` is not called any more."""
        with self._changed:
            self._cancel(topic)

    def tick(self) -> bool:
        """Hand results over, for at most about `TICK_S`; whether there is more to come."""
        until = time.perf_counter() + TICK_S
        while self._done and time.perf_counter() < until:
            task, outcome = self._done.popleft()
            if not task.cancelled.is_set():
                task.then(outcome)
        return self.busy

    def stop(self, wait_s: float = _STOP_S) -> bool:
        """End the thread; whether it is gone. What was not handed over never will be."""
        with self._changed:
            self._stopping = True
            for task in (*self._waiting.values(), self._running):
                if task is not None:
                    task.cancelled.set()
            self._waiting.clear()
            self._changed.notify()
        self._interrupt()
        if self._thread is not None:
            self._thread.join(wait_s)
        self._done.clear()
        return self._thread is None or not self._thread.is_alive()

    def _cancel(self, topic: str) -> None:
        if (waiting := self._waiting.pop(topic, None)) is not None:
            waiting.cancelled.set()
        running = self._running
        if running is not None and running.topic == topic and not running.cancelled.is_set():
            running.cancelled.set()
            self._interrupt()
        for task, _ in tuple(self._done):
            if task.topic == topic:
                task.cancelled.set()

    def _run(self) -> None:
        while (task := self._next()) is not None:
            with contextlib.suppress(CancelledError):
                self._done.append((task, _outcome(task)))
            self._running = None

    def _next(self) -> _Task | None:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._stopping)
            if self._stopping:
                return None
            _, task = self._waiting.popitem(last=False)
            self._running = task
            return task


def _outcome(task: _Task) -> Outcome:
    """A job's value or error; a `CancelledError` goes on up."""
    try:
        task.check()
        value = task.job(task.check)
    except CancelledError:
        raise
    except LexelError as error:
        task.check()  # what was interrupted failed because of that
        return Outcome(error=error)
    except MemoryError:
        return Outcome(
            error=InputError("there is not enough memory for this", do="Close what you can.")
        )
    except Exception as cause:  # noqa: BLE001 - whatever it is, it must reach the panel
        return Outcome(error=_bug(cause))
    task.check()
    return Outcome(value)


def _bug(cause: Exception) -> LexelError:
    return LexelError(
        "this should not have happened",
        got=f"{type(cause).__name__}: {cause}",
        do="Try again; if it comes back, report it with the scene.",
    )
