"""What went wrong, as a status and a fault that a client can read."""

from __future__ import annotations

from lexel.errors import CancelledError, InputError, LexelError
from lexel.service.wire import Fault, ProtocolError

BAD, UNAUTHORIZED, FORBIDDEN, MISSING = 400, 401, 403, 404
SLOW, CONFLICT, TOO_LARGE, LOCKED, BUSY, OUR_FAULT, FULL = 408, 409, 413, 423, 429, 500, 503


class NotHere(ProtocolError):
    """Nothing has this name."""


class TooMany(ProtocolError):
    """There is no room for another."""


class TooLarge(ProtocolError):
    """A body, or what was uploaded so far, is beyond its limit."""


class InUse(ProtocolError):
    """It is being built from, and must not change until that has ended."""


_STATUS: dict[type[Exception], int] = {
    NotHere: MISSING,
    TooMany: BUSY,
    TooLarge: TOO_LARGE,
    InUse: LOCKED,
    ProtocolError: BAD,
    CancelledError: CONFLICT,
    InputError: BAD,
}


def status_and_fault(error: Exception) -> tuple[int, Fault]:
    """How to answer to an error; what is our own fault is not told in detail."""
    status = next((s for kind, s in _STATUS.items() if isinstance(error, kind)), OUR_FAULT)
    if isinstance(error, ProtocolError):
        return status, error.fault
    if isinstance(error, LexelError):
        return status, fault_of_error(error)
    return OUR_FAULT, Fault("the service made a mistake; its log says more")


def fault_of_error(error: LexelError) -> Fault:
    """Lexel's own error as it travels."""
    what = f"{error.where}: {error.what}" if error.where else error.what
    return Fault(what, error.got, error.do)
