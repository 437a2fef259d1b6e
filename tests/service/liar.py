"""A server that says what it is told to, byte for byte, whatever it is asked."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator

from lexel.service.address import HOST, Address

Says = Callable[[socket.socket], None]
TOKEN = "t" * 32


@contextlib.contextmanager
def lying(says: Says) -> Iterator[Address]:
    """Its address; each connection gets one answer, once it has sent something."""
    with socket.create_server((HOST, 0)) as listener:
        listener.settimeout(0.05)
        ending = threading.Event()
        thread = threading.Thread(target=_serve, args=(listener, says, ending))
        thread.start()
        try:
            yield Address(listener.getsockname()[1], 1, "0", TOKEN)
        finally:
            ending.set()
            thread.join()


def _serve(listener: socket.socket, says: Says, ending: threading.Event) -> None:
    while not ending.is_set():
        with contextlib.suppress(TimeoutError, ConnectionError):
            sock, _ = listener.accept()
            with sock:
                sock.settimeout(5)
                sock.recv(65536)
                says(sock)


def saying(*parts: bytes) -> Says:
    """These bytes, then the end."""
    return lambda sock: sock.sendall(b"".join(parts))


def hanging(*parts: bytes, seconds: float = 1.5) -> Says:
    """These bytes, then nothing."""

    def say(sock: socket.socket) -> None:
        sock.sendall(b"".join(parts))
        time.sleep(seconds)

    return say


def dripping(data: bytes, every_s: float = 0.1) -> Says:
    """A byte now and then."""

    def say(sock: socket.socket) -> None:
        for byte in data:
            sock.sendall(bytes([byte]))
            time.sleep(every_s)

    return say


def flooding(*parts: bytes) -> Says:
    """These bytes, then zeros for as long as anybody takes them."""

    def say(sock: socket.socket) -> None:
        sock.sendall(b"".join(parts))
        zeros = bytes(1 << 20)
        for _ in range(1024):
            sock.sendall(zeros)

    return say
