"""A process of our own for long work, so that the window never waits for it.

Networks load and compute for seconds at a time without letting another thread in; in a child they
cannot hold up a keystroke. The child does one thing at a time, reports as it goes, and ends with
us however we end.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar

from lexel import errors
from lexel.errors import CancelledError, LexelError
from lexel.progress import Progress

T = TypeVar("T")

_POLL_S = 0.05  # how soon a cancelled job is told so
_GRACE_S = 10.0  # how long it may tidy up, before it is ended
_NICE = 5  # the window comes first


class Child:
    """Runs functions in one other process, started when first needed.

    What a function keeps in its module stays there from call to call: a picture read once can be
    asked again.
    """

    def __init__(self) -> None:
        self._busy = threading.Lock()
        self._process: BaseProcess | None = None
        self._connection: Connection | None = None
        self._stop: Any = None

    def run(self, work: Callable[..., T], *arguments: object, progress: Progress) -> T:
        """`work(*arguments, progress=...)` in the child; blocks, so call it from a thread.

        Work that another thread gave to the child is waited for.

        Args:
            work: a module's function; what it is given and gives back must be plain data.
            progress: told of every step; raises `CancelledError` to stop the work.

        Raises:
            LexelError: what the work raised, or that the child ended.
        """
        while not self._busy.acquire(timeout=_POLL_S):
            progress.advance(0)
        try:
            connection = self._start()
            self._stop.clear()
            connection.send((work, arguments))
            return self._follow(connection, progress)
        except (EOFError, OSError) as cause:
            self.close()
            raise LexelError(
                "the work ended unexpectedly; there may be too little memory", got=cause
            ) from cause
        finally:
            self._busy.release()

    def close(self) -> None:
        """End the child, whatever it does."""
        process, connection = self._process, self._connection
        self._process = self._connection = None
        if connection is not None:
            connection.close()
        if process is not None:
            process.terminate()
            process.join()

    def _start(self) -> Connection:
        if self._connection is not None and self._process is not None and self._process.is_alive():
            return self._connection
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        self._stop = context.Event()
        self._process = context.Process(target=_serve, args=(theirs, self._stop), daemon=True)
        self._process.start()
        theirs.close()
        self._connection = ours
        return ours

    def _follow(self, connection: Connection, progress: Progress) -> Any:
        """Pass on what the child tells, until it is done."""
        tell: dict[str, Callable[..., None]] = {
            "begin": progress.begin,
            "advance": progress.advance,
            "say": progress.say,
        }
        try:
            while True:
                while not connection.poll(_POLL_S):
                    progress.advance(0)
                kind, *told = connection.recv()
                if kind == "done":
                    return told[0]
                if kind == "failed":
                    raise _rebuilt(*told)
                tell[kind](*told)
        except CancelledError:
            self._cancel(connection)
            raise

    def _cancel(self, connection: Connection) -> None:
        """Let the child finish its step and keep what is done; end it if that takes long."""
        self._stop.set()
        with contextlib.suppress(EOFError, OSError):
            while connection.poll(_GRACE_S):
                if connection.recv()[0] in ("done", "failed"):
                    return
        self.close()


class _Told:
    """A `Progress` that tells the parent, and stops when it is told to."""

    def __init__(self, connection: Connection, stop: Any) -> None:
        self._connection, self._stop = connection, stop

    def begin(self, stage: str, total: int | None) -> None:
        self._tell("begin", stage, total)

    def advance(self, steps: int = 1) -> None:
        self._tell("advance", steps)

    def say(self, message: str) -> None:
        self._tell("say", message)

    def _tell(self, *message: object) -> None:
        if self._stop.is_set():
            raise CancelledError
        try:
            self._connection.send(message)
        except OSError:  # nobody is left who wants to know
            raise CancelledError from None


def _serve(connection: Connection, stop: Any) -> None:
    """The child's life: one piece of work after the other, until the parent is gone."""
    with contextlib.suppress(AttributeError, OSError):
        os.nice(_NICE)
    progress = _Told(connection, stop)
    with contextlib.suppress(EOFError, OSError, KeyboardInterrupt):
        while True:
            work, arguments = connection.recv()
            connection.send(_outcome(work, arguments, progress))


def _outcome(work: Callable[..., Any], arguments: Any, progress: Progress) -> tuple[object, ...]:
    try:
        return "done", work(*arguments, progress=progress)
    except LexelError as error:
        return "failed", type(error).__name__, error.what, error.where, error.got, error.do
    except MemoryError:
        return "failed", "LexelError", "there is not enough memory", None, None, None
    except Exception as error:  # noqa: BLE001 - the window must be told of any fault
        return (
            "failed",
            "LexelError",
            "something went wrong in Lexel",
            None,
            errors.brief(error),
            None,
        )


def _rebuilt(
    name: str, what: str, where: str | None, got: str | None, do: str | None
) -> LexelError:
    """An error of the child as it was there."""
    kind = getattr(errors, name)
    if kind is CancelledError:
        return CancelledError(what)
    error: LexelError = kind(what, where=where, got=got, do=do)
    return error
