"""Who may speak, from where, and how much: checked before any call sees a request.

Other users' programs do not know the token. Pages in the user's browser do not either, and are
refused by Origin and Host besides: a name that an attacker has pointed at this computer (DNS
rebinding) is none of ours.
"""

from __future__ import annotations

import hmac
import logging
import time
from collections.abc import Iterable

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lexel.errors import shorten
from lexel.service.address import HOST
from lexel.service.faults import FORBIDDEN, UNAUTHORIZED
from lexel.service.replies import fault_reply
from lexel.service.wire import Fault

log = logging.getLogger("lexel.service")

_HOSTS = (HOST, "localhost")
_BEARER = b"Bearer "
_WHERE = "The token stands in service.json; docs/service.md says where."


class Guard:
    """Around the calls: refuses strangers, and writes a line for each answer into the log."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app, self._token = app, token.encode("ascii")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, answered = time.perf_counter(), _Status(send)
        refusal = self._refusal(scope["headers"])
        try:
            await (refusal or self._app)(scope, receive, answered)
        finally:
            self._note(scope, answered.status, time.perf_counter() - began)

    def _refusal(self, raw: Iterable[tuple[bytes, bytes]]) -> Response | None:
        headers = Headers(raw=list(raw))
        host = headers.get("host", "")
        if host not in _HOSTS and host.rpartition(":")[0] not in _HOSTS:
            return _refuse(FORBIDDEN, Fault(f"Host must be {HOST} or localhost", shorten(host)))
        if "origin" in headers:
            return _refuse(FORBIDDEN, Fault("web pages may not ask", do="Send no Origin header."))
        given = headers.get("authorization", "").encode("latin-1")
        if not hmac.compare_digest(given, _BEARER + self._token):
            return _refuse(UNAUTHORIZED, Fault("the token is missing or wrong", do=_WHERE))
        return None

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        """Refusals and faults are always noted; neither headers, queries nor bodies ever are."""
        level = logging.DEBUG if status < 400 else logging.INFO
        path = shorten(ascii(scope["path"])).replace(self._token.decode("ascii"), "TOKEN")
        log.log(level, "%s %s %d %.0f ms", ascii(scope["method"]), path, status, 1000 * seconds)


def _refuse(status: int, fault: Fault) -> Response:
    """Strangers are not let to hold a connection open: there are few."""
    return fault_reply(fault, status, {"Connection": "close"})


class _Status:
    """Hands on what is sent and remembers the status; 0: nothing was sent."""

    def __init__(self, send: Send) -> None:
        self._send, self.status = send, 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        await self._send(message)
