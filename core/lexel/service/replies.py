"""Replies: JSON, and arrays with their layout in headers."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from starlette.responses import Response

from lexel.service.arrays import ARRAY_TYPE, Layout, bytes_of
from lexel.service.protocol import JSON_TYPE
from lexel.service.wire import Fault, dump

Headers = Mapping[str, str] | None


def json_reply(value: object, status: int = 200, headers: Headers = None) -> Response:
    """ASCII: text that came may hold halves of characters, which no UTF-8 has."""
    return Response(dump(value), status, headers, JSON_TYPE)


def fault_reply(fault: Fault, status: int, headers: Headers = None) -> Response:
    return json_reply(fault.as_json(), status, headers)


def array_reply(array: npt.NDArray[np.float32], headers: Headers = None) -> Response:
    told = {**Layout.of(array).headers(), **(headers or {})}
    return Response(bytes_of(array), headers=told, media_type=ARRAY_TYPE)
