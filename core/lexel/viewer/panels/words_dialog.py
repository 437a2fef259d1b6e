"""Asks for words, and which view they are about."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from lexel.query.parse import split_labels
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
        self.setWindowTitle(title)
        self.setFixedWidth(_WIDTH_PX)
        self.words = QPlainTextEdit("; ".join(words))
        self.words.setFixedHeight(_WORDS_PX)
        self.view = QSpinBox()
        self.view.setRange(0, max(0, num_views - 1))
        self.does, leave = QPushButton(does), QPushButton("Cancel")
        self.does.setProperty("role", "primary")
        heading, told = QLabel(title), dim_label(explained)
        heading.setProperty("role", "strong")
        told.setWordWrap(True)
        view, buttons = QHBoxLayout(), QHBoxLayout()
        view.addWidget(dim_label(f"View, of {num_views}"), 1)
        view.addWidget(self.view)
        buttons.addStretch()
        buttons.addWidget(leave)
        buttons.addWidget(self.does)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(12)
        for widget in (heading, told, self.words):
            layout.addWidget(widget)
        if num_views > 1:
            layout.addLayout(view)
        layout.addStretch()
        layout.addLayout(buttons)
        leave.clicked.connect(self.reject)
        self.does.clicked.connect(self.accept)
        self.words.textChanged.connect(self._check)
        self._check()

    def texts(self) -> list[str]:
        """What was typed, one each."""
        return split_labels(self.words.toPlainText())

    def _check(self) -> None:
        self.does.setEnabled(bool(self.texts()))
