"""The list of objects: filter it, click one to see it, leave the others out."""

from __future__ import annotations

from PyQt6.QtCore import QModelIndex, Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from lexel.viewer.panels.object_table import ObjectTable
from lexel.viewer.selecting import points_of_object
from lexel.viewer.state import ViewerState
from lexel.viewer.wording import object_rows

_NONE = "This field has no objects."
_ROW_PX = 28


class ObjectPanel(QWidget):
    """Bound to the answer and the selection; emits `framed` with the id of an object."""

    framed = pyqtSignal(int)

    def __init__(self, state: ViewerState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.filter = QLineEdit()
        self.filter.setPlaceholderText("Filter objects…")
        self.filter.setClearButtonEnabled(True)
        self.model, self.table = ObjectTable(), QTableView()
        self.none = QLabel(_NONE)
        self.none.setProperty("role", "dim")
        self.isolate, self.everything = QPushButton("Isolate"), QPushButton("Show all")
        self._lay_out()
        self._dress_table()
        self.filter.textChanged.connect(lambda _: self._fill())
        self.table.clicked.connect(self._pick)
        self.isolate.clicked.connect(lambda: state.choose(isolated=True))
        self.everything.clicked.connect(lambda: state.choose(isolated=False))
        state.watch(self._fill, "field", "answer", "query")
        state.watch(self._show_buttons, "selection", "isolated")
        self._fill()
        self._show_buttons()

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(self.isolate)
        buttons.addWidget(self.everything)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(10)
        for widget in (self.filter, self.none, self.table):
            layout.addWidget(widget)
        layout.addLayout(buttons)

    def _dress_table(self) -> None:
        table = self.table
        table.setModel(self.model)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setShowGrid(False)
        table.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        table.setTextElideMode(Qt.TextElideMode.ElideRight)
        rows, columns = table.verticalHeader(), table.horizontalHeader()
        assert rows is not None and columns is not None
        rows.hide()
        rows.setDefaultSectionSize(_ROW_PX)
        columns.setHighlightSections(False)
        columns.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        columns.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)

    def _fill(self) -> None:
        state = self._state
        field = state.field
        rows = []
        if field is not None:
            rows = object_rows(field, state.choices, state.facts.answer, self.filter.text())
        some = field is not None and bool(field.stored.instances)
        self.model.show_rows(rows)
        self.table.setVisible(some)
        self.none.setVisible(not some)

    def _pick(self, index: QModelIndex) -> None:
        field, row = self._state.field, self.model.rows[index.row()]
        assert field is not None
        self._state.settle()
        self._state.choose(selection=points_of_object(field, row.id, row.label), isolated=False)
        self.framed.emit(row.id)

    def _show_buttons(self) -> None:
        choices = self._state.choices
        self.isolate.setEnabled(len(choices.selection) > 0 and not choices.isolated)
        self.everything.setEnabled(choices.isolated)
