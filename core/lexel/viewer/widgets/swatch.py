"""A dot of a colour."""

from __future__ import annotations

from PyQt6.QtCore import QSize, Qt
from PyQt6.QtGui import QColor, QPainter, QPaintEvent
from PyQt6.QtWidgets import QWidget

from lexel.scene import Colour

_SIDE_PX = 12


class Swatch(QWidget):
    """A round patch; hollow where it has no colour."""

    def __init__(self, colour: Colour | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(QSize(_SIDE_PX, _SIDE_PX))
        self.colour = colour

    def set_colour(self, colour: Colour | None) -> None:
        self.colour = colour
        self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.colour is None:
            painter.setPen(self.palette().placeholderText().color())
            painter.drawEllipse(self.rect().adjusted(1, 1, -2, -2))
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(*self.colour))
            painter.drawEllipse(self.rect())
        painter.end()
