"""A small picture in which a region is marked."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent, QPen
from PyQt6.QtWidgets import QWidget

_SHADE = QColor(0, 0, 0, 120)
_ROUND_PX = 6.0


class CropView(QWidget):
    """The picture fills a rounded square; what is outside the region is darker."""

    def __init__(
        self,
        rgb: npt.NDArray[np.uint8],
        region: tuple[int, int, int, int],
        side_px: int,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._rgb = np.ascontiguousarray(rgb)
        self._region = region
        self.setFixedSize(side_px, side_px)

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        whole = QPainterPath()
        whole.addRoundedRect(QRectF(self.rect()), _ROUND_PX, _ROUND_PX)
        painter.setClipPath(whole)
        painter.fillRect(self.rect(), self.palette().base())
        height, width = self._rgb.shape[:2]
        place, scale = self._place(width, height)
        kind = QImage.Format.Format_RGB888
        painter.drawImage(place, QImage(self._rgb.tobytes(), width, height, 3 * width, kind))
        x0, y0, x1, y1 = self._region
        marked = QRectF(
            place.x() + scale * x0, place.y() + scale * y0, scale * (x1 - x0), scale * (y1 - y0)
        )
        around = QPainterPath()
        around.addRect(place)
        inside = QPainterPath()
        inside.addRect(marked)
        painter.fillPath(around.subtracted(inside), _SHADE)
        painter.setPen(QPen(self.palette().highlight().color(), 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(marked)
        painter.end()

    def _place(self, width: int, height: int) -> tuple[QRectF, float]:
        """Where the picture lies: as large as fits, in the middle."""
        scale = min(self.width() / width, self.height() / height)
        across, down = scale * width, scale * height
        left, top = (self.width() - across) / 2, (self.height() - down) / 2
        return QRectF(left, top, across, down), scale
