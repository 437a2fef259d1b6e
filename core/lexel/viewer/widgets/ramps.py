"""Colour maps as pictures."""

from __future__ import annotations

import numpy as np
from PyQt6.QtCore import QSize
from PyQt6.QtGui import QIcon, QImage, QPixmap

from lexel.scene.colour_ramp import ramp_table


def ramp_image(ramp: str) -> QImage:
    """256 pixels wide, one high."""
    table = np.ascontiguousarray(ramp_table(ramp))
    return QImage(table.tobytes(), 256, 1, 3 * 256, QImage.Format.Format_RGB888).copy()


def ramp_icon(ramp: str, size: QSize) -> QIcon:
    return QIcon(QPixmap.fromImage(ramp_image(ramp).scaled(size)))
