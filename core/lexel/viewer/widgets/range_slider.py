"""A slider with two handles: what lies between them is kept."""

from __future__ import annotations

from PyQt6.QtCore import QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PyQt6.QtWidgets import QSizePolicy, QWidget

_HANDLE_PX, _GROOVE_PX = 14, 4


class RangeSlider(QWidget):
    """Emits `moved` with both ends while one is drawn, and `let_go` when that ends."""

    moved = pyqtSignal(float, float)
    let_go = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._limits, self._ends, self._held = (0.0, 1.0), [0.0, 1.0], None

    _held: int | None

    @property
    def ends(self) -> tuple[float, float]:
        return self._ends[0], self._ends[1]

    def set_limits(self, low: float, high: float) -> None:
        self._limits = (low, high)
        self.update()

    def set_ends(self, low: float, high: float) -> None:
        """Show a range without emitting it."""
        self._ends = [low, high]
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(120, 20)

    def mousePressEvent(self, event: QMouseEvent | None) -> None:  # noqa: N802
        if event is not None:
            x = event.position().x()
            self._held = min((0, 1), key=lambda end: abs(self._x(self._ends[end]) - x))
            self._draw_to(x)

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:  # noqa: N802
        if event is not None and self._held is not None:
            self._draw_to(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:  # noqa: N802
        self._held = None
        self.let_go.emit()

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        colours, middle = self.palette(), self.height() / 2
        first, last = (self._x(end) for end in self._ends)
        for left, right, brush in (
            (0.0, float(self.width()), colours.button()),
            (first, last, colours.highlight()),
        ):
            painter.setBrush(brush)
            box = QRectF(left, middle - _GROOVE_PX / 2, right - left, _GROOVE_PX)
            painter.drawRoundedRect(box, 2, 2)
        painter.setBrush(colours.text())
        for x in (first, last):
            half = _HANDLE_PX / 2
            painter.drawEllipse(QRectF(x - half, middle - half, _HANDLE_PX, _HANDLE_PX))
        painter.end()

    def _draw_to(self, x: float) -> None:
        assert self._held is not None
        room = max(self.width() - _HANDLE_PX, 1)
        share = min(max((x - _HANDLE_PX / 2) / room, 0.0), 1.0)
        self._ends[self._held] = self._limits[0] + share * (self._limits[1] - self._limits[0])
        if self._ends[0] > self._ends[1]:
            self._ends.reverse()
            self._held = 1 - self._held
        self.update()
        self.moved.emit(*self.ends)

    def _x(self, number: float) -> float:
        span = self._limits[1] - self._limits[0]
        share = (number - self._limits[0]) / span if span > 0 else 0.0
        return _HANDLE_PX / 2 + share * (self.width() - _HANDLE_PX)
