"""How long a connection may take, and how many there may be: what uvicorn leaves open."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from lexel.service.faults import BAD, FULL, SLOW
from lexel.service.protocol import JSON_TYPE, Limits
from lexel.service.wire import Fault, dump

log = logging.getLogger("lexel.service")


def limited(limits: Limits) -> type[H11Protocol]:
    """uvicorn's protocol with these limits."""

    class Limited(LimitedProtocol):
        LIMITS = limits

    return Limited


class LimitedProtocol(H11Protocol):
    """A connection whose requests must arrive in time, one of so many.

    The clock runs from the connection's, or a request's, first byte until its last; between
    requests uvicorn's own, for idle connections, runs.
    """

    LIMITS = Limits()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._clock: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)  # type: ignore[arg-type]
        if len(self.connections) > self.LIMITS.connections:
            fault = Fault(
                f"there are {self.LIMITS.connections} connections already", do="Try again later."
            )
            self._end(FULL, fault)
        else:
            self._start_clock()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_clock()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.conn.their_state in (h11.IDLE, h11.SEND_BODY):
            self._start_clock()
        else:
            self._stop_clock()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.conn.their_state is h11.IDLE and not self.conn.trailing_data[0]:
            self._stop_clock()

    def timeout_keep_alive_handler(self) -> None:
        """Idle, or so slow to read the last reply that it counts as gone."""
        if self.transport.get_write_buffer_size():
            self.transport.abort()
        else:
            super().timeout_keep_alive_handler()

    def send_400_response(self, msg: str) -> None:
        self._end(BAD, Fault("this is no HTTP request", do="docs/service.md shows how to ask."))

    def _start_clock(self) -> None:
        if self._clock is None:
            self._clock = self.loop.call_later(self.LIMITS.send_s, self._too_slow)

    def _stop_clock(self) -> None:
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None

    def _too_slow(self) -> None:
        self._clock = None
        fault = Fault(
            f"the request did not arrive within {self.LIMITS.send_s:g} s", do="Send it faster."
        )
        self._end(SLOW, fault)

    def _end(self, status: int, fault: Fault) -> None:
        """Say why, if nothing else is being said, and close."""
        self._stop_clock()
        if self.cycle is not None:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        log.info("a connection was ended: %s", fault.what)
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            body = dump(fault.as_json())
            headers = [
                ("content-type", JSON_TYPE),
                ("content-length", str(len(body))),
                ("connection", "close"),
            ]
            for event in (
                h11.Response(status_code=status, headers=headers),
                h11.Data(data=body),
                h11.EndOfMessage(),
            ):
                self.transport.write(self.conn.send(event))
        self.transport.close()
