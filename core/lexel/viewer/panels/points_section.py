"""Which points are drawn, and how large."""

from __future__ import annotations

import math

from PyQt6.QtCore import QSignalBlocker
from PyQt6.QtWidgets import QCheckBox, QHBoxLayout, QWidget

from lexel.viewer.choices import MAX_POINT_SIZE, MIN_POINT_SIZE
from lexel.viewer.state import ViewerState
from lexel.viewer.widgets.float_slider import FloatSlider
from lexel.viewer.widgets.section import Section, dim_label


class PointsSection(Section):
    """Bound to the state's size of points, and to whether inferred ones are shown."""

    def __init__(self, state: ViewerState, parent: QWidget | None = None) -> None:
        super().__init__("Points", parent)
        self._state = state
        self.size_of_points = FloatSlider(math.log2(MIN_POINT_SIZE), math.log2(MAX_POINT_SIZE))
        self.size_of_points.set_mark(0.0)
        self.factor = dim_label()
        row = QHBoxLayout()
        row.addWidget(dim_label("size"))
        row.addWidget(self.size_of_points, 1)
        row.addWidget(self.factor)
        self.inferred = QCheckBox("Show inferred points")
        self.body.addLayout(row)
        self.inside = QCheckBox("See inside")
        self.inside.setToolTip("Leave out surfaces that are seen from behind")
        self.body.addWidget(self.inside)
        self.body.addWidget(self.inferred)
        self.size_of_points.moved.connect(lambda number: state.choose(point_size=2**number))
        self.size_of_points.let_go.connect(state.settle)
        self.inferred.toggled.connect(self._choose_inferred)
        self.inside.toggled.connect(self._choose_inside)
        state.watch(self._show, "point_size", "show_inferred", "see_inside", "field")
        self._show()

    def _choose_inferred(self, shown: bool) -> None:
        self._state.settle()
        self._state.choose(show_inferred=shown)

    def _choose_inside(self, inside: bool) -> None:
        self._state.settle()
        self._state.choose(see_inside=inside)

    def _show(self) -> None:
        choices, field = self._state.choices, self._state.field
        self.size_of_points.set_number(math.log2(choices.point_size))
        self.factor.setText(f"× {choices.point_size:.1f}")
        some = field is not None and field.has_inferred
        self.inferred.setVisible(some)
        self.inside.setVisible(field is not None and field.points.normals is not None)
        with QSignalBlocker(self.inferred), QSignalBlocker(self.inside):
            self.inferred.setChecked(choices.show_inferred)
            self.inside.setChecked(choices.see_inside)
