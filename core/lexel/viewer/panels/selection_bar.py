"""What can be done with what is selected, over the picture."""

from __future__ import annotations

from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from lexel.viewer.actions import Actions
from lexel.viewer.choices import NOTHING
from lexel.viewer.keys import key_text
from lexel.viewer.state import ViewerState

_DOES = {"Find similar": "Similar", "Isolate": "Isolate", "Frame selection": "Frame"}


class SelectionBar(QFrame):
    """There while something is selected; its buttons are actions."""

    def __init__(self, state: ViewerState, actions: Actions, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("overlay")
        self._state = state
        self.name = QLabel()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 7, 7, 7)
        layout.setSpacing(8)
        layout.addWidget(self.name)
        self.buttons: dict[str, QPushButton] = {}
        for does, words in _DOES.items():
            button = QPushButton(words)
            button.setToolTip(f"{does}  {key_text(actions[does].shortcut)}")
            button.clicked.connect(actions[does].call)
            layout.addWidget(button)
            self.buttons[does] = button
        leave = QToolButton()
        leave.setText("✕")
        leave.setProperty("role", "flat")
        leave.setToolTip("Select nothing")
        leave.clicked.connect(lambda: state.choose(selection=NOTHING, isolated=False))
        layout.addWidget(leave)
        state.watch(self._show, "selection", "isolated")
        self._show()

    def place(self) -> None:
        """At the middle of the upper edge."""
        above = self.parentWidget()
        assert above is not None
        self.adjustSize()
        self.move((above.width() - self.width()) // 2, 14)
        self.raise_()

    def _show(self) -> None:
        choices = self._state.choices
        picked = choices.selection
        self.name.setText(picked.name or f"{len(picked):,} points")
        self.buttons["Isolate"].setText("Show all" if choices.isolated else "Isolate")
        self.setVisible(len(picked) > 0)
        self.place()
