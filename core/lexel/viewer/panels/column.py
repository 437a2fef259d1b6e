"""A panel: sections below each other that scroll when the window is low."""

from __future__ import annotations

from collections.abc import Iterable

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget


def column(sections: Iterable[QWidget]) -> QScrollArea:
    """The sections as one panel."""
    inside = QWidget()
    layout = QVBoxLayout(inside)
    layout.setContentsMargins(16, 16, 16, 16)
    layout.setSpacing(22)
    for section in sections:
        layout.addWidget(section)
    layout.addStretch()
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(inside)
    return area
