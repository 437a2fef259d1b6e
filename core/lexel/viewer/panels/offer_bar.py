"""What can be done with something that is open and no field: make it askable, complete, find."""

from __future__ import annotations

from pathlib import Path

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from lexel.viewer.estimating import BuildPlan, in_a_sentence
from lexel.viewer.tasks import Task
from lexel.viewer.watching import Stage, in_words
from lexel.viewer.widgets.section import dim_label

_MARGIN_PX = 14
_STEPS = 1000


class OfferBar(QFrame):
    """At the lower middle of its parent.

    Attributes:
        build, open_field, complete, search, stop: its buttons.
    """

    wants_build = pyqtSignal()
    wants_field = pyqtSignal()
    wants_complete = pyqtSignal()
    wants_find = pyqtSignal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("overlay")
        self.name, self.told = QLabel(), dim_label()
        self.name.setProperty("role", "strong")
        self.where = dim_label()
        self.build, self.open_field = QPushButton("Make it askable"), QPushButton("Open its field")
        self.complete, self.search = QPushButton("Complete…"), QPushButton("Find…")
        self.stop, self.bar = QPushButton("Cancel"), QProgressBar()
        self.bar.setTextVisible(False)
        for button in (self.build, self.open_field):
            button.setProperty("role", "primary")
        self._task: Task | None = None
        self._plan: BuildPlan | None = None
        self._has_views = False
        self._lay_out()
        self.build.clicked.connect(self.wants_build)
        self.open_field.clicked.connect(self.wants_field)
        self.complete.clicked.connect(self.wants_complete)
        self.search.clicked.connect(self.wants_find)
        self.stop.clicked.connect(self._cancel)
        self.hide()

    def offer(self, name: str, kind: str, has_views: bool) -> None:
        """Something was opened; what a build takes is told later, by `tell_plan`."""
        self._plan, self._has_views = None, has_views
        self.name.setText(name)
        self.told.setText(kind)
        self.where.setText("")
        self._show_buttons()
        self.show()
        self.place()

    def tell_plan(self, plan: BuildPlan) -> None:
        """What a build takes, and where the field will lie."""
        self._plan = plan
        self.told.setText(
            "It has been made askable." if plan.there else f"Askable in {in_a_sentence(plan)}"
        )
        self.where.setText(_from_home(plan))
        self._show_buttons()
        self.place()

    def follow(self, task: Task) -> None:
        """Show how a build goes on."""
        self._task = task
        task.moved.connect(self._move)
        task.ended.connect(lambda _: self._end(task))
        self.bar.setRange(0, 0)
        self.told.setText("Making it askable")
        self._show_buttons()
        self.place()

    def place(self) -> None:
        """Back to its place, when the parent or the content has another size."""
        above = self.parentWidget()
        assert above is not None
        self.adjustSize()
        self.move((above.width() - self.width()) // 2, above.height() - self.height() - _MARGIN_PX)
        self.raise_()

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(3)
        for widget in (self.name, self.told, self.where, self.bar):
            words.addWidget(widget)
        row = QHBoxLayout(self)
        row.setContentsMargins(18, 13, 14, 13)
        row.setSpacing(10)
        row.addLayout(words, 1)
        row.addSpacing(14)
        for button in (self.search, self.complete, self.open_field, self.build, self.stop):
            row.addWidget(button)
        leave = QToolButton()
        leave.setText("✕")
        leave.setProperty("role", "flat")
        leave.setToolTip("Hide this; File has it too")
        leave.clicked.connect(self.hide)
        row.addWidget(leave)
        self.bar.setMinimumWidth(300)

    def _show_buttons(self) -> None:
        working, plan = self._task is not None, self._plan
        there = plan is not None and plan.there
        self.bar.setVisible(working)
        self.stop.setVisible(working)
        self.where.setVisible(plan is not None and not working)
        self.build.setVisible(plan is not None and not there and not working)
        self.open_field.setVisible(there and not working)
        for button in (self.complete, self.search):
            button.setVisible(self._has_views and not working)
        begun = plan is not None and plan.begun
        self.build.setText("Go on making it askable" if begun else "Make it askable")

    def _move(self, stage: Stage) -> None:
        left = stage.left_s
        words = ["Making it askable", stage.name, "" if left is None else in_words(left)]
        self.told.setText(" · ".join(filter(None, words)))
        if stage.share is None:
            self.bar.setRange(0, 0)
        else:
            self.bar.setRange(0, _STEPS)
            self.bar.setValue(round(_STEPS * stage.share))
        self.place()

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self.told.setText("Stopping; what is done is kept")

    def _end(self, task: Task) -> None:
        if task is self._task:
            self._task = None
            self._show_buttons()
            self.place()


def _from_home(plan: BuildPlan) -> str:
    """Where the field lies or will lie, as short as people say it."""
    place, home = plan.out.parent, Path.home()
    shown = Path("~") / place.relative_to(home) if place.is_relative_to(home) else place
    return f"{'It lies' if plan.there else 'Kept'} as {plan.out.name} in {shown}"
