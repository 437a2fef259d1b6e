"""What runs in the background: its stage, time left, and a button that stops it."""

from __future__ import annotations

from PyQt6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QToolButton, QWidget

from lexel.viewer.tasks import Task, Tasks
from lexel.viewer.watching import Stage, in_words


class TaskBar(QWidget):
    """A row for each task that is shown, in the status bar."""

    def __init__(self, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(16)
        tasks.started.connect(self._add)

    def _add(self, task: Task) -> None:
        if task.shown:
            self._layout.addWidget(TaskRow(task))


class TaskRow(QWidget):
    """One task, until it ends."""

    def __init__(self, task: Task) -> None:
        super().__init__()
        self.said, self.bar, self.stop = QLabel(task.name), QProgressBar(), QToolButton()
        self.stop.setText("✕")
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(110)
        self.bar.setRange(0, 0)
        self.stop.setProperty("role", "flat")
        self.stop.setToolTip("Cancel")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for widget in (self.said, self.bar, self.stop):
            layout.addWidget(widget)
        self._name = task.name
        self.stop.clicked.connect(task.cancel)
        task.moved.connect(self._show)
        task.ended.connect(self._leave)

    def _show(self, stage: Stage) -> None:
        left = stage.left_s
        words = [self._name, stage.name, "" if left is None else in_words(left)]
        self.said.setText(" · ".join(filter(None, words)))
        self.said.setToolTip(stage.said)
        if stage.share is None:
            self.bar.setRange(0, 0)
        else:
            self.bar.setRange(0, 100)
            self.bar.setValue(round(100 * stage.share))

    def _leave(self, _: object) -> None:
        self.hide()
        self.deleteLater()
