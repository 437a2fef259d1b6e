"""Starting Lexel's service for Blender, and ending what was started."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from lexel.errors import InputError, LexelError

from .service import NoServiceError, Service

Check = Callable[[], None]

_START_S = 90.0  # importing what the service needs takes a while on a slow disk
_PAUSE_S, _END_S = 0.1, 5.0
_NO_WINDOW = 0x08000000 if sys.platform == "win32" else 0  # CREATE_NO_WINDOW
_SAID_BYTES = 2000


class Launcher:
    """A `lexel serve` of our own, where none runs already; it ends with us."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def running(self) -> bool:
        """Whether a service of our own runs."""
        return self._process is not None and self._process.poll() is None

    def ensure(self, service: Service, command: str | None, log: Path, check: Check) -> None:
        """See that the service answers; start it if none runs. For a worker's thread.

        Args:
            service: is found by its token file.
            command: the program `lexel`; None: there is none.
            log: where a service of our own writes what it says.
            check: raises to give up; then what was started is ended.

        Raises:
            LexelError: none runs and none can be started, or what runs is not as it should be.
        """
        try:
            service.hello()
        except NoServiceError:
            process = self._start(command, log)
            try:
                _wait(process, service, log, check)
            except BaseException:
                self.end()
                raise

    def ask_to_end(self) -> None:
        """Have it end; returns at once."""
        if self._process is not None and self.running:
            self._process.terminate()

    def end(self) -> None:
        """End it, and wait until it has ended."""
        if self._process is None:
            return
        self.ask_to_end()
        try:
            self._process.wait(_END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def _start(self, command: str | None, log: Path) -> subprocess.Popen[bytes]:
        if command is None:
            raise InputError(
                "Lexel's service does not run, and its program was not found",
                do="Give the path of `lexel` in the preferences, or run `lexel serve`.",
            )
        self.end()  # what is still there does not answer
        try:
            log.parent.mkdir(parents=True, exist_ok=True)
            with log.open("wb") as said:
                self._process = subprocess.Popen(
                    [command, "serve", "--quiet"],
                    stdin=subprocess.DEVNULL,
                    stdout=said,
                    stderr=subprocess.STDOUT,
                    creationflags=_NO_WINDOW,
                )
        except OSError as error:
            raise InputError(
                "this program cannot be started",
                where=command,
                got=error,
                do="Choose the `lexel` command of your installation.",
            ) from error
        return self._process


def _wait(process: subprocess.Popen[bytes], service: Service, log: Path, check: Check) -> None:
    until = time.monotonic() + _START_S
    while True:
        check()
        ended = process.poll() is not None
        try:
            service.hello()
            return
        except NoServiceError as error:
            if ended:
                what = "the service ended as soon as it was started"
                do = f"All that it said is in {log}"
                raise LexelError(what, got=_last_words(log), do=do) from error
            if time.monotonic() > until:
                what = f"the service was not ready within {_START_S:g} s"
                raise LexelError(what, do=f"What it said is in {log}") from error
        time.sleep(_PAUSE_S)


def _last_words(log: Path) -> str:
    lines = log.read_bytes()[-_SAID_BYTES:].decode("utf-8", "replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "nothing")
