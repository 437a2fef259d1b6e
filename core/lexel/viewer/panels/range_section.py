"""The scores where heat begins and ends."""

from __future__ import annotations

from PyQt6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from lexel.scene.recipe import Mode
from lexel.viewer.state import ViewerState
from lexel.viewer.widgets.range_slider import RangeSlider
from lexel.viewer.widgets.section import Section, dim_label


class RangeSection(Section):
    """Bound to the state's range of heat; there while heat with a colour bar is shown."""

    def __init__(self, state: ViewerState, parent: QWidget | None = None) -> None:
        super().__init__("Range", parent)
        self._state = state
        self.reset = QToolButton()
        self.reset.setText("Automatic")
        self.reset.setProperty("role", "flat")
        self.reset.clicked.connect(self._automatic)
        self.head.addWidget(self.reset)
        self.slider = RangeSlider()
        self.ends = dim_label(), dim_label()
        row = QHBoxLayout()
        row.addWidget(self.ends[0])
        row.addWidget(self.slider, 1)
        row.addWidget(self.ends[1])
        self.body.addLayout(row)
        self.slider.moved.connect(lambda low, high: state.choose(heat_range=(low, high)))
        self.slider.let_go.connect(state.settle)
        state.watch(self._show, "painting", "heat_range", "mode")
        self._show()

    def _automatic(self) -> None:
        self._state.settle()
        self._state.choose(heat_range=None)

    def _show(self) -> None:
        painting, chosen = self._state.facts.painting, self._state.choices.heat_range
        bar = None if painting is None else painting.bar
        self.setVisible(bar is not None and self._state.choices.mode is Mode.HEAT)
        self.reset.setVisible(chosen is not None)
        if bar is None:
            return
        low, high = (bar.low, bar.high) if chosen is None else chosen
        if chosen is None:
            self.slider.set_limits(min(0.0, low), max(1.0, high))
        self.slider.set_ends(low, high)
        for label, number in zip(self.ends, (low, high), strict=True):
            label.setText(f"{number:.2f}")
