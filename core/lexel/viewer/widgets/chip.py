"""A chip: a few words that can be clicked to be changed, and a cross that takes them away."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QEvent, QObject, Qt, pyqtSignal
from PyQt6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QMenu, QToolButton, QWidget


class ChipView(QFrame):
    """Emits `edited` with the number of a part and its new words, and `removed`."""

    edited = pyqtSignal(int, str)
    removed = pyqtSignal()

    def __init__(
        self,
        parts: Sequence[str],
        kind: str = "want",
        offered: Sequence[str] = (),
        parent: QWidget | None = None,
    ) -> None:
        """Args:
        kind: "want" or "negative"; the style sheet colours it.
        offered: what the middle one of three parts may become, from a menu.
        """
        super().__init__(parent)
        self.setObjectName("chip")
        self.setProperty("kind", kind)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(4, 2, 2, 2)
        layout.setSpacing(2)
        self.parts: list[_Part] = []
        for number, text in enumerate(parts):
            part = _Part(text, offered if number == 1 else ())
            part.setProperty("middle", number == 1)
            part.changed.connect(lambda words, number=number: self.edited.emit(number, words))
            layout.addWidget(part)
            self.parts.append(part)
        self.cross = QToolButton()
        self.cross.setText("✕")
        self.cross.setProperty("role", "cross")
        self.cross.setToolTip("Remove")
        self.cross.clicked.connect(lambda: self.removed.emit())
        layout.addWidget(self.cross)


class _Part(QLabel):
    """Words; a click makes them a line to type in, or opens a menu."""

    changed = pyqtSignal(str)

    def __init__(self, text: str, offered: Sequence[str]) -> None:
        super().__init__(text)
        self.setObjectName("chipPart")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip("Click to change")
        self._offered = tuple(offered)

    def mousePressEvent(self, event: QMouseEvent | None) -> None:  # noqa: N802
        if self._offered:
            self._offer()
        else:
            self.begin()

    def begin(self) -> QLineEdit:
        """Let the words be typed anew; Return takes them, Escape does not."""
        line = QLineEdit(self.text(), self.parentWidget())
        line.setObjectName("chipLine")
        width = QFontMetrics(line.font()).horizontalAdvance(self.text())
        line.setFixedWidth(max(width, 60) + 30)
        frame = self.parentWidget()
        layout = None if frame is None else frame.layout()
        assert layout is not None
        layout.replaceWidget(self, line)
        self.hide()
        line.selectAll()
        line.setFocus()
        line.installEventFilter(self)
        line.editingFinished.connect(lambda: self._end(line))
        return line

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:  # noqa: N802
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            assert isinstance(watched, QLineEdit)
            watched.setText(self.text())
            watched.clearFocus()
            return True
        return super().eventFilter(watched, event)

    def _end(self, line: QLineEdit) -> None:
        if self.isVisible():
            return
        frame = self.parentWidget()
        layout = None if frame is None else frame.layout()
        assert layout is not None
        layout.replaceWidget(line, self)
        self.show()
        line.deleteLater()
        if line.text().strip() != self.text():
            self.changed.emit(line.text().strip())

    def _offer(self) -> None:
        menu = QMenu(self)
        for words in self._offered:
            action = menu.addAction(words)
            assert action is not None
            action.triggered.connect(lambda _, words=words: self.changed.emit(words))
        menu.popup(self.mapToGlobal(self.rect().bottomLeft()))
