"""What colours tell: a row of buttons."""

from __future__ import annotations

from PyQt6.QtWidgets import QWidget

from lexel.scene.recipe import Mode
from lexel.viewer.state import ViewerState
from lexel.viewer.widgets.segments import Segments

_NAMES = (
    (Mode.RGB, "RGB"),
    (Mode.HEAT, "Heat"),
    (Mode.LABEL, "Label"),
    (Mode.AGREEMENT, "Agreement"),
    (Mode.NORMALS, "Normals"),
)


class ModeBar(Segments):
    """Bound to the state's mode."""

    def __init__(self, state: ViewerState, parent: QWidget | None = None) -> None:
        super().__init__([(mode.value, name) for mode, name in _NAMES], parent)
        self._state = state
        self.picked.connect(self._choose)
        state.watch(self._show, "mode", "field")
        self._show()

    def _choose(self, key: str) -> None:
        self._state.settle()
        self._state.choose(mode=Mode(key))

    def _show(self) -> None:
        self.set_on(self._state.choices.mode.value)
        field = self._state.field
        known = field is not None and field.points.normals is not None
        self.set_possible(Mode.NORMALS.value, known, "This field has no normals")
