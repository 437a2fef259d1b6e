"""A service that goes wrong in every way a program on a port can."""

from __future__ import annotations

import json
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from lexel.service.address import HOST, Address
from lexel.service.protocol import Hello, Limits

TOKEN = "t" * 43
BLOCK = b"\0" * (1 << 20)

Reply = Callable[[socket.socket, str], None]  # the request is "METHOD path"


def announce(file: Path, port: int, protocol: int = 1) -> Path:
    """Write the token file as the service does: for this user alone."""
    address = Address(port, os.getpid(), "0.1.0", TOKEN, protocol)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as stream:
        json.dump(address.as_json(), stream)
    return file


def answer(body: bytes, kind: str = "application/json", **headers: str) -> bytes:
    told = {"Content-Type": kind, "Content-Length": str(len(body))} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    return f"HTTP/1.1 200 OK\r\n{head}\r\n".encode() + body


def hello(protocol: int = 1) -> bytes:
    told = Hello(protocol, "0.1.0", (), (), Limits()).as_json()
    return answer(json.dumps(told).encode())


def opened() -> bytes:
    return answer(json.dumps({"id": "f", "path": "/f", "sha256": "", "field": {}}).encode())


def polite(then: Reply) -> Reply:
    """Greets and opens fields as it should; only what follows goes wrong."""

    def reply(connection: socket.socket, request: str) -> None:
        if request == "GET /v1/hello":
            connection.sendall(hello())
        elif request == "POST /v1/fields":
            connection.sendall(opened())
        else:
            then(connection, request)

    return reply


def says(content: bytes, *, and_hangs_up: bool = False) -> Reply:
    def reply(connection: socket.socket, request: str) -> None:
        connection.sendall(content)
        if and_hangs_up:
            connection.shutdown(socket.SHUT_RDWR)

    return reply


def hang(connection: socket.socket, request: str) -> None:
    """Takes the request and never says anything."""
    connection.recv(1)


def drip(connection: socket.socket, request: str) -> None:
    """One byte now and then: each read succeeds, the reply never ends."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    for _ in range(2000):
        connection.sendall(b" ")
        time.sleep(0.01)


def gigabyte(head: bytes) -> Reply:
    """As much as anybody takes, up to 1 GB."""

    def reply(connection: socket.socket, request: str) -> None:
        connection.sendall(head)
        for _ in range(1000):
            connection.sendall(BLOCK)

    return reply


@contextmanager
def liar(folder: Path, reply: Reply) -> Iterator[Path]:
    """The token file of a service that replies so."""
    with socket.create_server((HOST, 0)) as server:
        stopped = threading.Event()
        open_now: list[socket.socket] = []
        threads = [threading.Thread(target=_accept, args=(server, reply, open_now, stopped))]
        threads[0].start()
        try:
            yield announce(folder / "service.json", server.getsockname()[1])
        finally:
            stopped.set()
            with suppress(OSError):
                server.shutdown(socket.SHUT_RDWR)
            for connection in open_now:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
            threads[0].join()


def _accept(
    server: socket.socket, reply: Reply, open_now: list[socket.socket], stopped: threading.Event
) -> None:
    threads = []
    while not stopped.is_set():
        try:
            connection, _ = server.accept()
        except OSError:
            break
        open_now.append(connection)
        threads.append(threading.Thread(target=_serve, args=(connection, reply)))
        threads[-1].start()
    for thread in threads:
        thread.join()


def _serve(connection: socket.socket, reply: Reply) -> None:
    with connection, suppress(OSError), connection.makefile("rb") as incoming:
        while line := incoming.readline():
            length = 0
            while (header := incoming.readline().strip().lower()) != b"":
                if header.startswith(b"content-length:"):
                    length = int(header.partition(b":")[2])
            incoming.read(length)
            method, path = line.decode().split()[:2]
            reply(connection, f"{method} {path.partition('?')[0]}")
