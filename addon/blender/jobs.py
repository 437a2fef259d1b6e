"""Work that Lexel's service does for Blender: building a field of a scene's photographs.

Nothing here touches bpy: all of it runs in a worker's thread, and stops when its check raises.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lexel.errors import CancelledError, InputError, LexelError
from lexel.service.client import Client, NoService, ServiceError
from lexel.service.protocol import DONE, JobState
from lexel.service.views import UploadedView

from .photograph import Photograph

Check = Callable[[], None]
Tell = Callable[[str, float], None]

_START_S, _LOOK_S = 90.0, 0.3  # importing what the service needs takes a while on a slow disk
_POLL_S = 1.0
_NO_WINDOW = 0x08000000 if sys.platform == "win32" else 0  # CREATE_NO_WINDOW
_CALL_S = 30.0
_END_S = 5.0


@dataclass(frozen=True)
class BuiltField:
    """A field of a scene.

    Attributes:
        path: its folder.
        codes: of each photographed object, by its number from 1 on: codes and their shares.
    """

    path: Path
    codes: dict[int, tuple[tuple[int, float], ...]]


class ServiceProcess:
    """The service: one that runs already, or one of our own, which ends with us."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._client: Client | None = None

    def reach(self, command: str | None, log: Path, check: Check) -> Client:
        """A client of the service; starts it if none runs.

        Args:
            command: the program `lexel`; None: there is none.
            log: where a service of our own writes what it says.
            check: raises to give up.

        Raises:
            LexelError: none runs and none can be started.
        """
        try:
            self._client = Client.find(timeout_s=_CALL_S)
        except NoService:
            self._client = self._start(command, log, check)
        return self._client

    def interrupt(self) -> None:
        """Have a call that waits fail at once."""
        if self._client is not None:
            self._client.close()

    def stop(self) -> None:
        """End what was started here."""
        self.interrupt()
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_END_S)
        self._process = None

    def _start(self, command: str | None, log: Path, check: Check) -> Client:
        if command is None:
            raise InputError(
                "Lexel's service does not run, and its program was not found",
                do="Give the path of `lexel` in the preferences, or run `lexel serve`.",
            )
        with log.open("wb") as said:
            self._process = subprocess.Popen(
                [command, "serve", "--quiet"],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                creationflags=_NO_WINDOW,
            )
        return self._wait(self._process, log, check)

    def _wait(self, process: subprocess.Popen[bytes], log: Path, check: Check) -> Client:
        until = time.monotonic() + _START_S
        while time.monotonic() < until and process.poll() is None:
            check()
            try:
                return Client.find(timeout_s=_CALL_S)
            except NoService:
                time.sleep(_LOOK_S)
        raise LexelError("the service did not start", where=log, do="Read there what it said.")


def build_field(
    client: Client,
    photographs: Sequence[Photograph],
    out: Path,
    weights: str | None,
    check: Check,
    tell: Tell,
) -> BuiltField:
    """A field of a scene's photographs, by the service.

    Args:
        client: of the service.
        photographs: of the scene.
        out: NAME.lexel to write.
        weights: "embedded", or None for the published ones.
        check: raises to give up; the service then gives up too.
        tell: what is being done, and how much of it is.

    Raises:
        LexelError: with what is wrong and what to do.
    """
    try:
        upload = uuid.uuid4().hex
        for number, photograph in enumerate(photographs):
            check()
            tell("sending views", number / len(photographs))
            client.upload(upload, number, _uploaded(photograph))
        arguments = {"upload": upload, "out": str(out), "weights": weights}
        state = _finished(client, client.start("build", arguments), check, tell)
    except ServiceError as error:
        raise _of_service(error) from error
    if state.state != DONE:
        fault = "it was cancelled elsewhere" if state.error is None else str(state.error)
        raise LexelError("the field could not be built", got=fault)
    result = state.result or {}
    return BuiltField(Path(result["field"]), _codes(result.get("objects", ())))


def _finished(client: Client, state: JobState, check: Check, tell: Tell) -> JobState:
    """The job's last state; cancels it when nobody waits for it any more."""
    while not state.ended:
        try:
            check()
        except CancelledError:
            client.cancel(state.id)
            raise
        tell(state.stage or "waiting", state.done / state.total if state.total else 0.0)
        state = client.job(state.id, after=state.version, wait_s=_POLL_S)
    return state


def _uploaded(photograph: Photograph) -> UploadedView:
    return UploadedView(
        photograph.rgb,
        photograph.depth_m,
        photograph.ids - 1,  # negative is nothing there
        photograph.intrinsics,
        photograph.world_from_camera,
    )


def _codes(objects: Sequence[Any]) -> dict[int, tuple[tuple[int, float], ...]]:
    return {
        int(told["id"]) + 1: tuple(zip(told["codes"], told["shares"], strict=True))
        for told in objects
    }


def _of_service(error: ServiceError) -> LexelError:
    """The service's fault as ours, for the panel."""
    return LexelError(error.fault.what, got=error.fault.got, do=error.fault.do)
