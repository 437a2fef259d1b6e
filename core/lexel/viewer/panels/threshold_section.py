"""From which score on a point is found; the suggested score is marked."""

from __future__ import annotations

from PyQt6.QtWidgets import QToolButton, QWidget

from lexel.scene.recipe import Mode
from lexel.viewer.painting import shown_query
from lexel.viewer.state import ViewerState
from lexel.viewer.widgets.float_slider import FloatSlider
from lexel.viewer.widgets.section import Section, dim_label
from lexel.viewer.wording import suggested_threshold


class ThresholdSection(Section):
    """Bound to the state's threshold; shown where it counts."""

    def __init__(self, state: ViewerState, parent: QWidget | None = None) -> None:
        super().__init__("Found from score", parent)
        self._state = state
        self.value = dim_label()
        self.reset = QToolButton()
        self.reset.setText("Suggested")
        self.reset.setProperty("role", "flat")
        self.head.addWidget(self.reset)
        self.head.addWidget(self.value)
        self.slider = FloatSlider()
        self.body.addWidget(self.slider)
        self.slider.moved.connect(lambda number: state.choose(threshold=number))
        self.slider.let_go.connect(state.settle)
        self.reset.clicked.connect(lambda: state.choose(threshold=None))
        state.watch(self._show, "answer", "threshold", "mode", "query")
        self._show()

    def _show(self) -> None:
        choices, answered = self._state.choices, self._state.facts.answer
        self.setVisible(answered is not None and choices.mode is Mode.LABEL)
        if answered is None:
            return
        codes = answered.codes.codes
        suggested = suggested_threshold(codes, shown_query(choices, answered))
        number = suggested if choices.threshold is None else choices.threshold
        self.slider.set_number(number)
        self.slider.set_mark(suggested)
        self.value.setText(f"{number:.2f}")
        self.reset.setVisible(choices.threshold is not None)
