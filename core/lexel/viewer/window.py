"""The main window: what is in it and where. What it does is in actions, state and work."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QCloseEvent
from PyQt6.QtWidgets import QDockWidget, QLabel, QMainWindow, QStatusBar, QTabWidget, QWidget

from lexel.viewer.actions import Action, Actions
from lexel.viewer.events import Event
from lexel.viewer.menus import Menus
from lexel.viewer.palette import Palette
from lexel.viewer.state import ViewerState
from lexel.viewer.task_bar import TaskBar
from lexel.viewer.tasks import Tasks

_SIZE = (1280, 800)
_DOCK_WIDTH = 330


class ViewerWindow(QMainWindow):
    """The window of one viewer.

    Attributes:
        state, actions, tasks: what everything in the window hangs on.
        closing: emits before the window closes; sessions are saved then.
    """

    def __init__(self, state: ViewerState) -> None:
        super().__init__()
        self.state = state
        self.actions_list = Actions()
        self.tasks = Tasks(self)
        self.closing: Event[None] = Event()
        self._panels: dict[str, QDockWidget] = {}
        self._said = QLabel()
        self._build()
        self._add_actions()
        state.changed.connect(lambda _: self._menus.refresh())

    def add_panel(self, name: str, widget: QWidget, side: str = "right") -> QDockWidget:
        """Put a panel into a dock, behind the tabs of those that are there already."""
        areas = Qt.DockWidgetArea
        area = areas.RightDockWidgetArea if side == "right" else areas.LeftDockWidgetArea
        dock = QDockWidget(name, self)
        dock.setObjectName(f"panel-{name}")
        dock.setWidget(widget)
        dock.setTitleBarWidget(QWidget())
        dock.setMinimumWidth(_DOCK_WIDTH)
        others = [d for d in self._panels.values() if self.dockWidgetArea(d) == area]
        self.addDockWidget(area, dock)
        if others:
            self.tabifyDockWidget(others[-1], dock)
            others[0].raise_()
        self._panels[name] = dock
        self.actions_list.add(
            Action(
                f"{name} panel",
                "View/Panels",
                lambda: dock.setVisible(not dock.isVisible()),
                checked=lambda: not dock.isHidden(),
            )
        )
        return dock

    def show_panel(self, name: str) -> None:
        """Bring a panel to the front."""
        self._panels[name].show()
        self._panels[name].raise_()

    def say(self, message: str) -> None:
        """A sentence in the status bar, for a while."""
        bar = self.statusBar()
        assert bar is not None
        bar.showMessage(message, 10_000)

    def closeEvent(self, event: QCloseEvent | None) -> None:  # noqa: N802
        self.closing.emit(None)
        self.tasks.close()
        super().closeEvent(event)

    def _build(self) -> None:
        self.setWindowTitle("Lexel")
        self.resize(*_SIZE)
        self.setDockNestingEnabled(True)
        self.setDocumentMode(True)
        self.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        self.setAcceptDrops(True)
        status = QStatusBar()
        status.setSizeGripEnabled(False)
        status.addPermanentWidget(TaskBar(self.tasks))
        self.setStatusBar(status)
        self._menus = Menus(self, self.actions_list)
        self._palette = Palette(self.actions_list, self)
        self.tasks.failed.connect(lambda name, error: self.say(f"{name}: {error}"))

    def _add_actions(self) -> None:
        state = self.state
        self.actions_list.add(
            Action("Quit", "File", self.close, "Ctrl+Q", starts_group=True),
            Action("Undo", "Edit", state.undo, "Ctrl+Z", enabled=lambda: state.can_undo),
            Action("Redo", "Edit", state.redo, "Ctrl+Shift+Z", enabled=lambda: state.can_redo),
            Action("Find an action…", "Help", lambda: self._palette.open_over(self), "Ctrl+P"),
        )
