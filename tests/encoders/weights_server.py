"""A weights server on loopback that misbehaves on request, and what the weights tests share."""

from __future__ import annotations

import contextlib
import hashlib
import io
import tarfile
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Served:
    """One file as the server gives it, and what it saw of the client."""

    body: bytes
    etag: str | None = '"v1"'
    ranges: bool = True
    drop_after: int | None = None  # bytes sent before the connection is cut ...
    drops: int = 0  # ... this many times
    failures: int = 0  # answers 503 this many times first
    headers: dict[str, str] = field(default_factory=dict)
    redirect: str | None = None
    asked: list[str | None] = field(default_factory=list)  # the Range of each request


class WeightsServer:
    """`files` maps a path such as `/a/b.safetensors` to what is served there."""

    def __init__(self) -> None:
        self.files: dict[str, Served] = {}
        self.seen: list[str] = []  # request targets, whole addresses when used as a proxy
        self.authorizations: list[str | None] = []  # the login of each request
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                server._answer(self)

            def log_message(self, *_: object) -> None:
                pass

        self._httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._httpd.daemon_threads = True
        self._thread = threading.Thread(target=self._httpd.serve_forever, args=(0.02,))
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._httpd.server_address[1]}"

    def close(self) -> None:
        self._httpd.shutdown()
        self._httpd.server_close()
        self._thread.join()

    def _answer(self, request: BaseHTTPRequestHandler) -> None:
        self.seen.append(request.path)
        self.authorizations.append(request.headers.get("Authorization"))
        path = "/" + request.path.split("://", 1)[-1].split("/", 1)[1]
        served = self.files.get(path)
        request.close_connection = True
        if served is None or served.failures > 0:
            if served is not None:
                served.failures -= 1
            request.send_error(404 if served is None else 503)
            return
        served.asked.append(request.headers.get("Range"))
        if served.redirect:
            self._head(request, 302, served, 0, {"Location": served.redirect})
            return
        start = _start(request, served)
        if start >= len(served.body) and start:
            request.send_error(416)
            return
        self._send(request, served, start)

    def _send(self, request: BaseHTTPRequestHandler, served: Served, start: int) -> None:
        extra, total = {}, len(served.body)
        if start:
            extra["Content-Range"] = f"bytes {start}-{total - 1}/{total}"
        self._head(request, 206 if start else 200, served, total - start, extra)
        body = served.body[start:]
        if served.drops > 0 and served.drop_after is not None:
            served.drops -= 1
            body = body[: served.drop_after]
        with contextlib.suppress(ConnectionError):  # the client may have hung up
            request.wfile.write(body)

    @staticmethod
    def _head(
        request: BaseHTTPRequestHandler,
        status: int,
        served: Served,
        length: int,
        extra: dict[str, str],
    ) -> None:
        request.send_response(status)
        for key, value in {**served.headers, **extra}.items():
            request.send_header(key, value)
        if served.etag:
            request.send_header("ETag", served.etag)
        request.send_header("Content-Length", str(length))
        request.send_header("Connection", "close")
        request.end_headers()


def _start(request: BaseHTTPRequestHandler, served: Served) -> int:
    wanted = request.headers.get("Range")
    condition = request.headers.get("If-Range")
    if not served.ranges or wanted is None or (condition and condition != served.etag):
        return 0
    return int(wanted.removeprefix("bytes=").split("-")[0])


class Ledger:
    """A `Progress` that remembers."""

    def __init__(self) -> None:
        self.stages: list[tuple[str, int | None]] = []
        self.steps = 0
        self.said: list[str] = []

    def begin(self, stage: str, total: int | None) -> None:
        self.stages.append((stage, total))
        self.steps = 0

    def advance(self, steps: int = 1) -> None:
        self.steps += steps

    def say(self, message: str) -> None:
        self.said.append(message)


def digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def tar_lz4(members: list[tuple[tarfile.TarInfo, bytes]]) -> bytes:
    """A `.tar.lz4` of exactly these members."""
    import lz4.frame

    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for info, body in members:
            info.size = len(body)
            tar.addfile(info, io.BytesIO(body))
    return bytes(lz4.frame.compress(buffer.getvalue()))
