"""A row of buttons of which one is on."""

from __future__ import annotations

from collections.abc import Iterable

from PyQt6.QtCore import QSignalBlocker, pyqtSignal
from PyQt6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QPushButton, QWidget


class Segments(QFrame):
    """Emits `picked` with the key of the button that was clicked."""

    picked = pyqtSignal(str)

    def __init__(self, names: Iterable[tuple[str, str]], parent: QWidget | None = None) -> None:
        """`names` are pairs of a key and what its button says."""
        super().__init__(parent)
        self.setObjectName("segments")
        self._buttons: dict[str, QPushButton] = {}
        group = QButtonGroup(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2, 2, 2, 2)
        layout.setSpacing(2)
        for key, text in names:
            button = QPushButton(text)
            button.setCheckable(True)
            button.clicked.connect(lambda _, key=key: self.picked.emit(key))
            group.addButton(button)
            layout.addWidget(button)
            self._buttons[key] = button

    def button(self, key: str) -> QPushButton:
        return self._buttons[key]

    def set_on(self, key: str) -> None:
        """Show which one is on without emitting it."""
        with QSignalBlocker(self):
            self._buttons[key].setChecked(True)

    def set_possible(self, key: str, possible: bool, reason: str = "") -> None:
        """Whether a button can be clicked, and if not, why."""
        self._buttons[key].setEnabled(possible)
        self._buttons[key].setToolTip("" if possible else reason)
