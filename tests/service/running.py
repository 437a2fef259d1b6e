"""A real service on loopback, in a thread of this process."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lexel.service.address import HOST, Address
from lexel.service.client import Client
from lexel.service.protocol import JobState
from lexel.service.server import Service, Setup

JOB_S, READY_S = 500.0, 120.0


@dataclass(frozen=True)
class Running:
    """A service that runs."""

    address: Address
    file: Path
    service: Service

    def client(self, timeout_s: float = 60.0) -> Client:
        return Client.find(self.file, timeout_s)

    def raw(self, request: bytes, timeout_s: float = 10.0) -> bytes:
        """All that comes back for bytes of our own, until the other side closes."""
        with self.socket(timeout_s) as sock:
            sock.sendall(request)
            return read_all(sock)

    def socket(self, timeout_s: float = 10.0) -> socket.socket:
        return socket.create_connection((HOST, self.address.port), timeout_s)

    def head(self, method: str, path: str, **headers: str) -> bytes:
        """The head of a request that is let in, with headers over the usual ones."""
        usual = {
            "Host": f"{HOST}:{self.address.port}",
            "Authorization": f"Bearer {self.address.token}",
            "Connection": "close",
        }
        lines = [f"{name.replace('_', '-')}: {v}" for name, v in {**usual, **headers}.items() if v]
        return "\r\n".join([f"{method} {path} HTTP/1.1", *lines, "", ""]).encode("latin-1")


def read_all(sock: socket.socket) -> bytes:
    found = b""
    with contextlib.suppress(ConnectionError):
        while part := sock.recv(65536):
            found += part
    return found


def status_of(reply: bytes) -> int:
    return int(reply.split(b" ", 2)[1])


@contextlib.contextmanager
def running(folder: Path, **setup: Any) -> Iterator[Running]:
    """A service whose `service.json` lies in the folder; it has ended when this has."""
    ready, found = threading.Event(), []

    def on_ready(address: Address, file: Path) -> None:
        found.append((address, file))
        ready.set()

    folder.chmod(0o700)
    service = Service(Setup(file=folder / "service.json", **setup), on_ready)
    thread = threading.Thread(target=service.run)
    thread.start()
    try:
        assert ready.wait(READY_S)
        yield Running(*found[0], service)
    finally:
        service.stop()
        thread.join(READY_S)
    assert not thread.is_alive()


def wait_for(client: Client, state: JobState, seconds: float = JOB_S) -> list[JobState]:
    """Every state that long polls tell until the job has ended, the last one included."""
    until, told = time.monotonic() + seconds, [state]
    while not told[-1].ended:
        assert time.monotonic() < until, told[-1]
        told.append(client.job(state.id, after=told[-1].version, wait_s=10))
    return told
