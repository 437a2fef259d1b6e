"""The phrases that may be meant, below the line in which they are typed."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QPoint, Qt, pyqtSignal
from PyQt6.QtWidgets import QListWidget, QWidget

_EDGE_PX, _WIDTH_PX = 12, 320


class CompletionPopup(QListWidget):
    """Lies over its window without taking the keys; emits `taken` with a phrase."""

    taken = pyqtSignal(str)

    def __init__(self, below: QWidget) -> None:
        super().__init__(below)
        self.setObjectName("completion")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._below = below
        self.itemClicked.connect(lambda item: self.taken.emit(item.text()))
        self.hide()

    def offer(self, phrases: Sequence[str], at_px: int) -> None:
        """Show phrases below the line, from a place along it; nothing to show hides it."""
        self.clear()
        self.addItems(phrases)
        self.setVisible(bool(phrases))
        if not phrases:
            return
        window = self._below.window()
        assert window is not None
        self.setParent(window)
        corner = self._below.mapTo(window, QPoint(at_px, self._below.height() + 4))
        left = min(corner.x(), window.width() - _WIDTH_PX - 8)
        self.setGeometry(
            left, corner.y(), _WIDTH_PX, self.sizeHintForRow(0) * len(phrases) + _EDGE_PX
        )
        self.show()
        self.raise_()

    def step(self, rows: int) -> None:
        """Another row is chosen; above the first one none is."""
        row = self.currentRow() + rows
        self.setCurrentRow(max(-1, min(row, self.count() - 1)))

    @property
    def best(self) -> str | None:
        """The chosen phrase, else the first."""
        item = self.currentItem() or self.item(0)
        return None if item is None or not self.isVisible() else item.text()

    @property
    def chosen(self) -> str | None:
        item = self.currentItem()
        return None if item is None or not self.isVisible() else item.text()
