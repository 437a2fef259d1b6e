"""Running the service: on this computer only, until it is told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import signal
import socket
import tempfile
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import uvicorn
from threadpoolctl import threadpool_limits

import lexel
from lexel.pipelines.device import AUTO
from lexel.progress import Progress, Silent
from lexel.service.address import HOST, Address, service_file
from lexel.service.app import Calls, make_app
from lexel.service.asking import Typists
from lexel.service.connections import limited
from lexel.service.guard import Guard
from lexel.service.jobs import Jobs
from lexel.service.open_fields import OpenFields
from lexel.service.protocol import Limits
from lexel.service.token_file import announced
from lexel.service.uploads import Uploads

_TOKEN_BYTES = 32
_IDLE_S = 120
_DRAIN_S = 5
_BACKLOG = 128
_LEAST_THREADS = 4


@dataclass(frozen=True)
class Setup:
    """How a service runs.

    Attributes:
        fields: opened at once.
        file: where clients find it; None: the usual place.
        device: where torch runs.
        limits: what it admits.
        progress: told of fields and encoders.
    """

    fields: Sequence[Path] = ()
    file: Path | None = None
    device: str = AUTO
    limits: Limits = field(default_factory=Limits)
    progress: Progress = field(default_factory=Silent)


def serve(setup: Setup, on_ready: Callable[[Address, Path], None]) -> None:
    """Serve until SIGINT or SIGTERM (Windows: Ctrl-C or Ctrl-Break), then clean up.

    Args:
        on_ready: called once clients can come.

    Raises:
        InputError: a field cannot be opened, or another service is running.
    """
    service = Service(setup, on_ready)
    for name in ("SIGINT", "SIGTERM", "SIGBREAK"):
        # uvicorn raises the signal again when it has ended, for whoever listened before it.
        if (number := getattr(signal, name, None)) is not None:
            signal.signal(number, lambda *_: service.stop())
    service.run()


class Service:
    """A service that runs in the thread that calls `run`, and stops when any calls `stop`."""

    def __init__(self, setup: Setup, on_ready: Callable[[Address, Path], None]) -> None:
        self._setup, self._on_ready = setup, on_ready
        self._fields = OpenFields(setup.device, setup.progress)
        self._server: _Server | None = None
        self._stopped = threading.Event()

    def run(self) -> None:
        """Open the fields, serve, and clean up."""
        for path in self._setup.fields:
            self._fields.open(str(path.absolute()))
        with contextlib.ExitStack() as ending:
            # Asks are many and small. Each on a thread of its own is far quicker than all cores
            # on one, above all while a job wants them too (benchmarks/README.md).
            ending.enter_context(threadpool_limits(1, user_api="blas"))
            listener = ending.enter_context(_listener())
            folder = Path(ending.enter_context(_temporary_folder()))
            pool = ending.enter_context(ThreadPoolExecutor(_num_threads(), "lexel-ask"))
            token = secrets.token_urlsafe(_TOKEN_BYTES)
            self._server = self._make(token, folder, pool)
            port = listener.getsockname()[1]
            address = Address(port, os.getpid(), lexel.__version__, token)
            file = self._setup.file or service_file()
            ending.enter_context(announced(address, file))
            self._on_ready(address, file)
            if not self._stopped.is_set():
                self._server.run(sockets=[listener])

    def stop(self) -> None:
        """End soon; may be called from anywhere."""
        self._stopped.set()
        if self._server is not None:
            self._server.should_exit = True

    def _make(self, token: str, folder: Path, pool: ThreadPoolExecutor) -> _Server:
        limits = self._setup.limits
        uploads = Uploads(folder / "uploads")
        jobs = Jobs(folder / "fields", uploads, self._setup.device)
        calls = Calls(limits, self._fields, Typists(), uploads, jobs, pool)
        config = uvicorn.Config(
            Guard(make_app(calls), token),
            http=limited(limits),
            ws="none",
            lifespan="off",
            loop="asyncio",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            backlog=_BACKLOG,
            timeout_keep_alive=_IDLE_S,
            timeout_graceful_shutdown=_DRAIN_S,
        )
        return _Server(config, jobs)


class _Server(uvicorn.Server):
    """uvicorn's server, which ends jobs and long polls when it ends."""

    def __init__(self, config: uvicorn.Config, jobs: Jobs) -> None:
        super().__init__(config)
        self._jobs = jobs

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._jobs.wake_all()
        ending = asyncio.create_task(self._jobs.close())
        await super().shutdown(sockets)
        await ending


def _listener() -> socket.socket:
    """At a free port that only this computer reaches; who comes now waits until we serve."""
    listener = socket.socket()
    listener.bind((HOST, 0))
    listener.listen(_BACKLOG)
    return listener


def _temporary_folder() -> tempfile.TemporaryDirectory[str]:
    """For uploads and for fields that nobody said a place for; its user's alone."""
    return tempfile.TemporaryDirectory(prefix="lexel-service-", ignore_cleanup_errors=True)


def _num_threads() -> int:
    return max(_LEAST_THREADS, os.cpu_count() or 1)
