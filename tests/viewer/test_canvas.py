"""The canvas as a person uses it: real events, real pixels."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtGui import QColor, QImage, QWheelEvent
from PyQt6.QtTest import QSignalSpy, QTest
from PyQt6.QtWidgets import QApplication

from lexel.query.paint import Paint
from lexel.scene.recipe import Projection
from lexel.viewer.canvas import Canvas
from lexel.viewer.canvas_hands import Tool, distance_text
from lexel.viewer.drawing.cloud import Cloud, arrange
from lexel.viewer.drawing.grow import Discs
from lexel.viewer.drawing.looking import Looker
from lexel.viewer.drawing.meshes import Mesh
from lexel.viewer.drawing.moves import Direction

Until = Callable[[Callable[[], object]], None]
LEFT, MIDDLE, RIGHT = (
    Qt.MouseButton.LeftButton,
    Qt.MouseButton.MiddleButton,
    Qt.MouseButton.RightButton,
)
GROUND, RED, GREEN = (9, 9, 9), (255, 0, 0), (0, 255, 0)
SIDE = 40
# Two squares beside each other, seen from the front: code 0 at x < 0, code 1 at x > 0.
_axis = np.linspace(-1, 1, SIDE, dtype=np.float32)
_x, _z = np.meshgrid(_axis, _axis)
XYZ_M = np.stack([_x.ravel(), np.zeros(SIDE * SIDE, np.float32), _z.ravel()], axis=1)
CODE = (XYZ_M[:, 0] > 0).astype(np.int32)


def two_colours(first: tuple[int, int, int] = RED, second: tuple[int, int, int] = GREEN) -> Paint:
    table = np.array([(*first, 255), (*second, 255)], np.uint8)
    return Paint(CODE, table, GREY)


GREY = np.full((len(XYZ_M), 3), 128, np.uint8)


@pytest.fixture(scope="module")
def cloud() -> Cloud:
    return arrange(XYZ_M)


@pytest.fixture
def canvas(qapp: QApplication, cloud: Cloud, until: Until) -> Iterator[Canvas]:
    """Showing the two squares from the front, without light."""
    made = Canvas()
    made.resize(300, 200)
    made.show()
    made.set_background(GROUND)
    made.set_eye_dome(0)
    made.set_discs(Discs(4.0))
    made.set_points(cloud)
    made.set_paint(two_colours())
    made.look_from(Direction.FRONT)
    made.frame_box()
    _settle(made, until)
    yield made
    made.close()
    made.deleteLater()


def _settle(canvas: Canvas, until: Until) -> None:
    """Until what is wanted is on the screen, in its final form."""

    def settled() -> bool:
        shot, wanted = canvas.shot, canvas.scenery
        same = shot is not None and wanted is not None and shot.seen.scenery.key == wanted.key
        return bool(same and shot is not None and shot.seen.final)

    until(settled)
    painted = canvas.painted
    canvas.update()
    until(lambda: canvas.painted > painted)


def _grabbed(canvas: Canvas) -> QImage:
    return canvas.grab().toImage()


def _colour(canvas: Canvas, place: QPoint) -> tuple[int, int, int]:
    image = _grabbed(canvas)
    ratio = image.devicePixelRatio()
    colour = QColor(image.pixel(int(place.x() * ratio), int(place.y() * ratio)))
    return colour.red(), colour.green(), colour.blue()


def _place(canvas: Canvas, *point_m: float) -> QPoint:
    place = canvas.place_of(np.array(point_m))
    assert place is not None
    return place.toPoint()


def _drag(canvas: Canvas, button: Qt.MouseButton, *places: QPoint, keys: object = None) -> None:
    modifiers = keys or Qt.KeyboardModifier.NoModifier
    QTest.mousePress(canvas, button, modifiers, places[0])
    for place in places[1:]:
        QTest.mouseMove(canvas, place)
        QTest.qWait(1)
    QTest.mouseRelease(canvas, button, modifiers, places[-1])


def test_it_shows_the_colours_of_its_paint(canvas: Canvas) -> None:
    assert _colour(canvas, _place(canvas, -0.5, 0, 0.5)) == RED
    assert _colour(canvas, _place(canvas, 0.5, 0, 0.5)) == GREEN
    assert _colour(canvas, QPoint(3, 3)) == GROUND


def test_a_new_table_changes_the_pixels_of_its_points_only(canvas: Canvas, until: Until) -> None:
    before = canvas.shot
    new = replace(two_colours(), table=two_colours((0, 0, 255)).table)
    canvas.set_paint(new)
    until(lambda: canvas.shot is not None and canvas.shot.paint is new)
    _settle(canvas, until)
    assert before is not None
    assert canvas.shot is not None
    assert canvas.shot.seen is before.seen, "nothing was looked at again"
    assert _colour(canvas, _place(canvas, -0.5, 0, 0.5)) == (0, 0, 255)
    assert _colour(canvas, _place(canvas, 0.5, 0, 0.5)) == GREEN


def test_without_points_it_shows_its_ground(qapp: QApplication) -> None:
    empty = Canvas()
    empty.resize(100, 80)
    empty.set_background(GROUND)
    assert _colour(empty, QPoint(50, 40)) == GROUND
    QTest.mouseClick(empty, LEFT, pos=QPoint(50, 40))
    QTest.keyClick(empty, "w")
    empty.look_from(Direction.TOP)
    empty.frame_box()
    assert empty.camera is None


def test_points_can_go_and_others_come(canvas: Canvas, until: Until) -> None:
    canvas.set_points(None)
    assert _colour(canvas, _place(canvas, 0, 0, 0) if canvas.camera else QPoint(150, 100)) == GROUND
    few = arrange(XYZ_M[:100])
    canvas.set_points(few)
    canvas.set_paint(Paint(CODE[:100], two_colours((0, 0, 255)).table, GREY[:100]))
    _settle(canvas, until)
    assert canvas.shot is not None
    assert canvas.shot.seen.scenery.cloud is few
    assert (canvas.shot.image == (0, 0, 255, 255)).all(axis=-1).any()


@pytest.mark.parametrize("tool", Tool)
def test_left_dragging_turns_only_with_the_right_tool(canvas: Canvas, tool: Tool) -> None:
    canvas.set_tool(tool)
    before, moved = canvas.camera, QSignalSpy(canvas.camera_changed)
    _drag(canvas, LEFT, QPoint(150, 100), QPoint(190, 110), QPoint(200, 120))
    assert before is not None
    assert canvas.camera is not None
    turned = canvas.camera.key != before.key
    assert turned == (tool is not Tool.LASSO)
    assert (len(moved) > 0) == turned


@pytest.mark.parametrize(
    ("button", "keys"),
    [(MIDDLE, None), (LEFT, Qt.KeyboardModifier.ShiftModifier)],
    ids=["middle", "shift"],
)
def test_dragging_pans(canvas: Canvas, until: Until, button: Qt.MouseButton, keys: object) -> None:
    held = (-0.5, 0.0, 0.5)
    start = _place(canvas, *held)
    _drag(canvas, button, start, start + QPoint(20, 5), start + QPoint(40, 10), keys=keys)
    moved = _place(canvas, *held) - start
    assert abs(moved.x() - 40) <= 1
    assert abs(moved.y() - 10) <= 1
    _settle(canvas, until)
    assert _colour(canvas, start + QPoint(40, 10)) == RED


def test_right_dragging_looks_around(canvas: Canvas) -> None:
    assert canvas.camera is not None
    eye_m = canvas.camera.eye_m
    _drag(canvas, RIGHT, QPoint(100, 100), QPoint(130, 100), QPoint(150, 100))
    assert canvas.camera.eye_m == pytest.approx(eye_m)


def test_the_wheel_comes_nearer_to_what_is_under_it(canvas: Canvas) -> None:
    spot = (0.5, 0.0, -0.5)
    before = _place(canvas, *spot)
    assert canvas.camera is not None
    distance_m = np.linalg.norm(canvas.camera.eye_m - spot)
    for _ in range(3):
        QApplication.sendEvent(canvas, _wheel(canvas, before, 120))
    assert (_place(canvas, *spot) - before).manhattanLength() <= 2
    assert np.linalg.norm(canvas.camera.eye_m - spot) < 0.65 * distance_m


def _wheel(canvas: Canvas, place: QPoint, turn: int) -> QWheelEvent:
    where = QPointF(place)
    return QWheelEvent(
        where,
        QPointF(canvas.mapToGlobal(place)),
        QPoint(),
        QPoint(0, turn),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )


def test_keys_fly_while_they_are_down(canvas: Canvas, until: Until) -> None:
    camera = canvas.camera
    assert camera is not None
    QTest.keyPress(canvas, "w")
    until(lambda: canvas.camera is not None and (canvas.camera.eye_m - camera.eye_m).any())
    QTest.keyRelease(canvas, "w")
    assert canvas.camera is not None
    flown = canvas.camera.eye_m - camera.eye_m
    assert flown @ camera.forward == pytest.approx(np.linalg.norm(flown))
    QTest.qWait(50)
    there = canvas.camera.eye_m
    QTest.qWait(50)
    assert canvas.camera.eye_m == pytest.approx(there)


def test_a_click_picks_the_point_under_it(canvas: Canvas) -> None:
    picked = QSignalSpy(canvas.picked)
    for point in (0, 817, len(XYZ_M) - 1):
        QTest.mouseClick(canvas, LEFT, pos=_place(canvas, *XYZ_M[point]))
    QTest.mouseClick(canvas, LEFT, pos=QPoint(2, 2))
    chosen = [picked[i][0] for i in range(len(picked))]
    assert chosen[3] == -1
    for got, point in zip(chosen, (0, 817, len(XYZ_M) - 1), strict=False):
        assert np.linalg.norm(XYZ_M[got] - XYZ_M[point]) < 0.06, "it or its neighbour"


def test_a_drag_is_no_click(canvas: Canvas) -> None:
    picked = QSignalSpy(canvas.picked)
    _drag(canvas, LEFT, QPoint(150, 100), QPoint(170, 100))
    assert len(picked) == 0


def test_hovering_tells_each_point_once(canvas: Canvas, until: Until) -> None:
    hovered = QSignalSpy(canvas.hovered)
    place = _place(canvas, 0.3, 0, 0.3)
    for where, count in ((place, 1), (place + QPoint(0, 1), 1), (QPoint(2, 2), 2)):
        QTest.mouseMove(canvas, where)
        until(lambda: len(hovered) >= count)  # noqa: B023 - it waits here and now
    told = [hovered[i][0] for i in range(len(hovered))]
    assert len(told) in (2, 3), "the neighbour may be a point of its own"
    assert XYZ_M[told[0]] == pytest.approx((0.3, 0, 0.3), abs=0.06)
    assert told[-1] == -1
    assert len(set(told)) == len(told)


@pytest.mark.parametrize("through", [False, True])
def test_a_lasso_takes_the_points_in_it(canvas: Canvas, until: Until, through: bool) -> None:
    canvas.set_tool(Tool.LASSO)
    canvas.set_lasso_through(through)
    lassoed = QSignalSpy(canvas.lassoed)
    corners = [_place(canvas, x, 0, z) for x, z in ((-1, -1), (-1, 1), (0, 1), (0, -1))]
    _drag(canvas, LEFT, *corners)
    until(lambda: len(lassoed))
    caught = lassoed[0][0]
    assert len(caught) == pytest.approx(len(XYZ_M) / 2, rel=0.1)
    assert (XYZ_M[caught, 0] < 0.06).all()


def test_two_clicks_measure(canvas: Canvas) -> None:
    canvas.set_tool(Tool.MEASURE)
    measured = QSignalSpy(canvas.measured)
    for x in (-0.8, 0.7):
        QTest.mouseClick(canvas, LEFT, pos=_place(canvas, x, 0, 0))
    assert len(measured) == 1
    assert measured[0][0] == pytest.approx(1.5, abs=0.1)
    line = _place(canvas, -0.4, 0, 0)
    column = [_colour(canvas, line + QPoint(0, dy)) for dy in range(-4, 5)]
    assert any(min(colour) > 150 for colour in column), "the tape is drawn"
    canvas.set_tool(Tool.NAVIGATE)
    assert _colour(canvas, line) == RED


def test_distances_read_well() -> None:
    assert distance_text(1.234) == "1.23 m"
    assert distance_text(0.05678) == "5.7 cm"


def test_what_is_hidden_clipped_or_inferred_goes_and_comes_back(
    canvas: Canvas, until: Until
) -> None:
    left, right = _place(canvas, -0.5, 0, 0.5), _place(canvas, 0.5, 0, 0.5)

    def shown() -> tuple[bool, bool]:
        _settle(canvas, until)
        return _colour(canvas, left) == RED, _colour(canvas, right) == GREEN

    canvas.set_hidden(CODE == 1)
    assert shown() == (True, False)
    canvas.set_hidden(None)
    canvas.set_clip(np.array([[0.01, -1, -1], [1, 1, 1.0]]))
    assert shown() == (False, True)
    canvas.set_clip(None)
    assert shown() == (True, True)


def test_inferred_points_are_hatched_and_can_be_hidden(
    canvas: Canvas, cloud: Cloud, until: Until
) -> None:
    canvas.set_points(cloud, inferred=CODE == 1)
    canvas.set_paint(two_colours())
    canvas.look_from(Direction.FRONT)
    canvas.frame_box()
    _settle(canvas, until)
    assert canvas.shot is not None
    image = canvas.shot.image[..., :3]
    green, red = (image == GREEN).all(axis=-1).sum(), (image == RED).all(axis=-1).sum()
    assert green == pytest.approx(red / 2, rel=0.2), "every other stripe"
    canvas.show_inferred(False)
    _settle(canvas, until)
    assert not (canvas.shot.image[..., :3] == GREEN).all(axis=-1).any()
    canvas.set_hidden(CODE == 0)
    _settle(canvas, until)
    assert (canvas.shot.image == (*GROUND, 255)).all()


def test_a_selection_shows(canvas: Canvas, until: Until) -> None:
    canvas.set_selected(CODE == 0)
    until(lambda: _colour(canvas, _place(canvas, -0.5, 0, 0.5)) != RED)
    assert _colour(canvas, _place(canvas, 0.5, 0, 0.5)) == GREEN


def test_meshes_lie_over_the_points(canvas: Canvas, until: Until) -> None:
    corners = np.array([[0, -0.5, 0], [0, -0.5, 1], [1, -0.5, 1], [1, -0.5, 0]], np.float32)
    mesh = Mesh(corners, np.array([[0, 1, 2], [0, 2, 3]], np.int32), (0, 0, 255))
    nothing = replace(mesh, vertices_m=corners[:0], faces=mesh.faces[:0])
    canvas.set_meshes((nothing, mesh))
    _settle(canvas, until)
    blue = _colour(canvas, _place(canvas, 0.5, -0.5, 0.5))
    assert blue[2] > 200
    assert blue[:2] == (0, 0)
    canvas.set_meshes((nothing,))
    _settle(canvas, until)
    assert _colour(canvas, _place(canvas, 0.5, 0, 0.5)) == GREEN


def test_another_size_shows_as_much(canvas: Canvas, until: Until) -> None:
    canvas.resize(420, 260)
    _settle(canvas, until)
    assert canvas.shot is not None
    ratio = canvas.devicePixelRatioF()
    assert canvas.shot.image.shape[:2] == (round(260 * ratio), round(420 * ratio))
    assert _colour(canvas, _place(canvas, -0.5, 0, 0.5)) == RED


def test_the_other_projection_and_back(canvas: Canvas, until: Until) -> None:
    place = _place(canvas, -0.5, 0, 0.5)
    for projection in (Projection.ORTHOGRAPHIC, Projection.PERSPECTIVE):
        canvas.set_projection(projection)
        _settle(canvas, until)
        assert _colour(canvas, place) == RED


def test_linked_canvases_follow_each_other_and_share_the_work(
    qapp: QApplication, cloud: Cloud, until: Until
) -> None:
    looker = Looker()
    pair = [Canvas(looker), Canvas(looker)]
    for one, other, colours in zip(pair, pair[::-1], (RED, GREEN), strict=True):
        one.resize(200, 150)
        one.show()
        one.set_points(cloud)
        one.set_paint(two_colours(colours, colours))
        one.camera_changed.connect(other.set_camera)
    _drag(pair[0], LEFT, QPoint(100, 75), QPoint(120, 75), QPoint(140, 80))
    for one in pair:
        _settle(one, until)
    assert pair[0].shot is not None
    assert pair[1].shot is not None
    assert pair[0].shot.seen.points is pair[1].shot.seen.points
    assert pair[0].shot.paint is not pair[1].shot.paint
    for one in pair:
        one.deleteLater()
    looker.close()


def test_a_canvas_that_is_gone_leaves_no_thread(
    qapp: QApplication, cloud: Cloud, until: Until
) -> None:
    before = _threads()
    held = [Canvas()]
    held[0].show()
    held[0].set_points(cloud)
    held[0].set_paint(two_colours())
    until(lambda: held[0].shot is not None)
    assert len(_threads() - before) == 2
    held.clear()
    gc.collect()
    until(lambda: not {thread for thread in _threads() - before if thread.is_alive()})


def _threads() -> set[threading.Thread]:
    names = ("lexel-look", "lexel-colour")
    return {thread for thread in threading.enumerate() if thread.name in names}
