"""The middle of the window: one picture, or two side by side that share their camera."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from lexel.viewer.canvas_hands import Tool
from lexel.viewer.drawing.looking import Looker
from lexel.viewer.panels.picture import Picture
from lexel.viewer.panels.query_edit import QueryEdit
from lexel.viewer.scene_view import MAIN, OTHER
from lexel.viewer.state import ViewerState
from lexel.viewer.theme import Theme


class CanvasArea(QWidget):
    """Bound to whether a comparison is shown.

    Attributes:
        main, other: the pictures.
        edit: the line of the comparison's query.
        tool: what the left button does.
    """

    def __init__(self, state: ViewerState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._looker = Looker()
        self.tool = Tool.NAVIGATE
        self.main = Picture(state, self._looker, MAIN)
        self.other = Picture(state, self._looker, OTHER)
        self._name = QLabel()
        self._name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.edit = QueryEdit(state.phrases)
        self.edit.setObjectName("compareEdit")
        self.edit.setPlaceholderText("Compare with…")
        self._heads = (_head(self._name), _head(self.edit, self._close_button()))
        self._splitter = splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setHandleWidth(1)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(_below(self._heads[0], self.main))
        self._right = _below(self._heads[1], self.other)
        splitter.addWidget(self._right)
        for side in (0, 1):
            splitter.setStretchFactor(side, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(splitter)
        self.edit.typed.connect(lambda text: state.choose(compare=text))
        self.edit.meant.connect(state.settle)
        state.watch(self._show, "compare", "text")
        self._show()

    def dress(self, theme: Theme) -> None:
        for picture in (self.main, self.other):
            picture.view.dress(theme)

    def use(self, tool: Tool) -> None:
        """What the left button does in both pictures."""
        self.tool = tool
        for picture in (self.main, self.other):
            picture.canvas.set_tool(tool)

    @property
    def is_final(self) -> bool:
        """Whether every picture shows all that is wanted."""
        compared = self._state.choices.compare is not None
        return self.main.is_final and (self.other.is_final or not compared)

    @property
    def is_smooth(self) -> bool:
        """Whether no picture will change any more by itself."""
        compared = self._state.choices.compare is not None
        return self.main.is_smooth and (self.other.is_smooth or not compared)

    def close_threads(self) -> None:
        """The window closes; nothing is looked at any more."""
        self._looker.close()
        for picture in (self.main, self.other):
            picture.canvas.close_thread()

    def compare(self) -> None:
        """Show a second picture, or only one again."""
        self._state.settle()
        shown = self._state.choices.compare is not None
        self._state.choose(compare=None if shown else "")
        if not shown:
            self.edit.setFocus()

    def _close_button(self) -> QToolButton:
        button = QToolButton()
        button.setText("✕")
        button.setProperty("role", "flat")
        button.setToolTip("End the comparison")
        button.clicked.connect(self.compare)
        return button

    def _show(self) -> None:
        choices = self._state.choices
        compared = choices.compare is not None
        if compared is self._right.isHidden():
            self._right.setVisible(compared)
            self._heads[0].setVisible(compared)
            half = self.width() // 2
            self._splitter.setSizes([half, half])
        self._name.setText(choices.text.strip() or "nothing asked")
        self.edit.show_text(choices.compare or "")


def _head(*widgets: QWidget) -> QFrame:
    frame = QFrame()
    frame.setObjectName("head")
    row = QHBoxLayout(frame)
    row.setContentsMargins(14, 6, 8, 6)
    row.addWidget(widgets[0], 1)
    for widget in widgets[1:]:
        row.addWidget(widget)
    frame.setFixedHeight(44)
    return frame


def _below(head: QWidget, body: QWidget) -> QWidget:
    both = QWidget()
    layout = QVBoxLayout(both)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    layout.addWidget(head)
    layout.addWidget(body, 1)
    return both
