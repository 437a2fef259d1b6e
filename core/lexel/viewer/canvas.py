"""The window's picture of the points: a widget that paints an image and has a camera.

It does no work of its own that takes time: one thread looks (`drawing.looking`), one colours
(`drawing.colouring`), and the widget paints the newest image that has come. Mouse and keys are
`canvas_hands`'.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
from PyQt6.QtCore import QEvent, QObject, QPointF, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QHideEvent, QImage, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PyQt6.QtWidgets import QWidget

from lexel.query.paint import Paint
from lexel.scene import Colour
from lexel.scene.recipe import Projection
from lexel.viewer.canvas_hands import Hands, Tool
from lexel.viewer.drawing.camera import Camera
from lexel.viewer.drawing.cloud import Cloud
from lexel.viewer.drawing.colouring import Colourer, Shot
from lexel.viewer.drawing.grow import Discs
from lexel.viewer.drawing.looking import Looker
from lexel.viewer.drawing.meshes import Mesh, MeshScene
from lexel.viewer.drawing.moves import Direction, frame, seen_from, turned_to, with_projection
from lexel.viewer.drawing.navigating import Navigator
from lexel.viewer.drawing.scenery import Dress, Flags, Scenery

_SMALLEST_PX = 64


class _Bridge(QObject):
    """Brings pictures from their thread to the window's; outlives the widget for them."""

    came = pyqtSignal(object)

    def send(self, shot: Shot) -> None:
        try:
            self.came.emit(shot)
        except RuntimeError:  # at the program's end Qt goes first
            return


class Canvas(QWidget):
    """Points, in the colours of a paint, from a camera that the mouse moves.

    Signals:
        camera_changed: a `Camera`, moved by the user or by one of the methods below.
        hovered: the point under the mouse, -1 for none; only when it is another.
        picked: the point that was clicked, -1 for none.
        lassoed: (M,) int32, the points within a lasso.
        measured: metres between two clicked points.

    Attributes:
        shot: what is on the screen; None before the first picture.
        navigator: camera and pivot; None while there are no points.
        painted: how often a picture was painted.
    """

    camera_changed = pyqtSignal(object)
    hovered = pyqtSignal(int)
    picked = pyqtSignal(int)
    lassoed = pyqtSignal(object)
    measured = pyqtSignal(float)

    def __init__(self, looker: Looker | None = None, parent: QWidget | None = None) -> None:
        """
        Args:
            looker: of linked canvases, which share its work; whoever made it closes it. None:
                one of its own.
        """
        super().__init__(parent)
        self.shot: Shot | None = None
        self.navigator: Navigator | None = None
        self.painted = 0
        self._scenery: Scenery | None = None
        self._discs = Discs()
        self._dress = Dress()
        self._hidden: Flags | None = None
        self._inferred_shown = True
        self._looker = looker or Looker()
        bridge = _Bridge()
        bridge.came.connect(self._take)
        self._colourer = Colourer(bridge.send)
        self._receive = self._colourer.see
        self._hands = Hands(self)
        own = self._looker if looker is None else None
        weakref.finalize(self, _stop, id(self), self._looker, self._colourer, own)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(_SMALLEST_PX, _SMALLEST_PX)

    # What is drawn.

    def set_points(self, cloud: Cloud | None, inferred: Flags | None = None) -> None:
        """Other points, seen from a corner; a paint for them must follow.

        Args:
            inferred: (N,) which of them nobody has seen: they are hatched, and can be hidden.
        """
        self._looker.leave(id(self))
        self._colourer.clear()
        self.shot, self._hidden, self._scenery, self.navigator = None, None, None, None
        self._hands.reset()
        self._redress(replace(self._dress, inferred=inferred, selected=None))
        if cloud is not None:
            camera = seen_from(Direction.CORNER, cloud.box_m, self._size_px())
            self.navigator = Navigator.around(camera, cloud.box_m)
            self._look(Scenery(cloud, camera, self._discs_here(), self._not_drawn()))
        self.update()

    def set_paint(self, paint: Paint) -> None:
        """Other colours; O(pixels) if only the table is another."""
        self._colourer.paint(paint)

    def set_meshes(self, meshes: tuple[Mesh, ...]) -> None:
        """Meshes drawn with the points; empty ones, of labels that were not found, are left out."""
        some = tuple(mesh for mesh in meshes if len(mesh.faces))
        scene = MeshScene(some) if some else None
        self._change(lambda now: replace(now, meshes=scene))

    def set_discs(self, discs: Discs) -> None:
        """How large points are; `radius_px` counts the window's pixels, not the screen's."""
        self._discs = discs
        self._change(lambda now: replace(now, discs=self._discs_here()))

    def set_clip(self, box_m: npt.NDArray[np.float64] | None) -> None:
        """(2, 3) box outside which nothing is drawn."""
        self._change(lambda now: replace(now, clip_m=box_m))

    def set_hidden(self, hidden: Flags | None) -> None:
        """(N,) points that are not drawn, such as all but an isolated object."""
        self._hidden = hidden
        self._change(lambda now: replace(now, hidden=self._not_drawn()))

    def show_inferred(self, shown: bool) -> None:
        """Whether points that nobody has seen are drawn."""
        self._inferred_shown = shown
        self._change(lambda now: replace(now, hidden=self._not_drawn()))

    def set_selected(self, selected: Flags | None) -> None:
        """(N,) points that are highlighted."""
        self._redress(replace(self._dress, selected=selected))

    def set_background(self, colour: Colour) -> None:
        self._redress(replace(self._dress, background=colour))
        self.update()

    def set_eye_dome(self, strength: float) -> None:
        """How strongly edges and hollows are darkened; 0: not at all."""
        self._redress(replace(self._dress, eye_dome=strength))

    def set_tool(self, tool: Tool) -> None:
        """What the left button does."""
        self._hands.take(tool)

    def set_lasso_through(self, through: bool) -> None:
        """Whether a lasso takes hidden points too."""
        self._hands.through = through

    def close_thread(self) -> None:
        """No colours any more; what is on the screen stays."""
        self._colourer.close()

    # The camera.

    @property
    def camera(self) -> Camera | None:
        return None if self.navigator is None else self.navigator.camera

    @property
    def scenery(self) -> Scenery | None:
        """What is wanted; `shot` may still show what was wanted before."""
        return self._scenery

    @property
    def dressed(self) -> Dress:
        """How it looks."""
        return self._dress

    def set_camera(self, camera: Camera) -> None:
        """Look from elsewhere; without a signal, so that two canvases may follow each other."""
        if self.navigator is not None:
            self.navigator.camera = camera.resized(self._size_px())
            self._follow()

    def move_camera(self, camera: Camera) -> None:
        """Look from elsewhere, and say so."""
        self.set_camera(camera)
        self.camera_changed.emit(self.camera)

    def look_from(self, direction: Direction) -> None:
        """A named view of what the camera turns about."""
        if (nav := self.navigator) is not None:
            self.move_camera(turned_to(nav.camera, direction, nav.pivot_m))

    def frame_box(self, box_m: npt.NDArray[np.float64] | None = None) -> None:
        """Come so near that a box (2, 3) fills the window; None: all points."""
        if (nav := self.navigator) is not None:
            box_m = nav.box_m if box_m is None else box_m
            nav.pivot_m = box_m.mean(axis=0)
            self.move_camera(frame(nav.camera, box_m))

    def set_projection(self, projection: Projection) -> None:
        """What the camera turns about keeps its size."""
        if (nav := self.navigator) is not None:
            self.move_camera(with_projection(nav.camera, projection, nav.pivot_depth_m()))

    def pixel_at(self, place: QPointF) -> tuple[float, float]:
        """A place in the widget as (u, v) of the image."""
        ratio = self.devicePixelRatioF()
        return place.x() * ratio, place.y() * ratio

    def place_of(self, point_m: npt.NDArray[np.float64]) -> QPointF | None:
        """Where a point of the world is in the widget; None behind the eye."""
        camera = self.camera
        if camera is None or (pixel := camera.pixel_of(point_m)) is None:
            return None
        return QPointF(*pixel) / self.devicePixelRatioF()

    # The window.

    def resizeEvent(self, event: QResizeEvent | None) -> None:  # noqa: N802 - Qt's names
        self._fit()

    def showEvent(self, event: QShowEvent | None) -> None:  # noqa: N802
        if self._scenery is not None:
            self._look(self._scenery)

    def hideEvent(self, event: QHideEvent | None) -> None:  # noqa: N802
        self._looker.leave(id(self))  # one that nobody sees costs nothing

    def event(self, event: QEvent | None) -> bool:
        if event is not None and event.type() == QEvent.Type.DevicePixelRatioChange:
            self._fit()
        return (event is not None and self._hands.handle(event)) or super().event(event)

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802
        painter = QPainter(self)
        if self.shot is None:
            painter.fillRect(self.rect(), QColor(*(self._dress.background or (0, 0, 0))))
            return
        image: Any = self.shot.image  # a buffer, which PyQt's types do not know of
        height, width = image.shape[:2]
        kind = QImage.Format.Format_RGBX8888
        painter.drawImage(self.rect(), QImage(image.data, width, height, 4 * width, kind))
        self._hands.paint(painter)
        self.painted += 1

    def _take(self, shot: Shot) -> None:
        if self._scenery is not None and shot.seen.scenery.cloud is self._scenery.cloud:
            self.shot = shot
            self.update()

    def _size_px(self) -> tuple[int, int]:
        ratio = self.devicePixelRatioF()
        width, height = round(self.width() * ratio), round(self.height() * ratio)
        return max(width, _SMALLEST_PX), max(height, _SMALLEST_PX)

    def _discs_here(self) -> Discs:
        return replace(self._discs, radius_px=self._discs.radius_px * self.devicePixelRatioF())

    def _not_drawn(self) -> Flags | None:
        inferred = self._dress.inferred
        if self._inferred_shown or inferred is None:
            return self._hidden
        return inferred if self._hidden is None else inferred | self._hidden

    def _fit(self) -> None:
        """The window has another size, or the screen another number of pixels."""
        if self.navigator is not None:
            self.navigator.camera = self.navigator.camera.resized(self._size_px())
            self._change(lambda now: replace(now, discs=self._discs_here()))
            self._follow()

    def _follow(self) -> None:
        camera = self.camera
        if camera is not None:
            self._change(lambda now: replace(now, camera=camera))

    def _change(self, changed: Callable[[Scenery], Scenery]) -> None:
        if self._scenery is not None:
            self._look(changed(self._scenery))

    def _look(self, scenery: Scenery) -> None:
        self._scenery = scenery
        if self.isVisible():
            self._looker.want(id(self), scenery, self._receive)

    def _redress(self, dressed: Dress) -> None:
        self._dress = dressed
        self._colourer.dress(dressed)


def _stop(who: int, looker: Looker, colourer: Colourer, own: Looker | None) -> None:
    """End a canvas's threads, when it is gone or the program ends; from any thread, no waiting."""
    looker.leave(who)
    if own is not None:
        own.stop()
    colourer.stop()
