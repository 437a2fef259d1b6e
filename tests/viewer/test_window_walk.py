"""A user at random in a real window: no exception, and the window never waits."""

from __future__ import annotations

import time

import numpy as np
import pytest
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication

from lexel.scene.colour_ramp import RAMPS
from lexel.scene.recipe import Mode
from tests.viewer.windows import open_window

STEPS = 250
LETTERS = 'mugtable chairof;-()"on the'
LEAVE_OUT = {"Quit", "Find an action…"}
_BLOCKED_S = 0.05


class Walk:
    """Does something at random, as a user would."""

    def __init__(self, window, seed):
        self.window, self.random = window, np.random.default_rng(seed)

    def step(self):
        does = (self.type, self.type, self.click, self.drag, self.hover, self.act, self.slide)
        does[self.random.integers(len(does))]()

    def type(self):
        edit = self.window.query_bar.edit
        edit.setFocus()
        letter = LETTERS[self.random.integers(len(LETTERS))]
        keys = (Qt.Key.Key_Backspace, Qt.Key.Key_Down, Qt.Key.Key_Tab, Qt.Key.Key_Return)
        if self.random.random() < 0.3:
            QTest.keyClick(edit, keys[self.random.integers(len(keys))])
        else:
            QTest.keyClicks(edit, letter)

    def place(self):
        canvas = self.window.area.main.canvas
        size = canvas.width(), canvas.height()
        return QPoint(*(int(self.random.integers(side)) for side in size))

    def click(self):
        QTest.mouseClick(self.window.area.main.canvas, Qt.MouseButton.LeftButton, pos=self.place())

    def drag(self):
        canvas = self.window.area.main.canvas
        QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=self.place())
        QTest.mouseMove(canvas, self.place())
        QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=self.place())

    def hover(self):
        QTest.mouseMove(self.window.area.main.canvas, self.place())

    def act(self):
        actions = [a for a in self.window.actions_list if a.name not in LEAVE_OUT and a.enabled()]
        actions[self.random.integers(len(actions))].call()

    def slide(self):
        random = self.random
        self.window.state.choose(
            balance=random.random(),
            over_rgb=random.random(),
            point_size=2 ** random.uniform(-2, 2),
            colour_map=str(random.choice(RAMPS)),
            mode=[Mode.HEAT, Mode.LABEL, Mode.RGB, Mode.AGREEMENT][random.integers(4)],
            threshold=random.random(),
        )


@pytest.mark.parametrize("seed", [0, 1])
def test_random_actions_raise_nothing(qapp, kitchen, until, monkeypatch, seed):
    faults = []
    monkeypatch.setattr("sys.excepthook", lambda kind, error, trace: faults.append(error))
    window = open_window(kitchen, until)
    walk = Walk(window, seed)
    for _ in range(STEPS):
        walk.step()
        QApplication.processEvents()
        assert faults == []
    until(lambda: not window.tasks.running and window.area.is_final)
    while window.state.can_undo:
        window.state.undo()
    assert window.state.choices.text == ""
    window.close()
    window.deleteLater()
    QApplication.processEvents()
    assert faults == []


def test_a_keystroke_never_holds_the_window_up(qapp, kitchen, until):
    """Of many keystrokes the slowest but few: other programs run on this computer too."""
    window = open_window(kitchen, until)
    edit = window.query_bar.edit
    edit.setFocus()
    took_s = []
    for letter in "mug; the chair on the table -floor; a red office chair":
        begun = time.perf_counter()
        QTest.keyClicks(edit, letter)
        took_s.append(time.perf_counter() - begun)
        QApplication.processEvents()
    assert np.quantile(took_s, 0.9) < _BLOCKED_S
    window.close()
