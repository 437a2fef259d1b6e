"""The scores that networks or users left in the field."""

from __future__ import annotations

from PyQt6.QtCore import QSignalBlocker
from PyQt6.QtWidgets import QWidget

from lexel.scene.recipe import Mode
from lexel.viewer.state import ViewerState
from lexel.viewer.widgets.drop_down import DropDown
from lexel.viewer.widgets.section import Section

_ANSWER = "What is asked"


class LayerSection(Section):
    """Bound to the layer that heat shows; there only if the field has layers."""

    def __init__(self, state: ViewerState, parent: QWidget | None = None) -> None:
        super().__init__("Heat shows", parent)
        self._state = state
        self.layers = DropDown()
        self.body.addWidget(self.layers)
        self.layers.activated.connect(self._choose)
        state.watch(self._fill, "field")
        state.watch(self._show, "layer")
        self._fill()

    def _fill(self) -> None:
        field = self._state.field
        notes = () if field is None else field.stored.layers
        with QSignalBlocker(self.layers):
            self.layers.clear()
            self.layers.addItem(_ANSWER, None)
            for note in notes:
                self.layers.addItem(note.name, note.name)
        self.setVisible(bool(notes))
        self._show()

    def _choose(self, row: int) -> None:
        name = self.layers.itemData(row)
        self._state.settle()
        mode = Mode.HEAT if name is not None else self._state.choices.mode
        self._state.choose(layer=name, mode=mode)

    def _show(self) -> None:
        with QSignalBlocker(self.layers):
            self.layers.setCurrentIndex(max(0, self.layers.findData(self._state.choices.layer)))
