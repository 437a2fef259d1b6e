"""Binary files read in order, that neither read nor count past their end."""

from __future__ import annotations

import struct
from pathlib import Path
from types import TracebackType
from typing import Any

from lexel.errors import SceneError


class ByteReader:
    """What is left of a file; a context manager."""

    def __init__(self, file: Path) -> None:
        self._file = file
        try:
            self._stream = file.open("rb")
            self._left = file.stat().st_size
        except OSError as cause:
            raise SceneError("cannot be read", where=file, got=cause) from cause

    def __enter__(self) -> ByteReader:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stream.close()

    def unpack(self, layout: str) -> tuple[Any, ...]:
        """The next values, laid out as in `struct`."""
        return struct.unpack(layout, self._take(struct.calcsize(layout)))

    def count(self, least_bytes: int) -> int:
        """The next number (uint64), of things that take at least so many bytes each."""
        (number,) = self.unpack("<Q")
        if number * least_bytes > self._left:
            raise self._damaged(f"{number:,} entries cannot stand in {self._left:,} bytes")
        return int(number)

    def text(self, max_bytes: int) -> str:
        """The next text, which ends in a zero byte."""
        content = bytearray()
        while (byte := self._take(1)) != b"\0":
            content += byte
            if len(content) > max_bytes:
                raise self._damaged(f"a text is longer than {max_bytes:,} bytes")
        return content.decode("utf-8", "surrogateescape")

    def skip(self, num_bytes: int) -> None:
        """Pass over bytes that `count` has seen to be there."""
        if num_bytes > self._left:
            raise self._damaged("it ends too soon")
        self._left -= num_bytes
        self._stream.seek(num_bytes, 1)

    def _take(self, num_bytes: int) -> bytes:
        if num_bytes > self._left:
            raise self._damaged("it ends too soon")
        self._left -= num_bytes
        return self._stream.read(num_bytes)

    def _damaged(self, what: str) -> SceneError:
        return SceneError(
            f"is damaged or cut short: {what}", where=self._file, do="Copy or export it again."
        )
