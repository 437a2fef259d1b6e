"""Mouse and keys on a canvas: moving the camera, picking, the lasso, the tape measure."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from enum import Enum
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from PyQt6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPen, QPolygonF, QWheelEvent

from lexel.viewer.drawing.navigating import FLIGHT, Grip
from lexel.viewer.drawing.pick import id_at, ids_inside, ids_seen, within
from lexel.viewer.drawing.scenery import Seen
from lexel.viewer.drawing.splat import IdPass, Shown

if TYPE_CHECKING:
    from lexel.viewer.canvas import Canvas

_CLICK_PX = 4.0  # the mouse may tremble so far in a click
_TICK_MS = 16
_NOTCH = 120.0  # of the wheel, in Qt's eighths of a degree
_LEAST_CORNERS = 3
_LINE, _VEIL, _PLATE = QColor(255, 255, 255), QColor(255, 255, 255, 40), QColor(0, 0, 0, 190)
_MARGIN_PX = 4.0


class Tool(Enum):
    """What the left button does; the others always move the camera."""

    NAVIGATE = "navigate"
    LASSO = "lasso"
    MEASURE = "measure"


class Hands(QObject):
    """Reads a canvas's events and speaks through its signals."""

    _found = pyqtSignal(object)

    def __init__(self, canvas: Canvas) -> None:
        super().__init__()
        self.through = False
        self._canvas = canvas
        self._tool = Tool.NAVIGATE
        self._grip: Grip | None = None
        self._pressed: QPointF | None = None  # while it still may become a click
        self._lasso: list[QPointF] = []
        self._tape_m: list[npt.NDArray[np.float64]] = []
        self._hovered = -1
        self._keys: set[str] = set()
        self._hurry = False
        self._flown_s = 0.0
        self._flight = QTimer(self)
        self._flight.setInterval(_TICK_MS)
        self._flight.timeout.connect(self._fly)
        self._found.connect(canvas.lassoed)
        self._handlers: dict[QEvent.Type, Callable[..., bool]] = {
            QEvent.Type.MouseButtonPress: self._press,
            QEvent.Type.MouseMove: self._drag,
            QEvent.Type.MouseButtonRelease: self._release,
            QEvent.Type.Wheel: self._wheel,
            QEvent.Type.KeyPress: self._key_down,
            QEvent.Type.KeyRelease: self._key_up,
            QEvent.Type.FocusOut: self._let_go,
            QEvent.Type.Leave: self._leave,
        }

    def take(self, tool: Tool) -> None:
        """Another tool; what the last one has drawn goes."""
        self._tool, self._lasso, self._tape_m = tool, [], []
        shape = Qt.CursorShape.ArrowCursor if tool is Tool.NAVIGATE else Qt.CursorShape.CrossCursor
        self._canvas.setCursor(shape)
        self._canvas.update()

    def reset(self) -> None:
        """Other points have come."""
        self._hovered, self._lasso, self._tape_m, self._grip = -1, [], [], None

    def handle(self, event: QEvent) -> bool:
        """Whether the event was for the hands, and is done with."""
        handler = self._handlers.get(event.type())
        return handler is not None and self._canvas.navigator is not None and handler(event)

    def paint(self, painter: QPainter) -> None:
        """What the tools show over the picture."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(_LINE, 1.5))
        if self._lasso:
            painter.setBrush(_VEIL)
            painter.drawPolygon(QPolygonF(self._lasso))
        ends = [place for end in self._tape_m if (place := self._canvas.place_of(end))]
        for place in ends:
            painter.setBrush(_PLATE)
            painter.drawEllipse(place, _CLICK_PX, _CLICK_PX)
        if len(ends) == 2:
            painter.drawLine(*ends)
            _plate(painter, (ends[0] + ends[1]) / 2, distance_text(self._tape_length_m()))

    # The mouse.

    def _press(self, event: QMouseEvent) -> bool:
        nav = self._canvas.navigator
        assert nav is not None
        self._pressed = event.position()
        grip = _grip_of(event)
        if self._tool is Tool.LASSO and grip is Grip.ORBIT:
            self._lasso = [event.position()]
        else:
            self._grip = grip
            nav.grab(self._canvas.pixel_at(event.position()), self._seen())
        return False  # Qt itself gives the focus

    def _drag(self, event: QMouseEvent) -> bool:
        nav = self._canvas.navigator
        assert nav is not None
        if self._pressed is not None and not self._is_click(event):
            self._pressed = None
        if self._lasso:
            self._lasso.append(event.position())
            self._canvas.update()
        elif self._grip is None:
            self._hover(event.position())
        elif self._pressed is None:
            pixel = self._canvas.pixel_at(event.position())
            self._canvas.move_camera(nav.drag(pixel, self._grip))
        return True

    def _release(self, event: QMouseEvent) -> bool:
        lasso, self._lasso, self._grip = self._lasso, [], None
        clicked, self._pressed = self._is_click(event), None
        if not clicked and len(lasso) >= _LEAST_CORNERS:
            self._catch(lasso)
        elif clicked and event.button() == Qt.MouseButton.LeftButton:
            self._click(event.position())
        self._canvas.update()
        return True

    def _wheel(self, event: QWheelEvent) -> bool:
        nav = self._canvas.navigator
        assert nav is not None
        pixel, notches = self._canvas.pixel_at(event.position()), event.angleDelta().y() / _NOTCH
        self._canvas.move_camera(nav.wheel(pixel, notches, self._seen()))
        return True

    def _leave(self, event: QEvent) -> bool:
        self._tell_hovered(-1)
        return False

    # Keys.

    def _key_down(self, event: QKeyEvent) -> bool:
        key, modifiers = event.text().lower(), event.modifiers()
        self._hurry = modifiers == Qt.KeyboardModifier.ShiftModifier
        if key not in FLIGHT or not (self._hurry or modifiers == Qt.KeyboardModifier.NoModifier):
            return False
        if not self._keys:
            self._flown_s = time.monotonic()
            self._flight.start()
        self._keys.add(key)
        return True

    def _key_up(self, event: QKeyEvent) -> bool:
        key = event.text().lower()
        if event.isAutoRepeat() or key not in self._keys:
            return False
        self._keys.discard(key)
        return True

    def _let_go(self, event: QEvent) -> bool:
        self._keys.clear()
        return False

    def _fly(self) -> None:
        nav, now_s = self._canvas.navigator, time.monotonic()
        if not self._keys or nav is None:
            self._flight.stop()
            return
        self._canvas.move_camera(nav.fly(self._keys, now_s - self._flown_s, self._hurry))
        self._flown_s = now_s

    # Points.

    def _seen(self) -> IdPass | None:
        return None if self._canvas.shot is None else self._canvas.shot.seen.points

    def _id_at(self, place: QPointF) -> int:
        seen = self._seen()
        return -1 if seen is None else id_at(seen, self._canvas.pixel_at(place))

    def _hover(self, place: QPointF) -> None:
        self._tell_hovered(self._id_at(place))

    def _tell_hovered(self, point: int) -> None:
        if point != self._hovered:
            self._hovered = point
            self._canvas.hovered.emit(point)

    def _click(self, place: QPointF) -> None:
        point = self._id_at(place)
        if self._tool is Tool.MEASURE:
            self._measure(point)
        else:
            self._canvas.picked.emit(point)

    def _measure(self, point: int) -> None:
        scenery = self._canvas.scenery
        if point < 0 or scenery is None:
            return
        begun = self._tape_m if len(self._tape_m) == 1 else []
        self._tape_m = [*begun, scenery.cloud.xyz_m[point].astype(np.float64)]
        if begun:
            self._canvas.measured.emit(self._tape_length_m())

    def _tape_length_m(self) -> float:
        return float(np.linalg.norm(self._tape_m[1] - self._tape_m[0]))

    def _catch(self, lasso: list[QPointF]) -> None:
        """Find the points in a lasso; among many millions that takes longer than a window may."""
        if self._canvas.shot is None:
            return
        polygon = [self._canvas.pixel_at(place) for place in lasso]
        seen, through, tell = self._canvas.shot.seen, self.through, self._found.emit

        def find() -> None:
            found = caught(seen, polygon, through)
            try:
                tell(found)
            except RuntimeError:  # the canvas went away meanwhile, and with it who asked
                return

        threading.Thread(target=find, name="lexel-lasso", daemon=True).start()

    def _is_click(self, event: QMouseEvent) -> bool:
        if self._pressed is None:
            return False
        moved = event.position() - self._pressed
        return abs(moved.x()) + abs(moved.y()) <= _CLICK_PX


def caught(seen: Seen, polygon: list[tuple[float, float]], through: bool) -> npt.NDArray[np.int32]:
    """(M,) ascending, the points within a polygon of places (u, v): those seen, or all."""
    scenery = seen.scenery
    mask = within(polygon, scenery.camera.size_px)
    if not through:
        return ids_seen(seen.points, mask)
    hidden = scenery.cloud.in_drawing_order(scenery.hidden)
    return ids_inside(scenery.cloud, scenery.camera, mask, Shown(hidden, scenery.clip_m))


def distance_text(metres: float) -> str:
    """Three figures, in centimetres below a metre."""
    return f"{metres:.2f} m" if metres >= 1 else f"{metres * 100:.1f} cm"


def _grip_of(event: QMouseEvent) -> Grip:
    plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
    if event.button() == Qt.MouseButton.LeftButton:
        return Grip.ORBIT if plain else Grip.PAN
    return Grip.LOOK if event.button() == Qt.MouseButton.RightButton else Grip.PAN


def _plate(painter: QPainter, middle: QPointF, text: str) -> None:
    size = painter.fontMetrics().size(0, text)
    box = QRectF(0, 0, size.width() + 2 * _MARGIN_PX, size.height() + 2 * _MARGIN_PX)
    box.moveCenter(middle)
    painter.setBrush(_PLATE)
    painter.drawRoundedRect(box, _MARGIN_PX, _MARGIN_PX)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
