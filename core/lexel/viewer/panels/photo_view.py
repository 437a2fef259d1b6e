"""A photo without depth, under the colours of its answer; fills the place of the points."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PyQt6.QtWidgets import QWidget

from lexel.viewer.state import ViewerState
from lexel.viewer.theme import Theme


class PhotoView(QWidget):
    """Bound to `facts.painted`; hidden while no photo is open."""

    def __init__(self, state: ViewerState, parent: QWidget) -> None:
        super().__init__(parent)
        self._state = state
        self._ground = QColor(0, 0, 0)
        self._image: npt.NDArray[np.uint8] | None = None
        state.watch(self._show, "painted")
        self._show()

    def dress(self, theme: Theme) -> None:
        self._ground = QColor(theme.ground)
        self.update()

    def place(self) -> None:
        """Over all of the parent, below what else lies there."""
        above = self.parentWidget()
        assert above is not None
        self.setGeometry(above.rect())

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._ground)
        if self._image is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            height, width = self._image.shape[:2]
            kind = QImage.Format.Format_RGB888
            image = QImage(self._image.tobytes(), width, height, 3 * width, kind)
            painter.drawImage(self._place_of(width, height), image)
        painter.end()

    def _place_of(self, width: int, height: int) -> QRectF:
        scale = min(self.width() / width, self.height() / height)
        across, down = scale * width, scale * height
        return QRectF((self.width() - across) / 2, (self.height() - down) / 2, across, down)

    def _show(self) -> None:
        painted = self._state.facts.painted
        self._image = None if painted is None else np.ascontiguousarray(painted.rgb)
        self.setVisible(painted is not None)
        self.update()
