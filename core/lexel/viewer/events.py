"""How parts of the viewer tell each other of things, without Qt."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Event(Generic[T]):
    """Listeners that are called with a value, in the order they came.

    >>> heard: list[int] = []
    >>> event = Event[int]()
    >>> leave = event.connect(heard.append)
    >>> event.emit(1)
    >>> leave()
    >>> event.emit(2)
    >>> heard
    [1]
    """

    def __init__(self) -> None:
        self._listeners: list[Callable[[T], None]] = []

    def connect(self, listener: Callable[[T], None]) -> Callable[[], None]:
        """Call `listener` from now on; what is returned ends that."""
        self._listeners.append(listener)

        def leave() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return leave

    def emit(self, value: T) -> None:
        """Tell everybody who listens now."""
        for listener in tuple(self._listeners):
            listener(value)
