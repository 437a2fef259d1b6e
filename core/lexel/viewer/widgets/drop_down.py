"""A list that drops down, with an arrow in the colours of the theme."""

from __future__ import annotations

from PyQt6.QtCore import QRect, Qt
from PyQt6.QtGui import QPainter, QPaintEvent
from PyQt6.QtWidgets import QComboBox

_ARROW_PX = 24


class DropDown(QComboBox):
    """Qt's own arrow is lost once a style sheet gives the box a border."""

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setPen(self.palette().placeholderText().color())
        place = QRect(self.width() - _ARROW_PX, 0, _ARROW_PX, self.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, "▾")
        painter.end()
