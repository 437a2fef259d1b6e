"""The list of things over the points: what was completed, found or read, to show and hide."""

from __future__ import annotations

from PyQt6.QtCore import QSignalBlocker, Qt
from PyQt6.QtWidgets import QCheckBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from lexel.viewer.state import ViewerState
from lexel.viewer.things import Thing
from lexel.viewer.widgets.section import Section, dim_label
from lexel.viewer.widgets.swatch import Swatch

_TEXT_PX = 170
_KINDS = {"completion": "Completed", "localisation": "Found", "file": "Meshes"}


class ThingsPanel(QWidget):
    """Bound to the things, and to which of them are drawn.

    Attributes:
        boxes: a check box for each thing, by its name.
        inferred: whether what no camera saw is drawn.
    """

    def __init__(self, state: ViewerState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.boxes: dict[str, QCheckBox] = {}
        self.inferred = QCheckBox("Show what no camera saw")
        self.inferred.setToolTip("Inferred parts are hatched.")
        self.every, self.none = QPushButton("Show all"), QPushButton("Hide all")
        self._groups = QVBoxLayout()
        self._groups.setSpacing(22)
        buttons = QHBoxLayout()
        buttons.addWidget(self.every)
        buttons.addWidget(self.none)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(22)
        layout.addLayout(self._groups)
        layout.addWidget(self.inferred)
        layout.addLayout(buttons)
        self.every.clicked.connect(lambda: self._choose([t.name for t in state.facts.things]))
        self.none.clicked.connect(lambda: self._choose([]))
        self.inferred.toggled.connect(self._choose_inferred)
        state.watch(self._fill, "things")
        state.watch(self._show, "overlays", "show_inferred")
        self._fill()

    def _fill(self) -> None:
        self.boxes.clear()
        while (item := self._groups.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        things = self._state.facts.things
        for prefix, title in _KINDS.items():
            chosen = [thing for thing in things if thing.name.partition("/")[0] == prefix]
            if chosen:
                self._groups.addWidget(self._group(title, chosen))
        marked = any(thing.inferred is not None and thing.inferred.any() for thing in things)
        self.inferred.setVisible(marked)
        self._show()

    def _group(self, title: str, things: list[Thing]) -> Section:
        section = Section(title)
        section.body.setSpacing(4)
        for thing in things:
            row = QHBoxLayout()
            row.setSpacing(9)
            box = QCheckBox(self._elided(thing.text))
            box.setToolTip(thing.text)
            box.toggled.connect(lambda on, name=thing.name: self._toggle(name, on))
            self.boxes[thing.name] = box
            row.addWidget(Swatch(thing.colour))
            row.addWidget(box, 1)
            row.addWidget(dim_label(_size(thing)))
            section.body.addLayout(row)
        return section

    def _elided(self, text: str) -> str:
        metrics = self.fontMetrics()
        return metrics.elidedText(text, Qt.TextElideMode.ElideRight, _TEXT_PX)

    def _toggle(self, name: str, on: bool) -> None:
        shown = self._state.choices.overlays
        self._choose([*shown, name] if on else [other for other in shown if other != name])

    def _choose(self, names: list[str]) -> None:
        self._state.settle()
        self._state.choose(overlays=tuple(dict.fromkeys(names)))

    def _choose_inferred(self, shown: bool) -> None:
        self._state.settle()
        self._state.choose(show_inferred=shown)

    def _show(self) -> None:
        choices = self._state.choices
        for name, box in self.boxes.items():
            with QSignalBlocker(box):
                box.setChecked(name in choices.overlays)
        with QSignalBlocker(self.inferred):
            self.inferred.setChecked(choices.show_inferred)


def _size(thing: Thing) -> str:
    """How large it is, for people: metres along its longest side."""
    extent = float((thing.points_m.max(axis=0) - thing.points_m.min(axis=0)).max())
    return f"{extent:.2f} m"
