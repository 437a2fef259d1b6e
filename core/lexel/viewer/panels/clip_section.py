"""A box outside of which nothing is drawn."""

from __future__ import annotations

from PyQt6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from lexel.viewer.choices import ClipBox
from lexel.viewer.state import ViewerState
from lexel.viewer.widgets.range_slider import RangeSlider
from lexel.viewer.widgets.section import Section, dim_label

_AXES = "xyz"


class ClipSection(Section):
    """Bound to the state's clip box: a range along each axis."""

    def __init__(self, state: ViewerState, parent: QWidget | None = None) -> None:
        super().__init__("Clip box", parent)
        self._state = state
        self.reset = QToolButton()
        self.reset.setText("Whole")
        self.reset.setProperty("role", "flat")
        self.reset.clicked.connect(self._whole)
        self.head.addWidget(self.reset)
        self.sliders = tuple(RangeSlider() for _ in _AXES)
        for axis, slider in zip(_AXES, self.sliders, strict=True):
            row = QHBoxLayout()
            row.addWidget(dim_label(axis))
            row.addWidget(slider, 1)
            self.body.addLayout(row)
            slider.moved.connect(self._choose)
            slider.let_go.connect(state.settle)
        state.watch(self._show, "clip", "field")
        self._show()

    def _choose(self) -> None:
        ends = [slider.ends for slider in self.sliders]
        lower, upper = (tuple(end[side] for end in ends) for side in (0, 1))
        self._state.choose(clip=ClipBox(lower, upper))  # type: ignore[arg-type]

    def _whole(self) -> None:
        self._state.settle()
        self._state.choose(clip=None)

    def _show(self) -> None:
        field, clip = self._state.field, self._state.choices.clip
        self.setEnabled(field is not None)
        self.reset.setVisible(clip is not None)
        if field is None:
            return
        bounds = field.bounds_m
        for axis, slider in enumerate(self.sliders):
            low, high = (float(v) for v in bounds[:, axis])
            slider.set_limits(low, high)
            slider.set_ends(
                *((low, high) if clip is None else (clip.lower[axis], clip.upper[axis]))
            )
