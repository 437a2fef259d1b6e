"""Only the newest query counts: while somebody types, older ones give up.

>>> newest = Newest()
>>> older, newer = newest.begin(), newest.begin()
>>> newer.check()
>>> older.check()
Traceback (most recent call last):
lexel.errors.CancelledError: a newer query came.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from lexel.errors import CancelledError


@dataclass(frozen=True)
class Turn:
    """One query's place in the sequence; a `Check` for the engine."""

    number: int
    newest: Newest

    def check(self) -> None:
        """Raise `CancelledError` if a newer query has begun."""
        if self.number < self.newest.number:
            raise CancelledError("a newer query came")


@dataclass
class Newest:
    """The sequence of one client's queries; may be used from several threads."""

    number: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def begin(self, number: int | None = None) -> Turn:
        """A new query's turn; it cancels all older ones.

        Args:
            number: the client's own count; None counts on.

        Raises:
            CancelledError: a query with this number or a higher one came before.
        """
        with self._lock:
            number = self.number + 1 if number is None else number
            if number <= self.number:
                raise CancelledError("a newer query came")
            self.number = number
        return Turn(number, self)
