"""How far a piece of work is, told from its thread; and how to stop it. Without Qt."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from lexel.errors import CancelledError

_EVERY_S = 0.05


@dataclass(frozen=True)
class Stage:
    """Where work is.

    Attributes:
        name: of the stage.
        done, total: steps; `total` is None where nobody knows.
        elapsed_s: since the stage began.
        said: the last message.
    """

    name: str = ""
    done: int = 0
    total: int | None = None
    elapsed_s: float = 0.0
    said: str = ""

    @property
    def share(self) -> float | None:
        """0..1; None where nobody knows."""
        return min(self.done / self.total, 1.0) if self.total else None

    @property
    def left_s(self) -> float | None:
        """How long the stage will still take, if it goes on as it went."""
        share = self.share
        return self.elapsed_s * (1 - share) / share if share else None


@dataclass
class Watched:
    """A `Progress` for work in another thread.

    Attributes:
        tell: called in that thread with where the work is, not more often than the eye can see.
    """

    tell: Callable[[Stage], None]
    _stage: Stage = field(default_factory=Stage)
    _stop: threading.Event = field(default_factory=threading.Event)
    _begun: float = 0.0
    _told: float = 0.0

    def cancel(self) -> None:
        """From any thread: the work is to stop at its next step."""
        self._stop.set()

    @property
    def cancelled(self) -> bool:
        return self._stop.is_set()

    def check(self) -> None:
        """Raise `CancelledError` where the work is to stop."""
        if self._stop.is_set():
            raise CancelledError

    def begin(self, stage: str, total: int | None) -> None:
        self.check()
        self._begun = time.monotonic()
        self._set(Stage(stage, 0, total, said=self._stage.said), at_once=True)

    def advance(self, steps: int = 1) -> None:
        self.check()
        elapsed = time.monotonic() - self._begun
        self._set(replace(self._stage, done=self._stage.done + steps, elapsed_s=elapsed))

    def say(self, message: str) -> None:
        self.check()
        self._set(replace(self._stage, said=message), at_once=True)

    def _set(self, stage: Stage, *, at_once: bool = False) -> None:
        self._stage = stage
        now = time.monotonic()
        if at_once or now - self._told >= _EVERY_S:
            self._told = now
            self.tell(stage)


def in_words(seconds: float) -> str:
    """How long is left, as people say it."""
    if seconds < 1:
        return "a moment left"
    if seconds < 90:
        return f"{seconds:.0f} s left"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min left"
    return f"{seconds / 3600:.1f} h left"
