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

from typing import ClassVar


class LexelError(Exception):
    """Root of all errors raised on purpose.

    Args:
        what: the fault, as a sentence without its full stop.
        where: the file, key or argument it was found in.
        got: the offending value, shortened for display.
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
        self.got = None if got is None else shorten(str(got))
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


def shorten(text: str, limit: int = 80) -> str:
    """`text` on one line, cut in the middle to at most `limit` characters."""
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    half = (limit - 3) // 2
    return f"{line[:half]}...{line[-half:]}"
