"""A sentence over the picture that stays until it is read."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QEvent, QObject, Qt
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

_WIDEST_PX = 720
_MARGIN_PX = 14
_ROOM_PX = 6  # text that can be selected is a little higher than its label says


class Notice(QFrame):
    """At the top of its parent, in the middle, below what else is there."""

    def __init__(self, parent: QWidget, below: QWidget) -> None:
        super().__init__(parent)
        self._below = below
        self.setObjectName("notice")
        self.words, self.button = QLabel(), QPushButton()
        self.words.setWordWrap(True)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.close_button = QToolButton()
        self.close_button.setText("✕")
        self.close_button.setProperty("role", "flat")
        self.close_button.setToolTip("Close")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 9, 8, 9)
        row.setSpacing(10)
        row.addWidget(self.words, 1)
        row.addWidget(self.button)
        row.addWidget(self.close_button)
        parent.installEventFilter(self)
        self.close_button.clicked.connect(self.hide)
        self.button.clicked.connect(self._do)
        self._does: Callable[[], object] | None = None
        self.hide()

    def tell(self, text: str, does: str = "", call: Callable[[], object] | None = None) -> None:
        """Show a sentence, perhaps with a button that does something about it."""
        self.words.setText(text)
        self.button.setText(does)
        self.button.setVisible(bool(does))
        self._does = call
        self.show()
        self.place()

    def place(self) -> None:
        """Back to its place, when the parent or the text has another size."""
        above = self.parentWidget()
        assert above is not None
        width = min(_WIDEST_PX, above.width() - 2 * _MARGIN_PX)
        self.setFixedWidth(max(width, 1))
        layout = self.layout()
        assert layout is not None
        height = max(layout.heightForWidth(self.width()), layout.sizeHint().height())
        self.setFixedHeight(height + _ROOM_PX)
        head = self._below.height() if self._below.isVisible() else 0
        self.move((above.width() - self.width()) // 2, head + _MARGIN_PX)
        self.raise_()

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:  # noqa: N802
        if event is not None and event.type() == QEvent.Type.Resize and self.isVisible():
            self.place()
        return super().eventFilter(watched, event)

    def _do(self) -> None:
        self.hide()
        if self._does is not None:
            self._does()
