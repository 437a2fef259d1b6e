"""The calls of protocol 1: from a request to a reply. Work is done in threads and processes."""

from __future__ import annotations

import asyncio
import math
import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

import lexel
from lexel.errors import LexelError, shorten
from lexel.service.address import PROTOCOL
from lexel.service.asking import Typists, answer, encode
from lexel.service.faults import SLOW, TooLarge, status_and_fault
from lexel.service.jobs import Jobs
from lexel.service.open_fields import OpenFields
from lexel.service.protocol import (
    ENCODE,
    FIELDS,
    HELLO,
    JOBS,
    META,
    UPLOADS,
    Ask,
    Encode,
    Hello,
    Limits,
)
from lexel.service.replies import array_reply, fault_reply, json_reply
from lexel.service.uploads import Uploads
from lexel.service.views import UploadedView
from lexel.service.wire import Fault, ProtocolError, Reader, parse_object

_VIEW = re.compile("[0-9]{1,4}")


@dataclass(frozen=True, eq=False)
class Calls:
    """What the service can be asked, and what it works with.

    Attributes:
        pool: threads of answers; opening and uploading have others, so that nobody who types
            waits for a disk.
    """

    limits: Limits
    fields: OpenFields
    typists: Typists
    uploads: Uploads
    jobs: Jobs
    pool: ThreadPoolExecutor

    async def hello(self, request: Request) -> Response:
        held = self.fields.all()
        spoken = {one.encoder: one.spoken() for one in held}
        hello = Hello(
            protocol=PROTOCOL,
            version=lexel.__version__,
            encoders=tuple(spoken.values()),
            fields=tuple(one.brief() for one in held),
            limits=self.limits,
        )
        return json_reply(hello.as_json())

    async def open_field(self, request: Request) -> Response:
        told = Reader(await self._object(request)).only("path")
        held = await asyncio.to_thread(self.fields.open, told.text("path"))
        return json_reply((await asyncio.to_thread(held.opened)).as_json())

    async def field(self, request: Request) -> Response:
        held = self.fields.get(request.path_params["field"])
        return json_reply((await asyncio.to_thread(held.opened)).as_json())

    async def encode(self, request: Request) -> Response:
        order = Encode.from_json(await self._object(request))
        held = self.fields.speaking(order.encoder)
        return array_reply(await self._in_pool(encode, held.askable, order))

    async def ask(self, request: Request) -> Response:
        held = self.fields.get(request.path_params["field"])
        ask = Ask.from_json(await self._object(request))
        check = self.typists.begin(ask)
        scores, meta = await self._in_pool(answer, held.askable, ask, check)
        return array_reply(scores, {META: meta.decode("ascii")})

    async def start_job(self, request: Request) -> Response:
        told = Reader(await self._object(request)).only("kind", "arguments")
        job = await self.jobs.start(told.text("kind"), told.mapping("arguments"))
        return json_reply(job.state.as_json())

    async def job(self, request: Request) -> Response:
        job = self.jobs.get(request.path_params["job"])
        if "after" in request.query_params:
            after = _number(request.query_params, "after", 2.0**53)
            await job.wait(int(after), _number(request.query_params, "wait", self.limits.wait_s))
        return json_reply(job.state.as_json())

    async def cancel_job(self, request: Request) -> Response:
        job = self.jobs.get(request.path_params["job"])
        job.stop.set()
        return json_reply(job.state.as_json())

    async def upload(self, request: Request) -> Response:
        name, number = request.path_params["upload"], request.path_params["view"]
        if not _VIEW.fullmatch(number):
            raise ProtocolError("a view is a number from 0 to 9999", shorten(number))
        body = await self._body(request, self.limits.upload_bytes)
        await asyncio.to_thread(self._save, name, int(number), request.headers, body)
        return json_reply({"upload": name, "view": int(number)})

    def _save(self, name: str, number: int, headers: Mapping[str, str], body: bytearray) -> None:
        view = UploadedView.decode(headers, body)
        self.uploads.save(name, number, view, len(body))

    async def _object(self, request: Request) -> dict[str, Any]:
        return parse_object(await self._body(request, self.limits.body_bytes))

    async def _body(self, request: Request, limit: int) -> bytearray:
        """The whole body, never copied; refused as soon as it is known to be too long."""
        if _promised(request) > limit:
            raise _too_large(limit)
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > limit:
                raise _too_large(limit)
        return body

    async def _in_pool(self, work: Callable[..., Any], *arguments: Any) -> Any:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.pool, partial(work, *arguments))


def make_app(calls: Calls) -> Starlette:
    """The calls at their paths; every error is answered as JSON."""
    routes = (
        Route(HELLO, calls.hello, methods=["GET"]),
        Route(FIELDS, calls.open_field, methods=["POST"]),
        Route(FIELDS + "/{field}", calls.field, methods=["GET"]),
        Route(FIELDS + "/{field}/ask", calls.ask, methods=["POST"]),
        Route(ENCODE, calls.encode, methods=["POST"]),
        Route(JOBS, calls.start_job, methods=["POST"]),
        Route(JOBS + "/{job}", calls.job, methods=["GET"]),
        Route(JOBS + "/{job}", calls.cancel_job, methods=["DELETE"]),
        Route(UPLOADS + "/{upload}/{view}", calls.upload, methods=["PUT"]),
    )
    app = Starlette(
        routes=routes,
        exception_handlers={
            HTTPException: _no_such_call,
            ClientDisconnect: _gone,
            ProtocolError: _say,
            LexelError: _say,
            Exception: _say,
        },
    )
    app.router.redirect_slashes = False
    return app


async def _say(request: Request, error: Exception) -> Response:
    status, fault = status_and_fault(error)
    return fault_reply(fault, status)


async def _no_such_call(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    allowed = (error.headers or {}).get("Allow")
    what = "there is no such call" if allowed is None else "this call has other methods"
    got = shorten(ascii(f"{request.method} {request.url.path}"))
    fault = Fault(what, got, allowed or "docs/service.md lists the calls.")
    return fault_reply(fault, error.status_code, error.headers)


async def _gone(request: Request, error: Exception) -> Response:
    """Nobody is there to read it."""
    return Response(status_code=SLOW)


def _promised(request: Request) -> int:
    """Bytes of the body by its head; 0: it does not say."""
    return int(request.headers.get("content-length", "0"))


def _too_large(limit: int) -> TooLarge:
    return TooLarge(f"the body has more than {limit} bytes", do="Send less at once.")


def _number(query: Mapping[str, str], key: str, most: float) -> float:
    """A number of the address, at most `most`."""
    try:
        value = float(query.get(key, "0"))
    except ValueError:
        value = -1.0
    if not 0 <= value < math.inf:
        raise ProtocolError(f"'{key}' should be a number from 0", shorten(query[key]))
    return min(value, most)
