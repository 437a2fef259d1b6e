"""The line in which one types what is looked for."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QEvent, Qt, pyqtSignal
from PyQt6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PyQt6.QtWidgets import QLineEdit, QWidget

from lexel.viewer.completing import phrase_at, suggest
from lexel.viewer.panels.completion_popup import CompletionPopup

_OWN = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)


class QueryEdit(QLineEdit):
    """Emits `typed` with every change by the user, and `meant` when they press Return."""

    typed = pyqtSignal(str)
    meant = pyqtSignal()

    def __init__(
        self, phrases: Callable[[], tuple[str, ...]], parent: QWidget | None = None
    ) -> None:
        """`phrases` gives those that may be completed to."""
        super().__init__(parent)
        self.setObjectName("queryEdit")
        self._phrases = phrases
        self.popup = CompletionPopup(self)
        self.popup.taken.connect(self._complete)
        self.textEdited.connect(self._edited)

    def show_text(self, text: str) -> None:
        """Show what the state says, leaving the cursor where it is as far as possible."""
        if text != self.text():
            self.setText(text)

    def event(self, event: QEvent | None) -> bool:
        """Undo and redo are the window's: they bring back more than letters."""
        if isinstance(event, QKeyEvent):
            kind = event.type()
            if kind == QEvent.Type.ShortcutOverride and any(map(event.matches, _OWN)):
                event.ignore()
                return False
            tab = kind == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Tab
            if tab and (phrase := self.popup.best) is not None:
                self._complete(phrase)
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:  # noqa: N802
        if event is None:
            return
        key, shown = event.key(), self.popup.isVisible()
        if shown and key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.popup.step(1 if key == Qt.Key.Key_Down else -1)
        elif shown and key == Qt.Key.Key_Escape:
            self.popup.hide()
        elif any(map(event.matches, _OWN)):
            event.ignore()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._return()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent | None) -> None:  # noqa: N802
        self.popup.hide()
        super().focusOutEvent(event)

    def _edited(self, text: str) -> None:
        self.typed.emit(text)
        self._offer()

    def _offer(self) -> None:
        text, cursor = self.text(), self.cursorPosition()
        start = phrase_at(text, cursor).start
        at_px = self.fontMetrics().horizontalAdvance(text[:start])
        self.popup.offer(suggest(text, cursor, self._phrases()), at_px)

    def _complete(self, phrase: str) -> None:
        text, cursor = phrase_at(self.text(), self.cursorPosition()).with_phrase(phrase)
        self.setText(text)
        self.setCursorPosition(cursor)
        self.popup.hide()
        self.typed.emit(text)

    def _return(self) -> None:
        if (chosen := self.popup.chosen) is not None:
            self._complete(chosen)
        self.popup.hide()
        self.meant.emit()
