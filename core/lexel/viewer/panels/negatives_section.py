"""What nothing must be taken for: the field's own negatives, or others."""

from __future__ import annotations

from PyQt6.QtWidgets import QLineEdit, QToolButton, QWidget

from lexel.viewer.state import ViewerState
from lexel.viewer.widgets.chip import ChipView
from lexel.viewer.widgets.flow import FlowLayout
from lexel.viewer.widgets.section import Section


class NegativesSection(Section):
    """Bound to the state's negatives; every change is seen at once."""

    def __init__(self, state: ViewerState, parent: QWidget | None = None) -> None:
        super().__init__("Not to be taken for", parent)
        self._state = state
        self.reset = QToolButton()
        self.reset.setText("Reset")
        self.reset.setProperty("role", "flat")
        self.reset.clicked.connect(lambda: self._choose(None))
        self.head.addWidget(self.reset)
        self._row = QWidget()
        self._flow = FlowLayout(self._row)
        self.chips: list[ChipView] = []
        self.line = QLineEdit()
        self.line.setPlaceholderText("Add one…")
        self.line.returnPressed.connect(self._add)
        self.body.addWidget(self._row)
        self.body.addWidget(self.line)
        state.watch(self._fill, "negatives", "field")
        self._fill()

    @property
    def _negatives(self) -> tuple[str, ...]:
        chosen, field = self._state.choices.negatives, self._state.field
        if chosen is not None or field is None:
            return chosen or ()
        return field.stored.info.scoring.negatives

    def _fill(self) -> None:
        self._flow.clear()
        self.chips.clear()
        negatives = self._negatives
        for number, text in enumerate(negatives):
            chip = ChipView([text], "negative")
            chip.cross.setVisible(len(negatives) > 1)  # a score needs something to stand against
            chip.edited.connect(lambda _, words, number=number: self._replace(number, words))
            chip.removed.connect(lambda number=number: self._replace(number, ""))
            self._flow.addWidget(chip)
            chip.show()
            self.chips.append(chip)
        self.reset.setVisible(self._state.choices.negatives is not None)
        self._row.updateGeometry()

    def _replace(self, number: int, words: str) -> None:
        before = self._negatives
        middle = (words,) if words else ()
        self._choose(before[:number] + middle + before[number + 1 :])

    def _add(self) -> None:
        words = " ".join(self.line.text().split())
        self.line.clear()
        if words and words not in self._negatives:
            self._choose((*self._negatives, words))

    def _choose(self, negatives: tuple[str, ...] | None) -> None:
        if negatives == ():
            return
        self._state.settle()
        self._state.choose(negatives=negatives)
