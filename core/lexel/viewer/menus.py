"""Menus made from the list of actions."""

from __future__ import annotations

from PyQt6.QtGui import QAction, QKeySequence
from PyQt6.QtWidgets import QMainWindow, QMenu

from lexel.viewer.actions import MENUS, Action, Actions


class Menus:
    """Keeps the menu bar of a window as the list of actions says, also when that grows."""

    def __init__(self, window: QMainWindow, actions: Actions) -> None:
        self._window, self._menus = window, dict[str, QMenu]()
        self._shown: list[tuple[Action, QAction]] = []
        for name in MENUS:
            self._menu(name)
        for action in actions:
            self._add(action)
        actions.grown.connect(self._add)

    def refresh(self) -> None:
        """What can be done, and what is on, may have changed."""
        for action, shown in self._shown:
            shown.setEnabled(action.enabled())
            if action.text is not None:
                shown.setText(action.text())
                shown.setVisible(action.enabled())
            if action.checked is not None:
                shown.setChecked(action.checked())

    def _add(self, action: Action) -> None:
        shown = QAction(action.name, self._window)
        shown.setCheckable(action.checked is not None)
        if action.shortcut:
            shown.setShortcut(QKeySequence(action.shortcut))
        shown.triggered.connect(lambda: self._do(action))
        menu = self._menu(action.menu)
        if action.starts_group:
            menu.addSeparator()
        menu.addAction(shown)
        self._shown.append((action, shown))

    def _do(self, action: Action) -> None:
        if action.enabled():
            action.call()
        self.refresh()

    def _menu(self, path: str) -> QMenu:
        if path not in self._menus:
            above, _, name = path.rpartition("/")
            bar = self._window.menuBar()
            assert bar is not None
            menu = self._menu(above).addMenu(name) if above else bar.addMenu(name)
            assert menu is not None
            menu.aboutToShow.connect(self.refresh)
            self._menus[path] = menu
        return self._menus[path]
