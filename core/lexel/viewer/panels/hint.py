"""A few words over the picture: at the first start, and on wish."""

from __future__ import annotations

from PyQt6.QtWidgets import QFrame, QGridLayout, QLabel, QToolButton, QWidget

from lexel.viewer.keys import key_text
from lexel.viewer.state import ViewerState
from lexel.viewer.widgets.section import dim_label

_HELP = (
    ("Type above", "the room answers with every letter"),
    ("Drag", "orbit;  with Shift pan;  right button look around"),
    ("Wheel", "come nearer;  W A S D Q E fly"),
    ("Click", "what is this? Find similar things"),
    ("{keys}", "everything else"),
)


class Hint(QFrame):
    """Goes when something is typed, or when it is closed."""

    def __init__(self, state: ViewerState, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("overlay")
        grid = QGridLayout(self)
        grid.setContentsMargins(18, 14, 14, 16)
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(8)
        close = QToolButton()
        close.setText("✕")
        close.setProperty("role", "flat")
        close.clicked.connect(self.hide)
        title = QLabel("Ask this room")
        title.setProperty("role", "strong")
        grid.addWidget(title, 0, 0, 1, 2)
        grid.addWidget(close, 0, 2)
        for row, (does, what) in enumerate(_HELP, start=1):
            grid.addWidget(QLabel(does.format(keys=key_text("Ctrl+P"))), row, 0)
            grid.addWidget(dim_label(what), row, 1, 1, 2)
        state.watch(self.hide, "text", "field")
        self.hide()

    def place(self) -> None:
        """At the lower right."""
        above = self.parentWidget()
        assert above is not None
        self.adjustSize()
        self.move(above.width() - self.width() - 14, above.height() - self.height() - 14)
        self.raise_()
