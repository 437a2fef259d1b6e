"""One picture of the points with what lies on it."""

from __future__ import annotations

from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from lexel.viewer.canvas import Canvas
from lexel.viewer.drawing.looking import Looker, can_be_smooth
from lexel.viewer.panels.overlay import Overlay
from lexel.viewer.scene_view import SceneView, Shows
from lexel.viewer.state import ViewerState


class Picture(QWidget):
    """A canvas, its legend, and whatever else is put over it.

    Attributes:
        lies_over: widgets with a `place` method, called when the size changes.
    """

    def __init__(
        self, state: ViewerState, looker: Looker, shows: Shows, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.canvas = Canvas(looker, self)
        self.view = SceneView(state, self.canvas, shows)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.canvas)
        self.overlay = Overlay(self)
        self.lies_over: list[QWidget] = [self.overlay]
        state.watch(self._show, shows.painting)
        self._state, self._shows = state, shows

    @property
    def is_final(self) -> bool:
        """Whether what is on the screen is all that is wanted."""
        shot, painting = self.canvas.shot, getattr(self._state.facts, self._shows.painting)
        if shot is None or painting is None:
            return False
        wanted = self.canvas.scenery
        here = wanted is not None and shot.seen.scenery.key == wanted.key
        here = here and shot.paint is painting.paint
        return here and shot.seen.final

    @property
    def is_smooth(self) -> bool:
        """Whether it will not change any more by itself."""
        shot = self.canvas.shot
        if shot is None or not self.is_final:
            return False
        return shot.smooth or not can_be_smooth(shot.seen.scenery)

    def resizeEvent(self, event: QResizeEvent | None) -> None:  # noqa: N802
        super().resizeEvent(event)
        for widget in self.lies_over:
            widget.place()  # type: ignore[attr-defined]

    def _show(self) -> None:
        self.overlay.show_painting(getattr(self._state.facts, self._shows.painting))
