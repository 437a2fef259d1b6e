"""How the text was understood: chips that can be changed one by one."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtWidgets import QLabel, QWidget

from lexel.errors import LabelError
from lexel.query.tree import Query
from lexel.scene import RELATIONS
from lexel.viewer.chips import Chip, Role, chips_of, with_part, without
from lexel.viewer.state import ViewerState
from lexel.viewer.widgets.chip import ChipView
from lexel.viewer.widgets.flow import FlowLayout


class ChipRow(QWidget):
    """Chips of the query and of examples, or why there are none."""

    def __init__(self, state: ViewerState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._flow = FlowLayout(self)
        self.chips: list[ChipView] = []
        state.watch(self._fill, "query", "trouble", "examples", "field")
        self._fill()

    def _fill(self) -> None:
        self._flow.clear()
        self.chips.clear()
        facts = self._state.facts
        if facts.query is not None:
            for chip in chips_of(facts.query):
                self._add_chip(facts.query, chip)
        for number, example in enumerate(self._state.choices.examples):
            view = self._add(ChipView([f"like {example.name}"]))
            view.removed.connect(lambda number=number: self._drop_example(number))
            view.parts[0].setEnabled(False)
        if facts.trouble:
            words = QLabel(facts.trouble)
            words.setProperty("role", "dim")
            self._flow.addWidget(words)
        self.setVisible(self._flow.count() > 0)
        self.updateGeometry()

    def _add_chip(self, query: Query, chip: Chip) -> None:
        kind = "want" if chip.role is Role.WANT else "negative"
        view = self._add(ChipView(chip.parts, kind, RELATIONS if chip.spatial else ()))
        view.edited.connect(
            lambda part, words: self._edit(lambda: with_part(query, chip, part, words))
        )
        view.removed.connect(lambda: self._edit(lambda: without(query, chip)))

    def _add(self, view: ChipView) -> ChipView:
        self._flow.addWidget(view)
        self.chips.append(view)
        view.show()
        return view

    def _edit(self, written: Callable[[], str]) -> None:
        try:
            text = written()
        except LabelError as error:
            self._state.learn(trouble=str(error))
            return
        self._state.settle()
        self._state.choose(text=text)
        self._state.settle()

    def _drop_example(self, number: int) -> None:
        examples = self._state.choices.examples
        self._state.settle()
        self._state.choose(examples=examples[:number] + examples[number + 1 :])
