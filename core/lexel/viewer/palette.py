"""Ctrl+P: every action by a few letters of its name."""

from __future__ import annotations

from PyQt6.QtCore import QEvent, QObject, QSize, Qt
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QDialog, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from lexel.viewer.actions import Actions
from lexel.viewer.keys import key_text
from lexel.viewer.palette_row import ASIDE, PaletteRow

_SIZE = QSize(520, 380)
_MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class Palette(QDialog):
    """A line to type in, and what it finds."""

    def __init__(self, actions: Actions, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("palette")
        self._actions = actions
        self.typed = QLineEdit()
        self.typed.setPlaceholderText("Do…")
        self.found = QListWidget()
        self.found.setItemDelegate(PaletteRow(self.found))
        self.found.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 10, 10, 10)
        layout.addWidget(self.typed)
        layout.addWidget(self.found)
        self.resize(_SIZE)
        self.typed.textChanged.connect(self._fill)
        self.typed.returnPressed.connect(self._do)
        self.found.itemClicked.connect(lambda _: self._do())
        self.typed.installEventFilter(self)

    def open_over(self, window: QWidget) -> None:
        """Show it near the top of a window, empty."""
        corner = window.mapToGlobal(window.rect().topLeft())
        self.move(corner.x() + (window.width() - self.width()) // 2, corner.y() + 90)
        self.typed.clear()
        self._fill("")
        self.show()
        self.typed.setFocus()

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:  # noqa: N802
        if isinstance(event, QKeyEvent) and _moves(event):
            self.found.keyPressEvent(event)
            return True
        return super().eventFilter(watched, event)

    def _fill(self, typed: str) -> None:
        self.found.clear()
        for action in self._actions.find(typed):
            if not action.enabled():
                continue
            item = QListWidgetItem(action.name if action.text is None else action.text())
            item.setData(Qt.ItemDataRole.UserRole, action.name)
            item.setData(ASIDE, key_text(action.shortcut) or action.menu.replace("/", " › "))
            self.found.addItem(item)
        self.found.setCurrentRow(0)

    def _do(self) -> None:
        item = self.found.currentItem()
        self.close()
        if item is not None:
            action = self._actions[item.data(Qt.ItemDataRole.UserRole)]
            if action.enabled():
                action.call()


def _moves(event: QKeyEvent) -> bool:
    return event.type() == QEvent.Type.KeyPress and event.key() in _MOVES
