"""Requests that are nearly right: bytes changed, cut, doubled; JSON of any kind; wrong keys."""

from __future__ import annotations

import contextlib
import json
import socket
from collections import Counter
from collections.abc import Iterator

import numpy as np

from lexel.service.address import HOST, Address

_CALLS = (
    ("GET", "/v1/hello"),
    ("POST", "/v1/fields"),
    ("GET", "/v1/fields/{field}"),
    ("POST", "/v1/fields/{field}/ask"),
    ("POST", "/v1/encode"),
    ("POST", "/v1/jobs"),
    ("GET", "/v1/jobs/0?after=0&wait=0"),
    ("DELETE", "/v1/jobs/0"),
    ("PUT", "/v1/uploads/a/0"),
)
_KEYS = (
    "queries negatives balance examples client seq camera top path encoder phrases sentence kind "
    "arguments codes weights scene upload out"
).split()
_SCALARS = (None, True, 0, -1, 1e308, 2**70, "", "mug", "\0", "\ud800", "x" * 5000)
_NO_REPLY = 0
_WHOLE = 0.5  # of the requests; the others are damaged
_PATIENCE_S, _HASTE_S = 10.0, 0.1


def fuzz(address: Address, field: str, count: int, seed: int) -> Counter[int]:
    """Send so many; how often each status came, 0 where none came before we hung up."""
    random = np.random.default_rng(seed)
    seen: Counter[int] = Counter()
    for request in _requests(random, address, field, count):
        whole = random.random() < _WHOLE
        sent = request if whole else _damaged(random, request)
        seen[_status(address, sent, _PATIENCE_S if whole else _HASTE_S)] += 1
    return seen


def _requests(
    random: np.random.Generator, address: Address, field: str, count: int
) -> Iterator[bytes]:
    for _ in range(count):
        method, path = _CALLS[random.integers(len(_CALLS))]
        body = json.dumps(_value(random, 3)).encode()
        head = (
            f"{method} {path.format(field=field)} HTTP/1.1\r\nHost: {HOST}:{address.port}\r\n"
            f"Authorization: Bearer {address.token}\r\nConnection: close\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        yield head.encode() + body


def _value(random: np.random.Generator, depth: int) -> object:
    """An object of known keys at the top; anything below."""
    keys = random.choice(_KEYS, random.integers(0, 5))
    return {str(key): _inner(random, depth - 1) for key in keys}


def _inner(random: np.random.Generator, depth: int) -> object:
    kind = random.integers(3) if depth else 0
    if kind == 0:
        return _SCALARS[random.integers(len(_SCALARS))]
    if kind == 1:
        return [_inner(random, depth - 1) for _ in range(random.integers(0, 4))]
    return _value(random, depth)


def _damaged(random: np.random.Generator, request: bytes) -> bytes:
    """Some bytes changed, cut out or doubled."""
    data = bytearray(request)
    for _ in range(random.integers(1, 6)):
        at = int(random.integers(len(data)))
        match random.integers(3):
            case 0:
                data[at] = random.integers(256)
            case 1:
                del data[at : at + int(random.integers(1, 20))]
            case _:
                data[at:at] = data[at : at + 20]
    return bytes(data)


def _status(address: Address, request: bytes, patience_s: float) -> int:
    """Send a request and no more; if it was cut, the service waits for the rest, and we do not."""
    reply = b""
    place = HOST, address.port
    with contextlib.suppress(OSError), socket.create_connection(place, _PATIENCE_S) as sock:
        sock.sendall(request)
        sock.settimeout(patience_s)
        while part := sock.recv(65536):
            reply += part
    return int(reply[9:12]) if reply.startswith(b"HTTP/1.1 ") else _NO_REPLY
