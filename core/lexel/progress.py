"""How long work tells the outside where it is, and how the outside stops it.

The command line draws bars, a window moves a widget, a test counts: each passes its own
`Progress`. The work itself never prints.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sized
from typing import Protocol, TypeVar

T = TypeVar("T")


class Progress(Protocol):
    """Receives steps. Any method may raise `CancelledError` to stop the work."""

    def begin(self, stage: str, total: int | None) -> None:
        """A stage of `total` steps starts (None: unknown)."""

    def advance(self, steps: int = 1) -> None:
        """`steps` more steps of the stage are done."""

    def say(self, message: str) -> None:
        """Something the user should know: a repair, a choice made for them."""


class Silent:
    """A `Progress` that ignores everything."""

    def begin(self, stage: str, total: int | None) -> None:
        pass

    def advance(self, steps: int = 1) -> None:
        pass

    def say(self, message: str) -> None:
        pass


def track(items: Iterable[T], stage: str, progress: Progress) -> Iterator[T]:
    """Yield `items`, one step of `stage` each."""
    progress.begin(stage, len(items) if isinstance(items, Sized) else None)
    for item in items:
        yield item
        progress.advance()
