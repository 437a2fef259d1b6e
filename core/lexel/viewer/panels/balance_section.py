"""Between what things look like and what sentences say of them."""

from __future__ import annotations

from PyQt6.QtWidgets import QHBoxLayout, QWidget

from lexel.viewer.state import ViewerState
from lexel.viewer.widgets.float_slider import FloatSlider
from lexel.viewer.widgets.section import Section, dim_label

_NONE = "This field has no sentence half."


class BalanceSection(Section):
    """Bound to the state's balance."""

    def __init__(self, state: ViewerState, parent: QWidget | None = None) -> None:
        super().__init__("Meaning", parent)
        self._state = state
        self.slider = FloatSlider()
        row = QHBoxLayout()
        row.addWidget(dim_label("visual"))
        row.addWidget(self.slider, 1)
        row.addWidget(dim_label("sentence"))
        self.body.addLayout(row)
        self.reason = dim_label(_NONE)
        self.body.addWidget(self.reason)
        self.slider.moved.connect(lambda number: state.choose(balance=number))
        self.slider.let_go.connect(state.settle)
        state.watch(self._show, "balance", "field")
        self._show()

    def _show(self) -> None:
        field = self._state.field
        possible = field is not None and field.stored.codebook.sentence is not None
        self.slider.setEnabled(possible)
        self.slider.setToolTip("" if possible else _NONE)
        self.reason.setVisible(field is not None and not possible)
        self.slider.set_number(self._state.choices.balance)
