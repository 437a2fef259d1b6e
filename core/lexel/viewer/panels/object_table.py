"""The rows of the list of objects, as Qt's tables want them."""

from __future__ import annotations

from typing import Any

from PyQt6.QtCore import QAbstractTableModel, QModelIndex, Qt

from lexel.viewer.wording import ObjectRow

_HEADINGS = ("Object", "Score", "Points")
_TOP = QModelIndex()


class ObjectTable(QAbstractTableModel):
    """Rows that are replaced together."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[ObjectRow] = []

    def show_rows(self, rows: list[ObjectRow]) -> None:
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: QModelIndex = _TOP) -> int:  # noqa: N802
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: QModelIndex = _TOP) -> int:  # noqa: N802
        return 0 if parent.isValid() else len(_HEADINGS)

    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(section)
        return _HEADINGS[section] if role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return _texts(self.rows[index.row()])[index.column()]
        return None


def _texts(row: ObjectRow) -> tuple[str, str, str]:
    score = "" if row.score is None else f"{row.score:.2f}"
    return f"{row.label} #{row.id}", score, f"{row.count:,}"


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
