"""A heading and what stands below it."""

from __future__ import annotations

from PyQt6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget


class Section(QWidget):
    """A part of a panel.

    Attributes:
        head: a place for small things at the right of the heading.
        body: where the content goes.
    """

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name = QLabel(title.upper())
        name.setProperty("role", "section")
        self.head = QHBoxLayout()
        self.head.setContentsMargins(0, 0, 0, 0)
        self.head.addWidget(name)
        self.head.addStretch()
        self.body = QVBoxLayout()
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(8)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(self.head)
        layout.addLayout(self.body)


def dim_label(text: str = "") -> QLabel:
    """Words that explain."""
    label = QLabel(text)
    label.setProperty("role", "dim")
    return label
