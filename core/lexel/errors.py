"""The exception tree. Every message says what is wrong, where, what was got, and what to do.

LexelError                 anything Lexel raises on purpose
├── InputError             the user's input is wrong            (exit code 2)
│   ├── SceneError         a scene, scan or photo
│   ├── LabelError         a label, description or query text
│   ├── EncoderError       an image-text encoder that cannot serve
│   └── WeightsError       weights that are missing, wrong or unsafe
└── CancelledError         the user stopped it                  (exit code 130)
"""

from __future__ import annotations

import reprlib
from typing import ClassVar


class LexelError(Exception):
    """Root of all errors raised on purpose.

    Args:
        what: the fault, as a sentence without its full stop.
        where: the file, key or argument it was found in.
        got: the offending value, whatever it is; shortened for display.
        do: what the user can do next.
    """

    exit_code: ClassVar[int] = 1

    def __init__(
        self,
        what: str,
        *,
        where: object = None,
        got: object = None,
        do: str | None = None,
    ) -> None:
        self.what = what
        self.where = None if where is None else str(where)
        self.got = None if got is None else shorten(brief(got))
        self.do = do
        super().__init__(self._sentence())

    def _sentence(self) -> str:
        head = f"{self.where}: {self.what}" if self.where else self.what
        if self.got is not None:
            head += f" (got {self.got})"
        return f"{head}. {self.do}" if self.do else f"{head}."


class InputError(LexelError):
    """The user's input is wrong."""

    exit_code = 2


class SceneError(InputError):
    """A scene, scan or photo cannot be used as it is."""


class LabelError(InputError):
    """A label, description or query text cannot be used as it is."""


class EncoderError(InputError):
    """An image-text encoder cannot do what was asked of it."""


class WeightsError(InputError):
    """Weights are missing, damaged or of an unsafe kind."""


class CancelledError(LexelError):
    """The user cancelled the work."""

    exit_code = 130

    def __init__(self, what: str = "cancelled") -> None:
        super().__init__(what)


_MAX_SHOWN = 80
_MAX_TEXT = 10_000  # characters looked at from either end
_MAX_INT_BITS = 1000  # Python refuses to write out integers of thousands of digits
_REPRESENTED = (list, tuple, dict, set, frozenset, int)


class _Brief(reprlib.Repr):
    """`repr` of containers that looks at a few items only, a few levels down."""

    def __init__(self) -> None:
        super().__init__()
        self.maxlevel = 4
        self.maxlist = self.maxtuple = self.maxdict = self.maxset = self.maxfrozenset = 8
        self.maxarray = self.maxdeque = 8
        self.maxstring = self.maxother = _MAX_SHOWN

    def repr_int(self, x: int, level: int) -> str:
        return str(x) if x.bit_length() <= _MAX_INT_BITS else f"an integer of {x.bit_length()} bits"


def brief(value: object) -> str:
    """`value` in words, whatever it is: always quick, never an error of its own."""
    if isinstance(value, BaseException) and not all(isinstance(a, str | int) for a in value.args):
        return f"{type(value).__name__}: {brief(value.args)}"
    if isinstance(value, bytes | bytearray):
        value = bytes(value[:_MAX_SHOWN])
    try:
        return _Brief().repr(value) if type(value) in _REPRESENTED else str(value)
    except Exception:  # noqa: BLE001 - a value that cannot be shown must not hide the fault
        return f"a {type(value).__name__}"


def shorten(text: str, limit: int = _MAX_SHOWN) -> str:
    """`text` on one line, cut in the middle to at most `limit` characters."""
    if len(text) > 2 * _MAX_TEXT:
        text = f"{text[:_MAX_TEXT]}...{text[-_MAX_TEXT:]}"
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    half = (limit - 3) // 2
    return f"{line[:half]}...{line[-half:]}"
