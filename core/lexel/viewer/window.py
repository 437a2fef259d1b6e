"""The main window: what is in it and where. What it does is in actions, state and work."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QCloseEvent, QGuiApplication
from PyQt6.QtWidgets import (
    QApplication,
    QDockWidget,
    QLabel,
    QMainWindow,
    QStackedWidget,
    QStatusBar,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from lexel.viewer.actions import Action, Actions
from lexel.viewer.answering import Answering
from lexel.viewer.arranging import Arranging
from lexel.viewer.events import Event
from lexel.viewer.menus import Menus
from lexel.viewer.palette import Palette
from lexel.viewer.panels.answer_section import AnswerSection
from lexel.viewer.panels.balance_section import BalanceSection
from lexel.viewer.panels.canvas_area import CanvasArea
from lexel.viewer.panels.clip_section import ClipSection
from lexel.viewer.panels.colour_section import ColourSection
from lexel.viewer.panels.column import column
from lexel.viewer.panels.first_page import FirstPage
from lexel.viewer.panels.hint import Hint
from lexel.viewer.panels.layer_section import LayerSection
from lexel.viewer.panels.negatives_section import NegativesSection
from lexel.viewer.panels.object_panel import ObjectPanel
from lexel.viewer.panels.points_section import PointsSection
from lexel.viewer.panels.query_bar import QueryBar
from lexel.viewer.panels.range_section import RangeSection
from lexel.viewer.panels.selection_bar import SelectionBar
from lexel.viewer.panels.threshold_section import ThresholdSection
from lexel.viewer.seeing_inside import SeeingInside
from lexel.viewer.selecting import box_of, points_of_object
from lexel.viewer.state import Change, ViewerState
from lexel.viewer.task_bar import TaskBar
from lexel.viewer.tasks import Tasks
from lexel.viewer.theme import SYSTEM, Theme, apply_theme, theme_called
from lexel.viewer.window_actions import add_actions
from lexel.viewer.wording import point_in_words

_SIZE = (1280, 800)
_DOCK_WIDTH = 316
_OFTEN = frozenset({"camera", "hovered", "painting", "compare_painting", "turned_away"})


class ViewerWindow(QMainWindow):
    """The window of one viewer.

    Attributes:
        state, actions_list, tasks: what everything in the window hangs on.
        query_bar, area, objects, hint: its parts.
        theme_name: as `wear` was given it.
        themed: emits every `Theme` that is put on.
        closing: emits before the window closes; sessions are saved then.
    """

    def __init__(self, state: ViewerState) -> None:
        super().__init__()
        self.state = state
        self.actions_list = Actions()
        self.theme_name = SYSTEM
        self.tasks = Tasks(self)
        self.closing: Event[None] = Event()
        self.themed: Event[Theme] = Event()
        self._work = tuple(does(state, self.tasks) for does in (Answering, Arranging, SeeingInside))
        self._panels: dict[str, QDockWidget] = {}
        self._wanted: dict[str, Callable[[], bool]] = {}
        self._build_frame()
        self.query_bar, self.area = QueryBar(state), CanvasArea(state)
        self.objects = ObjectPanel(state)
        self._build_pages()
        self._build_panels()
        add_actions(self)
        self.selection_bar = SelectionBar(state, self.actions_list, self.area.main)
        self.hint = Hint(state, self.area.main)
        self.area.main.lies_over += [self.selection_bar, self.hint]
        self._bind()

    def add_panel(
        self,
        name: str,
        widget: QWidget,
        side: str = "right",
        wanted: Callable[[], bool] | None = None,
    ) -> QDockWidget:
        """Put a panel into a dock, behind the tabs of those that are there already.

        Args:
            wanted: whether it is of use with what is open; None: with a field.
        """
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
        self._wanted[name] = wanted or (lambda: self.state.field is not None)
        dock.setVisible(self._wanted[name]())
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

    def show_hint(self) -> None:
        self.hint.show()
        self.hint.place()

    def open_palette(self) -> None:
        self._palette.open_over(self)

    def frame_selection(self) -> None:
        """Come near what is selected, or see everything."""
        if (field := self.state.field) is not None:
            self.area.main.canvas.frame_box(box_of(field, self.state.choices.selection))

    def wear(self, name: str) -> None:
        """Another theme for the whole application: "dark", "light", or as the system has it."""
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self.theme_name, theme = name, theme_called(name)
        apply_theme(app, theme)
        self.area.dress(theme)
        self.themed.emit(theme)

    def _follow_system(self) -> None:
        if self.theme_name == SYSTEM:
            self.wear(SYSTEM)

    def closeEvent(self, event: QCloseEvent | None) -> None:  # noqa: N802
        self.closing.emit(None)
        self.tasks.close()
        self.area.close_threads()
        super().closeEvent(event)

    def _build_frame(self) -> None:
        self.setWindowTitle("Lexel")
        self.resize(*_SIZE)
        self.setDockNestingEnabled(True)
        self.setDocumentMode(True)
        self.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        self.setAcceptDrops(True)
        self.told, status = QLabel(), QStatusBar()
        status.setSizeGripEnabled(False)
        status.addWidget(self.told, 1)
        status.addPermanentWidget(TaskBar(self.tasks))
        self.setStatusBar(status)
        self._menus = Menus(self, self.actions_list)
        self._palette = Palette(self.actions_list, self)

    def _build_pages(self) -> None:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.query_bar)
        layout.addWidget(self.area, 1)
        self.pages = QStackedWidget()
        self.pages.addWidget(FirstPage(self.actions_list))
        self.pages.addWidget(page)
        self.setCentralWidget(self.pages)

    def _build_panels(self) -> None:
        state = self.state
        ask = (
            AnswerSection(state),
            ThresholdSection(state),
            NegativesSection(state),
            BalanceSection(state),
        )
        sections = (LayerSection, ColourSection, RangeSection, PointsSection, ClipSection)
        look = [section(state) for section in sections]
        self.add_panel("Ask", column(ask))
        self.add_panel("Objects", self.objects)
        self.add_panel("Look", column(look))

    def _bind(self) -> None:
        state = self.state
        state.watch(self._show_opened, "field", "contents")
        state.watch(self._show_hovered, "hovered", "field")
        state.changed.connect(self._refresh)
        if (hints := QGuiApplication.styleHints()) is not None:
            hints.colorSchemeChanged.connect(self._follow_system)
        self.objects.framed.connect(self._frame_object)
        for picture in (self.area.main, self.area.other):
            picture.canvas.measured.connect(lambda length_m: self.say(f"{length_m:.3f} m"))
        self.tasks.failed.connect(lambda name, error: self.say(f"{name}: {error}"))

    def _refresh(self, change: Change) -> None:
        if change.names - _OFTEN:
            self._menus.refresh()

    def _show_opened(self) -> None:
        facts = self.state.facts
        field, contents = facts.field, facts.contents
        nothing = field is None and contents is None
        asked = field is not None or (contents is not None and contents.picture is not None)
        self.pages.setCurrentIndex(0 if nothing else 1)
        self.query_bar.setVisible(asked)
        for name, dock in self._panels.items():
            dock.setVisible(self._wanted[name]())
        name = facts.opening.name if facts.opening is not None else ""
        if field is not None:
            name = field.stored.info.name
            self.show_panel("Ask")
        self.setWindowTitle(f"{name} – Lexel" if name else "Lexel")
        if asked:
            self.query_bar.edit.setFocus()

    def _show_hovered(self) -> None:
        field, facts = self.state.field, self.state.facts
        if field is None:
            shown = 0 if facts.contents is None else len(facts.contents.xyz_m)
            self.told.setText(f"{shown:,} points" if shown else "")
        elif facts.hovered is None:
            self.told.setText(f"{field.stored.num_points:,} points")
        else:
            words = point_in_words(field, self.state.choices, facts.answer, facts.hovered)
            self.told.setText(words)

    def _frame_object(self, number: int) -> None:
        if (field := self.state.field) is not None:
            box_m = box_of(field, points_of_object(field, number))
            self.area.main.canvas.frame_box(box_m)
