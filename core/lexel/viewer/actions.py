"""Everything a user can tell the window to do: menus and the palette are made from this list."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lexel.query.typing import complete
from lexel.viewer.events import Event

MENUS = ("File", "Edit", "Ask", "Select", "View", "Help")


@dataclass(frozen=True)
class Action:
    """Something to do.

    Attributes:
        name: as menus and the palette show it; unique.
        menu: the menu it stands in, such as "File"; "View/Colours" is a menu in a menu.
        call: does it.
        shortcut: as Qt writes them, such as "Ctrl+O".
        enabled: whether it can be done now.
        checked: whether it is on now; None: it is nothing that is on or off.
        starts_group: whether a line stands above it in its menu.
        offer: what the first page says of it; empty: it does not stand there.
        text: what menus show in place of the name, and only while it can be done.
    """

    name: str
    menu: str
    call: Callable[[], object]
    shortcut: str = ""
    enabled: Callable[[], bool] = lambda: True
    checked: Callable[[], bool] | None = None
    starts_group: bool = False
    offer: str = ""
    text: Callable[[], str] | None = None


class Actions:
    """The list. Parts of the viewer add theirs while the window is made, or later.

    Attributes:
        grown: emits every action that is added.
    """

    def __init__(self) -> None:
        self.grown: Event[Action] = Event()
        self._actions: dict[str, Action] = {}

    def add(self, *actions: Action) -> None:
        for action in actions:
            assert action.name not in self._actions, f"twice: {action.name}"
            self._check_shortcut(action)
            self._actions[action.name] = action
            self.grown.emit(action)

    def __iter__(self) -> Iterator[Action]:
        return iter(tuple(self._actions.values()))

    def __getitem__(self, name: str) -> Action:
        return self._actions[name]

    def find(self, typed: str) -> list[Action]:
        """What the palette offers for what was typed, the best first; for nothing typed all.

        Those come menu by menu.
        """
        every = sorted(self, key=lambda action: MENUS.index(action.menu.partition("/")[0]))
        if not typed.strip():
            return every
        names = tuple(f"{action.name} {action.menu.replace('/', ' ')}" for action in every)
        return [every[row] for row in complete(typed, names, len(every))]

    def _check_shortcut(self, action: Action) -> None:
        taken = {other.shortcut: other.name for other in self if other.shortcut}
        assert action.shortcut not in taken, f"{action.shortcut} is {taken[action.shortcut]}"
