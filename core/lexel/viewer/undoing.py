"""Steps back and forth through what the user chose. The camera is nobody's step."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, field, replace

from lexel.viewer.choices import Choices

_MOST = 500
NOT_UNDONE = frozenset({"camera"})


@dataclass(frozen=True)
class Step:
    """One change: `names` of the attributes that it changed."""

    names: frozenset[str]
    before: Choices
    after: Choices


@dataclass
class Undoing:
    """What can be undone and done again.

    Letters typed one after the other, or a slider that is drawn along, are one step: changes of
    the same attributes join until `settle` is called.
    """

    _done: list[Step] = field(default_factory=list)
    _undone: list[Step] = field(default_factory=list)
    _open: bool = False

    def record(self, names: Set[str], before: Choices, after: Choices) -> None:
        """A change was made."""
        names = frozenset(names) - NOT_UNDONE
        if not names:
            return
        self._undone.clear()
        if self._open and self._done and self._done[-1].names == names:
            before = self._done.pop().before
        self._done.append(Step(names, before, after))
        del self._done[:-_MOST]
        self._open = True

    def settle(self) -> None:
        """The next change is a step of its own."""
        self._open = False

    def clear(self) -> None:
        self._done.clear()
        self._undone.clear()
        self._open = False

    @property
    def can_undo(self) -> bool:
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        return bool(self._undone)

    def undo(self, now: Choices) -> Choices:
        """What was chosen before the last step; `now` where there is none."""
        if not self._done:
            return now
        step = self._done.pop()
        self._undone.append(step)
        self._open = False
        return _taken(step.before, step.names, now)

    def redo(self, now: Choices) -> Choices:
        """What was chosen before the last `undo`; `now` where there is none."""
        if not self._undone:
            return now
        step = self._undone.pop()
        self._done.append(step)
        self._open = False
        return _taken(step.after, step.names, now)


def _taken(from_: Choices, names: Set[str], now: Choices) -> Choices:
    """`now` with the named attributes as they are in `from_`."""
    return replace(now, **{name: getattr(from_, name) for name in names})
