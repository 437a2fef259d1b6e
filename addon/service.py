"""Lexel's service, as Blender uses it: words that need torch, and jobs of minutes.

For a worker's thread only: every call here may wait. `interrupt` alone may be called from another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lexel.errors import CancelledError, LexelError
from lexel.scene import FieldInfo
from lexel.scene.field import Floats
from lexel.service.client import Client, Refused, ServiceError, Superseded
from lexel.service.protocol import Encode, Hello, JobState
from lexel.service.views import UploadedView

Check = Callable[[], None]

_TIMEOUT_S = 10.0
_FAREWELL_S = 1.0
_POLL_S = 1.0  # how long a poll waits for news; the check is called in between


@dataclass
class JobWatch:
    """Where a job is: written by the worker's thread, read by the panel whenever it draws."""

    state: JobState | None = None


class Service:
    """A service of this user, found by its token file when it is first needed, and again when it
    was lost.

    Args:
        file: its `service.json`; None: at the usual place.
        timeout_s: for each call.
    """

    def __init__(self, file: Path | None = None, timeout_s: float = _TIMEOUT_S) -> None:
        self._file, self._timeout_s = file, timeout_s
        self._client: Client | None = None

    def interrupt(self) -> None:
        """Have a call that another thread waits for fail at once; returns at once."""
        if (client := self._client) is not None:
            client.interrupt()

    def close(self) -> None:
        if self._client is not None:
            self._client.close()
        self._client = None

    def hello(self) -> Hello:
        """Who answers.

        Raises:
            LexelError: nobody does, or not as it should; with what to do.
        """
        with self._called() as client:
            return client.greet()

    def encode(
        self, field: Path, info: FieldInfo, phrases: Sequence[str], *, sentence: bool
    ) -> Floats:
        """Vectors of phrases by the encoder of a field, (P, D) or with sentences (P, D + S)."""
        name = f"{info.encoder.name}/{info.encoder.pretrained}"
        with self._called() as client:
            client.open_field(field.resolve())
            return client.encode(Encode(name, tuple(phrases), sentence))

    def upload(self, name: str, number: int, view: UploadedView) -> None:
        """Give a view of an upload, which a job of kind "build" names."""
        with self._called() as client:
            client.upload(name, number, view)

    def run_job(
        self, kind: str, arguments: Mapping[str, Any], check: Check, watch: JobWatch
    ) -> Mapping[str, Any]:
        """Have a job done, however long it takes, and give its result.

        Args:
            kind: build, complete, locate.
            arguments: see docs/service.md.
            check: raises to give up; then the job is cancelled there too.
            watch: is told where the job is.

        Raises:
            LexelError: it failed, or the service was lost.
        """
        with self._called() as client:
            state = client.start(kind, arguments)
        try:
            while not state.ended:
                watch.state = state
                check()
                with self._called() as client:
                    state = client.job(state.id, after=state.version, wait_s=_POLL_S)
        except LexelError:  # a call that was interrupted fails in some way or other
            if _is_given_up(check):
                self._cancel(state.id)
            raise
        watch.state = state
        return _result(state)

    def _cancel(self, job: str) -> None:
        """By a connection of its own, which nobody interrupts and which waits for a moment only."""
        with suppress(ServiceError), Client.announced(self._file, _FAREWELL_S) as client:
            client.cancel(job)

    @contextmanager
    def _called(self) -> Iterator[Client]:
        """The client; what goes wrong with it as our own errors."""
        try:
            if self._client is None:
                self._client = Client.announced(self._file, self._timeout_s)
                self._client.greet()  # with the client in place, so that it can be interrupted
            yield self._client
        except Superseded as error:
            raise CancelledError("a newer question came") from error
        except ServiceError as error:
            if not isinstance(error, Refused):  # the next call looks for it anew
                self.close()
            raise LexelError(error.fault.what, got=error.fault.got, do=error.fault.do) from error


def _is_given_up(check: Check) -> bool:
    try:
        check()
    except CancelledError:
        return True
    return False


def _result(state: JobState) -> Mapping[str, Any]:
    """Of a job that has ended well."""
    if state.error is not None:
        raise LexelError(state.error.what, got=state.error.got, do=state.error.do)
    if state.result is None:  # somebody else may cancel it, or the service may be stopped
        raise LexelError("the job was cancelled elsewhere", got=state.kind, do="Start it again.")
    return state.result
