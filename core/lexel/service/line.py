"""A kept-alive connection whose every exchange has a deadline as a whole.

A socket's own timeout is for each read: who sends a byte now and then could hold a reader for ever.

The standard library alone: the Blender extension carries a copy of this file.
"""

from __future__ import annotations

import contextlib
import http.client
import io
import socket
import time
from collections.abc import Mapping
from typing import Any

from lexel.service.address import HOST

_BUFFER_BYTES = 1 << 16


class _Line:
    """As much of a socket as `http.client` uses, up to a deadline."""

    def __init__(self, sock: socket.socket) -> None:
        self.deadline = 0.0
        self._sock = sock

    def sendall(self, data: bytes) -> None:
        self._limit()
        self._sock.sendall(data)

    def recv_into(self, buffer: Any) -> int:
        self._limit()
        return self._sock.recv_into(buffer)

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Incoming(self), _BUFFER_BYTES)

    def close(self) -> None:
        """`http.client` closes before the last reply of a connection has been read."""

    def hang_up(self) -> None:
        self._sock.close()

    def cut(self) -> None:
        """Have whoever reads or writes it fail at once, in any thread."""
        with contextlib.suppress(OSError):  # it is cut already
            self._sock.shutdown(socket.SHUT_RDWR)

    def is_quiet(self) -> bool:
        """Whether it is open and nothing has come; after an exchange anything else is an end."""
        try:
            self._sock.setblocking(False)
            self._sock.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False

    def _limit(self) -> None:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._sock.settimeout(left)


class _Incoming(io.RawIOBase):
    def __init__(self, line: _Line) -> None:
        self._line = line

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._line.recv_into(buffer)


class Connection:
    """To a port of this computer; opened when needed and kept."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._http: http.client.HTTPConnection | None = None
        self._line: _Line | None = None

    def exchange(
        self,
        method: str,
        path: str,
        body: bytes | None,
        headers: Mapping[str, str],
        timeout_s: float,
    ) -> http.client.HTTPResponse:
        """Send a request and read the head of the reply; its body is to be read until then too.

        Raises:
            TimeoutError, OSError, http.client.HTTPException: and the connection is closed.
        """
        deadline = time.monotonic() + timeout_s
        with contextlib.ExitStack() as on_error:
            on_error.callback(self.close)
            connection, line = self._open(timeout_s)
            line.deadline = deadline
            connection.request(method, path, body, headers=dict(headers))
            response = connection.getresponse()
            on_error.pop_all()
        return response

    def interrupt(self) -> None:
        """Have an exchange fail at once; the one thing that another thread may call."""
        if (line := self._line) is not None:
            line.cut()

    def close(self) -> None:
        if self._line is not None:
            self._line.hang_up()
        self._http = self._line = None

    def _open(self, timeout_s: float) -> tuple[http.client.HTTPConnection, _Line]:
        kept = self._http, self._line
        if kept[0] and kept[1] and kept[0].sock and kept[1].is_quiet():
            return kept[0], kept[1]
        self.close()
        sock = socket.create_connection((HOST, self._port), timeout_s)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._line = _Line(sock)
        self._http = http.client.HTTPConnection(HOST, self._port)
        self._http.auto_open = 0  # a connection that broke is opened here, never unseen
        self._http.sock = self._line
        return self._http, self._line
