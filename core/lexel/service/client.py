"""A client of the service. It starts no threads and waits no longer than it is told.

The standard library and numpy alone: the Blender extension carries a copy of this file.

>>> with Client.find() as client:  # doctest: +SKIP
...     field = client.open_field("/scans/kitchen.lexel")
...     scores, meta = client.ask(field.id, Ask(("mug", "chair")))
"""

from __future__ import annotations

import http.client
from collections.abc import Mapping
from http.client import HTTPMessage
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import numpy.typing as npt

from lexel.service.address import PROTOCOL, Address, load_address
from lexel.service.arrays import ARRAY_TYPE, DTYPE, SHAPE, read_layout
from lexel.service.line import Connection
from lexel.service.protocol import (
    ENCODE,
    FIELDS,
    HELLO,
    JOBS,
    JSON_TYPE,
    META,
    UPLOADS,
    Ask,
    AskMeta,
    Encode,
    Hello,
    JobState,
    Limits,
    OpenedField,
)
from lexel.service.views import UploadedView
from lexel.service.wire import Fault, ProtocolError, dump, fault_of, parse_object

Floats = npt.NDArray[np.float32]

# A service that lies may not fill the memory of whoever asks it.
_MAX_JSON_BYTES, _MAX_ARRAY_BYTES, _MAX_FAULT_BYTES = 16 * 2**20, 64 * 2**20, 64 * 2**10
_CONFLICT, _TOO_LARGE = 409, 413
_START = "Start one: lexel serve."


class ServiceError(Exception):
    """Root of what a client raises; the message says what to do."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(str(fault))


class NoService(ServiceError):
    """None runs, or it cannot be reached."""


class TooSlow(ServiceError):
    """It did not answer in time."""


class BadReply(ServiceError):
    """What came is no answer of this protocol."""


class Refused(ServiceError):
    """The service refused; `status` is HTTP's."""

    def __init__(self, fault: Fault, status: int) -> None:
        super().__init__(fault)
        self.status = status


class Superseded(Refused):
    """The same client has asked something newer."""


class Client:
    """One connection to a service, kept alive; used by one thread at a time.

    Args:
        address: where, and with which token.
        timeout_s: for each call as a whole. A call that fails closes the connection; the next
            one opens another.
    """

    def __init__(self, address: Address, timeout_s: float = 10.0) -> None:
        self._timeout_s = timeout_s
        self._headers = {"Authorization": f"Bearer {address.token}"}
        self._connection = Connection(address.port)

    @classmethod
    def find(cls, file: Path | None = None, timeout_s: float = 10.0) -> Client:
        """A client of the service that this user runs, once it has said that it understands us.

        Args:
            file: its `service.json`, if not at the usual place.

        Raises:
            NoService: there is none.
            ServiceError: it is another than it should be.
        """
        client = cls.announced(file, timeout_s)
        try:
            client.greet()
        except ServiceError:
            client.close()
            raise
        return client

    @classmethod
    def announced(cls, file: Path | None = None, timeout_s: float = 10.0) -> Client:
        """A client of whatever a `service.json` tells of, which nobody has greeted yet.

        Raises:
            NoService: there is none.
            BadReply: it speaks another protocol.
        """
        return cls(_address(file), timeout_s)

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._connection.close()

    def interrupt(self) -> None:
        """Have a call that another thread waits for fail at once."""
        self._connection.interrupt()

    def greet(self) -> Hello:
        """Who answers; an error if it speaks another protocol."""
        value = self._json("GET", HELLO)
        _check_protocol(value.get("protocol"))
        return _read(Hello.from_json, value)

    def open_field(self, path: str | Path) -> OpenedField:
        return _read(OpenedField.from_json, self._json("POST", FIELDS, {"path": str(path)}))

    def field(self, field: str) -> OpenedField:
        return _read(OpenedField.from_json, self._json("GET", f"{FIELDS}/{field}"))

    def encode(self, order: Encode) -> Floats:
        """(P, D) float32; (P, D + S) with sentences."""
        return self._array("POST", ENCODE, order.as_json())[0]

    def ask(self, field: str, ask: Ask) -> tuple[Floats, AskMeta]:
        """Scores (Q, K) float32 of all codes, and how to read them.

        Raises:
            Superseded: the same client has asked something newer.
        """
        scores, headers = self._array("POST", f"{FIELDS}/{field}/ask", ask.as_json())
        meta = _read(AskMeta.from_json, _object(headers.get(META, "").encode("latin-1")))
        if len(meta.queries) != len(scores):
            raise BadReply(Fault("the scores and what is said of them do not fit"))
        return scores, meta

    def start(self, kind: str, arguments: Mapping[str, Any]) -> JobState:
        """A new job."""
        order = {"kind": kind, "arguments": dict(arguments)}
        return _read(JobState.from_json, self._json("POST", JOBS, order))

    def job(self, job: str, *, after: int | None = None, wait_s: float = 0.0) -> JobState:
        """Where a job is; with `after`, once its version is beyond it, or after `wait_s`."""
        query = "" if after is None else f"?after={after}&wait={wait_s:g}"
        value = self._json("GET", f"{JOBS}/{job}{query}", more_s=wait_s)
        return _read(JobState.from_json, value)

    def cancel(self, job: str) -> JobState:
        return _read(JobState.from_json, self._json("DELETE", f"{JOBS}/{job}"))

    def upload(self, upload: str, number: int, view: UploadedView) -> None:
        """Give a view of an upload, which `start("build", {"upload": ...})` builds from."""
        headers, body = view.encode()
        if len(body) > (most := Limits().upload_bytes):
            fault = Fault(f"a view has at most {most} bytes", str(len(body)), "Render it smaller.")
            raise Refused(fault, _TOO_LARGE)
        with self._reply("PUT", f"{UPLOADS}/{upload}/{number}", body, headers) as response:
            self._content(response, _MAX_JSON_BYTES)

    def _json(
        self, method: str, path: str, body: object = None, more_s: float = 0.0
    ) -> dict[str, Any]:
        sent = None if body is None else dump(body)
        headers = {} if body is None else {"Content-Type": JSON_TYPE}
        with self._reply(method, path, sent, headers, more_s) as response:
            return _object(self._content(response, _MAX_JSON_BYTES))

    def _array(self, method: str, path: str, body: object) -> tuple[Floats, HTTPMessage]:
        headers = {"Content-Type": JSON_TYPE}
        with self._reply(method, path, dump(body), headers) as response:
            told = response.headers
            if told.get_content_type() != ARRAY_TYPE:
                raise self._broken("the reply should be an array")
            try:
                layout = read_layout(told.get(DTYPE), told.get(SHAPE))
            except ProtocolError as error:
                raise self._broken(str(error)) from error
            if layout.dtype != "float32" or len(layout.shape) != 2:
                raise self._broken("the reply should be rows of float32")
            if layout.num_bytes != response.length or layout.num_bytes > _MAX_ARRAY_BYTES:
                raise self._broken("the reply is not as long as it says, or too long")
            array = np.empty(layout.shape, np.dtype("<f4"))
            self._fill(response, array.reshape(-1).view(np.uint8).data)
            return array.astype(np.float32, copy=False), told

    def _reply(
        self,
        method: str,
        path: str,
        body: bytes | None,
        headers: Mapping[str, str],
        more_s: float = 0.0,
    ) -> http.client.HTTPResponse:
        """The head of a reply; refusals are raised."""
        try:
            response = self._connection.exchange(
                method, path, body, {**self._headers, **headers}, self._timeout_s + more_s
            )
        except TimeoutError as error:
            raise TooSlow(_too_slow(self._timeout_s + more_s)) from error
        except OSError as error:
            raise NoService(Fault("the service cannot be reached", str(error), _START)) from error
        except (http.client.HTTPException, ValueError) as error:
            raise BadReply(Fault("the reply is no HTTP", str(error)[:80])) from error
        if response.status // 100 == 2:
            return response
        with response:
            fault = fault_of(self._content(response, _MAX_FAULT_BYTES))
        kind = Superseded if response.status == _CONFLICT else Refused
        raise kind(fault, response.status)

    def _content(self, response: http.client.HTTPResponse, limit: int) -> bytes:
        """The whole body."""
        if response.length is None or response.length > limit:
            raise self._broken("the reply does not say how long it is, or is too long")
        body = bytearray(response.length)
        self._fill(response, memoryview(body))
        return bytes(body)

    def _fill(self, response: http.client.HTTPResponse, view: memoryview) -> None:
        """Read exactly as many bytes as there is room for."""
        at = 0
        try:
            while at < len(view):
                read = response.readinto(view[at:])
                if not read:
                    raise self._broken("the reply broke off")
                at += read
        except TimeoutError as error:
            self.close()
            raise TooSlow(_too_slow(self._timeout_s)) from error
        except (OSError, http.client.HTTPException) as error:
            raise self._broken("the reply broke off") from error

    def _broken(self, what: str) -> BadReply:
        """An error after which the connection cannot be used."""
        self.close()
        return BadReply(Fault(what, do="Is it lexel serve that listens there? Start it anew."))


def _address(file: Path | None) -> Address:
    try:
        address = load_address(file)
    except OSError as error:
        raise NoService(Fault("no service is running", do=_START)) from error
    except ProtocolError as error:
        raise NoService(error.fault) from error
    _check_protocol(address.protocol)
    return address


def _check_protocol(spoken: object) -> None:
    if spoken != PROTOCOL:
        raise BadReply(
            Fault(
                f"the service speaks another protocol than {PROTOCOL}",
                str(spoken)[:80],
                "Install the same version of Lexel on both sides.",
            )
        )


def _too_slow(seconds: float) -> Fault:
    return Fault(
        f"the service did not answer within {seconds:g} s", do="Try again, or wait longer."
    )


def _object(body: bytes) -> dict[str, Any]:
    return _read(parse_object, body)


def _read(parse: Any, value: Any) -> Any:
    try:
        return parse(value)
    except ProtocolError as error:
        raise BadReply(error.fault) from error
