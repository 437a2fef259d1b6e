"""What the window shows when nothing is open."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from lexel.viewer.actions import Action, Actions
from lexel.viewer.keys import key_text
from lexel.viewer.widgets.section import dim_label

_WIDTH_PX = 560


class FirstPage(QWidget):
    """A button for every action that has an offer."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        inside = QWidget()
        inside.setFixedWidth(_WIDTH_PX)
        self._rows = QVBoxLayout(inside)
        self._rows.setSpacing(14)
        title = QLabel("Lexel")
        title.setProperty("role", "title")
        self._rows.addWidget(title)
        self._rows.addWidget(dim_label("Type, and the room answers."))
        self._rows.addSpacing(14)
        layout = QVBoxLayout(self)
        layout.addStretch(2)
        layout.addWidget(inside, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)
        self._first = True
        for action in actions:
            self._add(action)
        actions.grown.connect(self._add)

    def _add(self, action: Action) -> None:
        if not action.offer:
            return
        button = QPushButton(action.name)
        button.setMinimumWidth(190)
        if self._first:
            button.setProperty("role", "primary")
        self._first = False
        button.clicked.connect(lambda: action.call())
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(button)
        row.addWidget(dim_label(action.offer), 1)
        row.addWidget(dim_label(key_text(action.shortcut)))
        self._rows.addLayout(row)
