"""Asks for words, and which view they are about."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLayout,
    QPlainTextEdit,
    QSpinBox,
    QWidget,
)

from lexel.query.parse import split_labels
from lexel.viewer.widgets.dialog import fill_dialog
from lexel.viewer.widgets.section import dim_label

_WIDTH_PX, _WORDS_PX = 460, 120


class WordsDialog(QDialog):
    """A few words, separated by `;` or lines."""

    def __init__(
        self,
        title: str,
        explained: str,
        does: str,
        words: Sequence[str],
        num_views: int,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setFixedWidth(_WIDTH_PX)
        self.words = QPlainTextEdit("; ".join(words))
        self.words.setFixedHeight(_WORDS_PX)
        self.view = QSpinBox()
        self.view.setRange(0, max(0, num_views - 1))
        told = dim_label(explained)
        told.setWordWrap(True)
        view = QHBoxLayout()
        view.addWidget(dim_label(f"View, of {num_views}"), 1)
        view.addWidget(self.view)
        parts: tuple[QWidget | QLayout, ...] = (told, self.words)
        self.does = fill_dialog(self, title, does, (*parts, view) if num_views > 1 else parts)
        self.words.textChanged.connect(self._check)
        self._check()

    def texts(self) -> list[str]:
        """What was typed, one each."""
        return split_labels(self.words.toPlainText())

    def _check(self) -> None:
        self.does.setEnabled(bool(self.texts()))
