"""How scores become colours."""

from __future__ import annotations

from PyQt6.QtCore import QSignalBlocker, QSize
from PyQt6.QtWidgets import QHBoxLayout, QWidget

from lexel.scene.colour_ramp import RAMPS
from lexel.viewer.state import ViewerState
from lexel.viewer.widgets.drop_down import DropDown
from lexel.viewer.widgets.float_slider import FloatSlider
from lexel.viewer.widgets.ramps import ramp_icon
from lexel.viewer.widgets.section import Section, dim_label

_ICON = QSize(72, 12)


class ColourSection(Section):
    """Bound to the state's colour map and to how much colours cover."""

    def __init__(self, state: ViewerState, parent: QWidget | None = None) -> None:
        super().__init__("Colours", parent)
        self._state = state
        self.ramps = DropDown()
        self.ramps.setIconSize(_ICON)
        for ramp in RAMPS:
            self.ramps.addItem(ramp_icon(ramp, _ICON), ramp)
        self.opacity = FloatSlider()
        row, self.share = QHBoxLayout(), dim_label()
        row.addWidget(dim_label("over RGB"))
        row.addWidget(self.opacity, 1)
        row.addWidget(self.share)
        self.body.addWidget(self.ramps)
        self.body.addLayout(row)
        self.ramps.textActivated.connect(self._choose_ramp)
        self.opacity.moved.connect(lambda number: state.choose(over_rgb=number))
        self.opacity.let_go.connect(state.settle)
        state.watch(self._show, "colour_map", "over_rgb")
        self._show()

    def _choose_ramp(self, ramp: str) -> None:
        self._state.settle()
        self._state.choose(colour_map=ramp)

    def _show(self) -> None:
        choices = self._state.choices
        with QSignalBlocker(self.ramps):
            self.ramps.setCurrentText(choices.colour_map)
        self.opacity.set_number(choices.over_rgb)
        self.share.setText(f"{choices.over_rgb:.0%}".replace("%", " %"))
