"""A canvas bound to the state: it draws what was chosen, and what the mouse does is chosen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PyQt6.QtGui import QColor

from lexel.scene import Origin
from lexel.viewer.canvas import Canvas
from lexel.viewer.choices import Selection
from lexel.viewer.drawing.camera import Camera
from lexel.viewer.drawing.grow import Discs
from lexel.viewer.selecting import hidden_points, points_like
from lexel.viewer.state import ViewerState
from lexel.viewer.theme import Theme

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Shows:
    """Names of the facts that a canvas shows: the main picture's, or those of the comparison."""

    painting: str
    answer: str


MAIN = Shows("painting", "answer")
OTHER = Shows("compare_painting", "compare_answer")


class SceneView:
    """One canvas and the state."""

    def __init__(self, state: ViewerState, canvas: Canvas, shows: Shows = MAIN) -> None:
        self.state, self.canvas, self.shows = state, canvas, shows
        state.watch(self._show_cloud, "cloud")
        state.watch(self._show_painting, shows.painting)
        state.watch(self._show_camera, "camera")
        state.watch(self._show_size, "point_size")
        state.watch(self._show_clip, "clip")
        state.watch(self._show_hidden, "isolated", "show_inferred", "selection", "turned_away")
        state.watch(self._show_selected, "selection", "isolated")
        canvas.camera_changed.connect(lambda camera: state.choose(camera=camera))
        canvas.hovered.connect(self._hover)
        canvas.picked.connect(self._pick)
        canvas.lassoed.connect(self._take_lasso)
        self._show_cloud()

    def dress(self, theme: Theme) -> None:
        colour = QColor(theme.ground)
        self.canvas.set_background((colour.red(), colour.green(), colour.blue()))

    def _show_cloud(self) -> None:
        cloud = self.state.facts.cloud
        self.canvas.set_points(cloud, self._inferred() if cloud is not None else None)
        if cloud is None:
            return
        self._show_size()
        self._show_clip()
        self._show_hidden()
        self._show_painting()
        if self.state.choices.camera is None:
            self.state.choose(camera=self.canvas.camera)
        else:
            self._show_camera()

    def _inferred(self) -> Flags | None:
        field = self.state.field
        if field is None or field.points.origin is None:
            return None
        return np.asarray(field.points.origin == Origin.INFERRED)

    def _show_painting(self) -> None:
        painting = getattr(self.state.facts, self.shows.painting)
        if painting is not None and self.state.facts.cloud is not None:
            self.canvas.set_paint(painting.paint)

    def _show_camera(self) -> None:
        camera: Camera | None = self.state.choices.camera
        if camera is not None and camera is not self.canvas.camera:
            self.canvas.set_camera(camera)

    def _show_size(self) -> None:
        cloud = self.state.facts.cloud
        if cloud is not None:
            radius_m = cloud.radius_m * self.state.choices.point_size
            self.canvas.set_discs(Discs(radius_m=radius_m))

    def _show_clip(self) -> None:
        clip = self.state.choices.clip
        self.canvas.set_clip(None if clip is None else np.array([clip.lower, clip.upper]))

    def _show_hidden(self) -> None:
        if (field := self.state.field) is not None:
            hidden = hidden_points(field, self.state.choices)
            away = self.state.facts.turned_away
            if away is not None:
                hidden = away if hidden is None else hidden | away
            self.canvas.set_hidden(hidden)

    def _show_selected(self) -> None:
        field, choices = self.state.field, self.state.choices
        if field is None:
            return
        flags: Flags | None = None
        if len(choices.selection) and not choices.isolated:
            flags = np.zeros(field.stored.num_points, bool)
            flags[choices.selection.ids] = True
        self.canvas.set_selected(flags)

    def _hover(self, point: int) -> None:
        self.state.learn(hovered=None if point < 0 else point)

    def _pick(self, point: int) -> None:
        field = self.state.field
        self.state.settle()
        self.state.learn(picked=None if point < 0 else point)
        if field is not None and not self.state.choices.isolated:
            self.state.choose(selection=points_like(field, point))

    def _take_lasso(self, ids: npt.NDArray[np.int32]) -> None:
        self.state.settle()
        if self.state.choices.isolated:
            ids = np.intersect1d(ids, self.state.choices.selection.ids)
        if self.state.field is not None and len(ids):
            self.state.choose(selection=Selection.of(ids, f"{len(ids):,} points"))
