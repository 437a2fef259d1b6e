"""What lies on the picture: how to read its colours."""

from __future__ import annotations

from PyQt6.QtCore import QSize, Qt
from PyQt6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from lexel.query.paint import ColourBar, LegendEntry, Painting
from lexel.viewer.widgets.ramps import ramp_icon
from lexel.viewer.widgets.section import dim_label
from lexel.viewer.widgets.swatch import Swatch

_BAR = QSize(236, 10)
_MOST_WORDS_PX = 236


class Overlay(QFrame):
    """A legend, a colour bar, or nothing, at the lower left of its parent."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("overlay")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(14, 11, 14, 11)
        self._inside: QWidget | None = None
        self.texts: list[str] = []
        self.hide()

    def show_painting(self, painting: Painting | None) -> None:
        """How to read these colours."""
        if self._inside is not None:
            self._layout.removeWidget(self._inside)
            self._inside.hide()
            self._inside.deleteLater()
            self._inside = None
        self.texts = []
        if painting is not None and painting.bar is not None:
            self._inside = self._bar(painting.bar)
        elif painting is not None and painting.entries:
            self._inside = self._legend(painting.entries)
        self.setVisible(self._inside is not None)
        if self._inside is not None:
            self._layout.addWidget(self._inside)
            self._inside.show()
            self.place()

    def place(self) -> None:
        """Back into the corner, when the parent or the content has another size."""
        above = self.parentWidget()
        assert above is not None
        self._layout.activate()
        self.resize(self.sizeHint())
        self.move(14, above.height() - self.height() - 14)
        self.raise_()

    def _bar(self, bar: ColourBar) -> QWidget:
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(6)
        ramp = QLabel()
        ramp.setPixmap(ramp_icon(bar.colour_map, _BAR).pixmap(_BAR))
        grid.addWidget(self._words(bar.title), 0, 0, 1, 3)
        grid.addWidget(ramp, 1, 0, 1, 3)
        ends = (f"{bar.low:.2f}", bar.unit, f"{bar.high:.2f}")
        sides = (
            Qt.AlignmentFlag.AlignLeft,
            Qt.AlignmentFlag.AlignHCenter,
            Qt.AlignmentFlag.AlignRight,
        )
        for column, (text, side) in enumerate(zip(ends, sides, strict=True)):
            grid.addWidget(dim_label(text), 2, column, side)
        self.texts += ends
        return inside

    def _legend(self, entries: tuple[LegendEntry, ...]) -> QWidget:
        inside = QWidget()
        rows = QVBoxLayout(inside)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(7)
        for entry in entries:
            row = QHBoxLayout()
            row.setSpacing(9)
            row.addWidget(Swatch(entry.colour))
            row.addWidget(self._words(entry.text), 1)
            rows.addLayout(row)
        return inside

    def _words(self, text: str) -> QLabel:
        label = QLabel()
        label.setText(
            label.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, _MOST_WORDS_PX)
        )
        self.texts.append(text)
        return label
