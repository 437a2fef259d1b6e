"""A slider for numbers of a range, with a mark where a number is suggested."""

from __future__ import annotations

from PyQt6.QtCore import QPointF, QSignalBlocker, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPolygonF
from PyQt6.QtWidgets import QSlider, QStyle, QWidget

_STEPS = 1000
_HANDLE_PX = 14  # as the style sheet says


class FloatSlider(QSlider):
    """Emits `moved` with the number while it is drawn, and `let_go` when that ends."""

    moved = pyqtSignal(float)
    let_go = pyqtSignal()

    def __init__(self, low: float = 0.0, high: float = 1.0, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setRange(0, _STEPS)
        self._low, self._high, self._mark = low, high, None
        self.valueChanged.connect(lambda _: self.moved.emit(self.number))
        self.sliderReleased.connect(self.let_go)

    _mark: float | None

    @property
    def number(self) -> float:
        return self._low + (self._high - self._low) * self.value() / _STEPS

    def set_number(self, number: float) -> None:
        """Show a number without emitting it."""
        with QSignalBlocker(self):
            self.setValue(self._step(number))
        self.update()

    def set_limits(self, low: float, high: float) -> None:
        number = self.number
        self._low, self._high = low, high
        self.set_number(number)

    def set_mark(self, number: float | None) -> None:
        """Where a small triangle stands above the slider."""
        self._mark = number
        self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802
        super().paintEvent(event)
        if self._mark is None or not self.isEnabled():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self.palette().link().color()))
        x = self._x(self._step(self._mark))
        painter.drawPolygon(QPolygonF([QPointF(x - 4, 0), QPointF(x + 4, 0), QPointF(x, 5)]))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent | None) -> None:  # noqa: N802
        """A click on the groove goes there, as everywhere but in Qt."""
        if event is not None and event.button() == Qt.MouseButton.LeftButton:
            room = self.width() - _HANDLE_PX
            at = round(event.position().x() - _HANDLE_PX / 2)
            self.setValue(QStyle.sliderValueFromPosition(0, _STEPS, at, room))
        super().mousePressEvent(event)

    def _step(self, number: float) -> int:
        span = self._high - self._low
        share = (number - self._low) / span if span > 0 else 0.0
        return round(_STEPS * min(max(share, 0.0), 1.0))

    def _x(self, step: int) -> float:
        room = self.width() - _HANDLE_PX
        return QStyle.sliderPositionFromValue(0, _STEPS, step, room) + _HANDLE_PX / 2
