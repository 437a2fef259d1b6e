"""Above the picture: what is asked, how it was understood, and what colours tell."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from lexel.viewer.panels.chip_row import ChipRow
from lexel.viewer.panels.mode_bar import ModeBar
from lexel.viewer.panels.query_edit import QueryEdit
from lexel.viewer.state import ViewerState

_MOST_SHOWN = 20


class QueryBar(QFrame):
    """The line to type in, the recent queries, chips and modes."""

    def __init__(self, state: ViewerState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("queryBar")
        self._state = state
        self.edit = QueryEdit(state.phrases)
        self.edit.setPlaceholderText(
            "Type what you look for:  chair;  red cushion -sofa;  the mug on the table"
        )
        self.recent = QToolButton()
        self.recent.setText("Recent ▾")
        self.recent.setProperty("role", "flat")
        self.recent.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(self.recent)
        self._menu.aboutToShow.connect(self._fill_recent)
        self.recent.setMenu(self._menu)
        self.chips, self.modes = ChipRow(state), ModeBar(state)
        self._lay_out()
        self.edit.typed.connect(lambda text: state.choose(text=text))
        self.edit.meant.connect(self._mean)
        state.watch(lambda: self.edit.show_text(state.choices.text), "text")
        state.watch(self._show_recent, "recent")
        self._show_recent()

    def _lay_out(self) -> None:
        first, second = QHBoxLayout(), QHBoxLayout()
        first.addWidget(self.edit)
        first.addWidget(self.recent)
        second.addWidget(self.chips, 1, Qt.AlignmentFlag.AlignVCenter)
        second.addStretch(0)
        second.addWidget(self.modes, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 10)
        layout.setSpacing(8)
        layout.addLayout(first)
        layout.addLayout(second)

    def _mean(self) -> None:
        self._state.settle()
        self._state.remember_query()

    def _show_recent(self) -> None:
        self.recent.setEnabled(bool(self._state.facts.recent))

    def _fill_recent(self) -> None:
        self._menu.clear()
        for text in self._state.facts.recent[:_MOST_SHOWN]:
            action = self._menu.addAction(text)
            assert action is not None
            action.triggered.connect(lambda _, text=text: self._ask_again(text))

    def _ask_again(self, text: str) -> None:
        self._state.settle()
        self._state.choose(text=text)
        self._mean()
