"""A thread with a letter box: what it works with comes by post, so nobody needs a lock.

Letters may be sent from anywhere, from finalizers too: those run in the middle of any thread.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

T = TypeVar("T")


class Post(Generic[T]):
    """The thread begins with the first letter and runs `work` until that returns."""

    def __init__(self, work: Callable[[], None], name: str) -> None:
        self.closed = False
        self._letters: SimpleQueue[T | None] = SimpleQueue()
        self._thread = threading.Thread(target=work, name=name, daemon=True)

    def send(self, letter: T) -> None:
        """From the window's thread only, the first time."""
        self._letters.put(letter)
        if not self.closed and self._thread.ident is None:
            self._thread.start()

    def close(self) -> None:
        """The thread shall end: `wait` returns at once from now on."""
        self.closed = True
        self._letters.put(None)

    def join(self) -> None:
        """Wait for the thread's end."""
        if self._thread.ident is not None:
            self._thread.join()

    @property
    def waiting(self) -> bool:
        """Whether there are letters."""
        return not self._letters.empty()

    def wait(self, patience_s: float | None = None) -> list[T]:
        """The letters that have come; none at the end or when the patience is. For the thread."""
        if self.closed:  # the letter that said so may have been looked at already
            return []
        try:
            first = self._letters.get(timeout=patience_s)
        except Empty:
            return []
        return self.look() if first is None else [first, *self.look()]

    def look(self) -> list[T]:
        """The letters that have come, if any. For the thread."""
        letters: list[T] = []
        while True:
            try:
                letter = self._letters.get_nowait()
            except Empty:
                return letters
            if letter is not None:
                letters.append(letter)
