"""Why a point means what it means: the regions of views behind its code."""

from __future__ import annotations

from PyQt6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from lexel.viewer.evidence import Crop, PointEvidence, evidence_of_point
from lexel.viewer.opener import sentence_of
from lexel.viewer.state import ViewerState
from lexel.viewer.tasks import Tasks
from lexel.viewer.widgets.crop_view import CropView
from lexel.viewer.widgets.section import Section, dim_label

_LANE = "evidence"
_COLUMNS, _SIDE_PX = 2, 132
_ASK = "Click a point to see which pictures its meaning comes from."


class EvidencePanel(QWidget):
    """Bound to the point that was picked.

    Attributes:
        shown: what the panel tells of; None: nothing was picked.
        crops: the pictures, the heaviest first.
    """

    def __init__(self, state: ViewerState, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state, self._tasks = state, tasks
        self.shown: PointEvidence | None = None
        self.crops: list[CropView] = []
        self.name, self.told = QLabel(), dim_label(_ASK)
        self.name.setProperty("role", "strong")
        self.name.setWordWrap(True)
        self.told.setWordWrap(True)
        self.agreement, self.percent = QProgressBar(), dim_label()
        self.agreement.setRange(0, 100)
        self.agreement.setTextVisible(False)
        self._agree, self._pictures = Section("Agreement of the views"), Section("Seen in")
        self._lay_out()
        state.watch(self._look, "picked", "field")
        self._look()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self.agreement, 1)
        row.addWidget(self.percent)
        self._agree.body.addLayout(row)
        self._grid = QGridLayout()
        self._grid.setSpacing(10)
        self._pictures.body.addLayout(self._grid)
        head = QVBoxLayout()
        head.setSpacing(4)
        head.addWidget(self.name)
        head.addWidget(self.told)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(20)
        layout.addLayout(head)
        layout.addWidget(self._agree)
        layout.addWidget(self._pictures)

    def _look(self) -> None:
        field, point = self._state.field, self._state.facts.picked
        if field is None or point is None:
            self._tasks.forget(_LANE)
            self._show(None)
            return
        self._tasks.run(
            "Evidence",
            lambda watched: evidence_of_point(field.stored, point),
            lambda found: self._show(found) if field is self._state.field else None,
            failed=lambda error: self._fail(error),
            lane=_LANE,
            shown=False,
        )

    def _show(self, found: PointEvidence | None) -> None:
        self.shown = found
        self._clear()
        for part in (self.name, self._agree, self._pictures):
            part.setVisible(found is not None)
        if found is None:
            self.told.setText(_ASK)
            return
        self.name.setText(found.label or "a region without a name")
        self.told.setText(_in_words(found))
        self.agreement.setValue(round(100 * found.agreement))
        self.percent.setText(f"{found.agreement:.0%}".replace("%", " %"))
        self._pictures.setVisible(bool(found.crops))
        for number, crop in enumerate(found.crops):
            self._grid.addWidget(self._cell(crop), number // _COLUMNS, number % _COLUMNS)

    def _cell(self, crop: Crop) -> QWidget:
        cell = QWidget()
        layout = QVBoxLayout(cell)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        view = CropView(crop.rgb, crop.region, _SIDE_PX)
        self.crops.append(view)
        layout.addWidget(view)
        words = QHBoxLayout()
        words.addWidget(dim_label(f"view {crop.view}"), 1)
        words.addWidget(dim_label(f"{crop.weight:.0%}".replace("%", " %")))
        layout.addLayout(words)
        return cell

    def _clear(self) -> None:
        self.crops.clear()
        while (item := self._grid.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()

    def _fail(self, error: Exception) -> None:
        self._show(None)
        self.told.setText(sentence_of(error))


def _in_words(found: PointEvidence) -> str:
    shared = f"One of {found.num_points:,} points that share a meaning."
    if found.from_words:
        return f"{shared} It comes from words, not from pictures."
    if not found.regions:
        return f"{shared} The field keeps no pictures of what is behind it."
    shown = len(found.crops)
    some = f"; the {shown} that count most" if shown < found.regions else ""
    return f"{shared} {found.regions} regions of views are behind it{some}."
