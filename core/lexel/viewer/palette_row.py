"""How a row of the palette is painted: the name at the left, menu and keys at the right."""

from __future__ import annotations

from PyQt6.QtCore import QModelIndex, Qt
from PyQt6.QtGui import QPainter
from PyQt6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

ASIDE = Qt.ItemDataRole.UserRole + 1
_EDGE_PX = 12


class PaletteRow(QStyledItemDelegate):
    """Adds the text of the role `ASIDE`, dimmed."""

    def paint(
        self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex
    ) -> None:
        super().paint(painter, option, index)
        if painter is None:
            return
        painter.save()
        painter.setPen(option.palette.placeholderText().color())
        place = option.rect.adjusted(0, 0, -_EDGE_PX, 0)
        side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(place, side, str(index.data(ASIDE)))
        painter.restore()
