"""Starting Lexel's service for Blender, and ending what was started."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from lexel.errors import InputError, LexelError
from lexel.service.address import load_address, service_file
from lexel.service.wire import ProtocolError

Check = Callable[[], None]

_START_S = 60.0  # the first start after an installation compiles a great deal
_PAUSE_S = 0.05
_END_S = 5.0
_SAID_BYTES = 2000


class Launcher:
    """One `lexel serve` of our own; for a worker's thread, but for `ask_to_end`."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._said: IO[bytes] | None = None

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self, command: Path, check: Check = lambda: None) -> None:
        """Start the service and wait until it can be found.

        Args:
            command: the user's `lexel`.
            check: raises to give up; then what was started is ended.

        Raises:
            InputError: there is no such program.
            LexelError: it ended, or was not ready in time.
        """
        if self.running:
            return
        before = _announced()
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - `end` closes it
        try:
            self._process = subprocess.Popen(
                [str(command), "serve"],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._said,
                **_quietly(),
            )
        except OSError as error:
            self.end()
            raise InputError(
                "this program cannot be started",
                where=command,
                got=error,
                do="Choose the `lexel` command of your installation.",
            ) from error
        try:
            self._wait(self._process, before, check)
        except BaseException:
            self.end()
            raise

    def _wait(self, process: subprocess.Popen[bytes], before: str | None, check: Check) -> None:
        until = time.monotonic() + _START_S
        while _announced() in (None, before):
            check()
            if process.poll() is not None:
                raise LexelError(
                    "the service ended as soon as it was started",
                    got=self._last_words(),
                    do="Run `lexel serve` in a terminal to see all that it says.",
                )
            if time.monotonic() > until:
                raise LexelError(
                    f"the service was not ready within {_START_S:g} s",
                    do="Run `lexel serve` in a terminal to see what it does.",
                )
            time.sleep(_PAUSE_S)

    def ask_to_end(self) -> None:
        """Have it end; returns at once."""
        if self._process is not None and self.running:
            self._process.terminate()

    def end(self) -> None:
        """End it, and wait until it has ended."""
        if self._process is not None:
            self.ask_to_end()
            try:
                self._process.wait(_END_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        if self._said is not None:
            self._said.close()
        self._process = self._said = None

    def _last_words(self) -> str:
        if self._said is None:
            return ""
        size = self._said.seek(0, 2)
        self._said.seek(max(0, size - _SAID_BYTES))
        lines = self._said.read().decode("utf-8", "replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "it said nothing")


def _announced() -> str | None:
    """The token of the service that can be found now; each has its own."""
    try:
        return load_address(service_file()).token
    except (OSError, ProtocolError):
        return None


def _quietly() -> dict[str, Any]:
    """On Windows: no console window, and a group of its own."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP}
    return {}
