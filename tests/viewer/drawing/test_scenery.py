"""Pictures as a whole: points, meshes, marks; on one thread and on those of a window."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from lexel.query.paint import Paint
from lexel.scene.recipe import Projection
from lexel.viewer.drawing.cloud import arrange
from lexel.viewer.drawing.colouring import Colourer, Shot
from lexel.viewer.drawing.grow import Discs
from lexel.viewer.drawing.looking import Looker
from lexel.viewer.drawing.meshes import Mesh, MeshScene
from lexel.viewer.drawing.scenery import Dress, Scenery, Seen, dress, look, picture
from tests.viewer.drawing.clouds import SIZE_PX, camera, paint, points

NUMBER = 500
RED, GREEN = (255, 0, 0), (0, 255, 0)


def square(x_m: float, half_m: float = 0.5, **kind: Any) -> Mesh:
    """At x, across the gaze of an eye on the x axis."""
    y, z = half_m * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]).T
    corners = np.stack([np.full(4, x_m), y, z], axis=1).astype(np.float32)
    return Mesh(corners, np.array([[0, 1, 2], [0, 2, 3]], np.int32), **kind)


def plain(number: int, colour: tuple[int, int, int]) -> Paint:
    """All points in one colour."""
    rgb = np.tile(np.array(colour, np.uint8), (number, 1))
    return Paint(np.zeros(number, np.int32), np.zeros((1, 4), np.uint8), rgb)


@pytest.mark.parametrize("projection", Projection)
def test_a_mesh_is_where_the_camera_says(projection: Projection) -> None:
    eye = camera((3.0, 0.0, 0.01), projection)
    seen = MeshScene((square(0.5),)).cast(eye)
    inside, outside = eye.pixel_of((0.5, 0.45, 0.45)), eye.pixel_of((0.5, 0.55, 0.55))
    assert inside is not None
    assert outside is not None
    assert seen.opacity[int(inside[1]), int(inside[0])] == 1
    assert seen.opacity[int(outside[1]), int(outside[0])] == 0
    assert seen.depth_m[24, 32] == pytest.approx(2.5, abs=0.01)


def test_a_coarse_mesh_is_about_the_fine_one() -> None:
    eye, meshes = camera((3.0, 0.0, 0.01)), MeshScene((square(0.5),))
    fine, coarse = meshes.cast(eye), meshes.cast(eye, 4)
    assert coarse.depth_m.shape == fine.depth_m.shape
    assert ((coarse.opacity > 0) == (fine.opacity > 0)).mean() > 0.9


def _middle(x_m: float, mesh: Mesh | None, colour: tuple[int, int, int] = GREEN) -> list[int]:
    """The middle pixel with points at x = 0 in one colour, and a mesh."""
    cloud = arrange(np.zeros((1, 3), np.float32))
    meshes = None if mesh is None else MeshScene((mesh,))
    scenery = Scenery(cloud, camera((3.0, 0.0, 0.01)), Discs(3.0), meshes=meshes)
    image = picture(scenery, plain(1, colour), Dress(eye_dome=0.0), finer=1)
    return [int(channel) for channel in image[24, 32]]


def test_meshes_and_points_hide_each_other_by_depth() -> None:
    assert _middle(0, None) == [0, 255, 0, 255]
    assert _middle(0, square(0.5, rgb=RED)) == pytest.approx([255, 0, 0, 255], abs=3)
    assert _middle(0, square(-0.5, rgb=RED)) == [0, 255, 0, 255]


def test_a_mesh_lets_points_shine_through() -> None:
    mixed = _middle(0, square(0.5, rgb=RED, opacity=0.5))
    assert mixed == pytest.approx([128, 128, 0, 255], abs=4)


def test_inferred_things_are_hatched() -> None:
    xyz_m = points(NUMBER)
    scenery, colours = Scenery(arrange(xyz_m), camera()), plain(NUMBER, (40, 40, 40))
    inferred = xyz_m[:, 0] > 0
    bare = picture(scenery, colours, Dress(eye_dome=0.0), 1)
    marked = picture(scenery, colours, Dress(eye_dome=0.0, inferred=inferred), 1)
    *_, seen = look(scenery)
    changed = (bare != marked).any(axis=-1)
    shows = inferred[seen.points.ids] & (seen.points.ids >= 0)
    assert not (changed & ~shows).any()
    assert changed.sum() == pytest.approx(shows.sum() / 2, rel=0.2)


def test_a_selection_is_marked() -> None:
    scenery, colours = Scenery(arrange(points(NUMBER)), camera()), plain(NUMBER, (40, 40, 40))
    chosen = np.arange(NUMBER) == np.bincount(_ids(scenery)).argmax()
    bare = picture(scenery, colours, Dress(eye_dome=0.0), 1)
    marked = picture(scenery, colours, Dress(eye_dome=0.0, selected=chosen), 1)
    changed = (bare != marked).any(axis=-1)
    *_, seen = look(scenery)
    assert np.array_equal(changed, chosen[seen.points.ids] & (seen.points.ids >= 0))


def _ids(scenery: Scenery) -> np.ndarray:
    *_, seen = look(scenery)
    return seen.points.ids[seen.points.ids >= 0]


@pytest.mark.parametrize("finer", [1, 2, 3])
def test_a_finer_picture_is_as_large_and_looks_alike(finer: int) -> None:
    scenery = Scenery(arrange(points(NUMBER)), camera(), Discs(2.0))
    image = picture(scenery, plain(NUMBER, GREEN), Dress(background=None, eye_dome=0), finer)
    assert image.shape == (SIZE_PX[1], SIZE_PX[0], 4)
    opaque = image[..., 3] > 0
    assert (image[opaque][:, :3] == GREEN).all(), "edges mix opacity, never colours"
    coarse = picture(scenery, plain(NUMBER, GREEN), Dress(background=None, eye_dome=0), 1)
    assert image[..., 3].mean() == pytest.approx(coarse[..., 3].mean(), rel=0.2)


def test_window_and_file_show_the_same() -> None:
    scenery, colours = Scenery(arrange(points(NUMBER)), camera()), paint(NUMBER)
    shots: list[Shot] = []
    colourer, looker = Colourer(shots.append), Looker()
    colourer.paint(colours)
    colourer.dress(Dress())
    looker.want(1, scenery, colourer.see)
    _until(lambda: shots)
    looker.close()
    colourer.close()
    assert np.array_equal(shots[-1].image, picture(scenery, colours, Dress(), finer=1))


def test_two_windows_with_one_view_share_what_is_seen() -> None:
    looker = Looker()
    got: tuple[list[Seen], list[Seen]] = ([], [])
    first = Scenery(arrange(points(NUMBER)), camera())
    looker.want("a", first, got[0].append)
    _until(lambda: got[0])
    looker.want("b", replace(first, camera=camera()), got[1].append)
    _until(lambda: got[1])
    looker.close()
    assert got[0][-1] is got[1][-1]


def test_both_of_two_windows_get_what_they_want() -> None:
    looker = Looker()
    cloud = arrange(points(NUMBER))
    wanted = {who: Scenery(cloud, camera((3.0, who + 1.0, 1.0))) for who in range(3)}
    got: dict[int, list[Seen]] = {who: [] for who in wanted}
    for who, scenery in wanted.items():
        looker.want(who, scenery, got[who].append)
    _until(lambda: all(seen and seen[-1].final for seen in got.values()))
    looker.close()
    for who, scenery in wanted.items():
        assert all(seen.scenery.key == scenery.key for seen in got[who])


def test_a_camera_that_never_rests_is_seen_and_where_it_ends_too() -> None:
    """Every view is out of date before it is drawn; pictures come all the same."""
    looker, cloud = Looker(), arrange(points(600_000))
    got: list[Seen] = []
    for step in range(1000):
        looker.want("a", Scenery(cloud, camera((3.0, 0.01 * step, 1.0))), got.append)
        time.sleep(0.001)
        if len(got) > 3:
            break
    assert len({seen.scenery.key for seen in got}) > 2
    last = Scenery(cloud, camera((3.0, -1.0, 1.0)))
    looker.want("a", last, got.append)
    _until(lambda: got[-1].scenery.key == last.key and got[-1].final)
    looker.close()


def test_who_has_left_gets_nothing_more() -> None:
    looker = Looker()
    got: list[Seen] = []
    looker.want("a", Scenery(arrange(points(10)), camera()), got.append)
    _until(lambda: got)
    looker.leave("a")
    count = len(got)
    looker.want("b", Scenery(arrange(points(10)), camera()), lambda seen: None)
    looker.close()
    assert len(got) == count


def test_a_keystroke_reuses_what_was_prepared() -> None:
    shots: list[Shot] = []
    colourer = Colourer(shots.append)
    *_, seen = look(Scenery(arrange(points(NUMBER)), camera()))
    first = paint(NUMBER, 1)
    colourer.see(seen)
    colourer.paint(first)
    _until(lambda: shots)
    second = replace(first, table=first.table[::-1].copy())
    colourer.paint(second)
    _until(lambda: shots[-1].paint is second)
    colourer.close()
    wanted = dress(seen, second, Dress()).colours(second)
    assert np.array_equal(shots[-1].image, wanted)
    assert not np.array_equal(shots[0].image, wanted)


def test_columns_may_be_views_into_the_rows_of_a_file() -> None:
    colours = paint(NUMBER)
    rows = np.zeros(NUMBER, [("index", "<i4"), ("rgb", "u1", 3)])
    rows["index"], rows["rgb"] = colours.index, colours.rgb
    strided = replace(colours, index=rows["index"], rgb=rows["rgb"])
    shots: list[Shot] = []
    colourer = Colourer(shots.append)
    *_, seen = look(Scenery(arrange(points(NUMBER)), camera()))
    colourer.see(seen)
    colourer.paint(strided)
    _until(lambda: shots)
    colourer.close()
    assert np.array_equal(shots[0].image, dress(seen, colours, Dress()).colours(colours))


def test_a_paint_of_other_points_waits_for_them() -> None:
    shots: list[Shot] = []
    colourer = Colourer(shots.append)
    *_, few = look(Scenery(arrange(points(10)), camera()))
    *_, many = look(Scenery(arrange(points(20)), camera()))
    colourer.see(few)
    colourer.paint(paint(20))
    time.sleep(0.05)
    assert not shots
    colourer.see(many)
    _until(lambda: shots)
    colourer.close()


def test_closing_ends_the_threads() -> None:
    before = threading.active_count()
    looker, colourer = Looker(), Colourer(lambda shot: None)
    looker.want("a", Scenery(arrange(points(10)), camera()), lambda seen: None)
    colourer.paint(paint(10))
    looker.close()
    colourer.close()
    names = {thread.name for thread in threading.enumerate() if thread.is_alive()}
    assert not {"lexel-look", "lexel-colour"} & names
    assert threading.active_count() <= before + 8, "helpers of bands may linger a moment"


def _until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.002)
