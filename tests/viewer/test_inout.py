"""What goes in and out of the window, under a real display, with real drops and clicks."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from PIL import Image
from PyQt6.QtCore import QMimeData, QPointF, Qt, QUrl
from PyQt6.QtGui import QDragEnterEvent, QDropEvent
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication

from lexel.io.fields import save_field
from lexel.io.samples import sample_scene
from lexel.scene.recipe import Mode
from lexel.viewer.app import make_window
from lexel.viewer.choices import Selection
from lexel.viewer.drawing.moves import Direction
from lexel.viewer.folders import Folders
from lexel.viewer.inout import InOut
from tests.io.fields.samples import make_content
from tests.io.published_meshes import write_published

_LONG_S = 120.0
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def folders(tmp_path):
    return Folders(*(tmp_path / name for name in ("config", "state", "data")))


@pytest.fixture
def inout(qapp, folders, monkeypatch):
    """A fault in a slot fails the test: Qt hands it to `sys.excepthook`."""
    faults = []
    monkeypatch.setattr("sys.excepthook", lambda kind, error, trace: faults.append(error))
    window = make_window("dark")
    made = InOut(window, folders)
    window.show()
    yield made
    window.close()
    window.deleteLater()
    qapp.processEvents()
    assert faults == []


@pytest.fixture
def wait(qapp):
    """Lets events happen until something holds; tells how long each round of them took, seconds."""

    def until(condition, seconds=_LONG_S):
        end, took = time.monotonic() + seconds, []
        while not condition():
            assert time.monotonic() < end, "what was waited for did not happen"
            begun = time.monotonic()
            qapp.processEvents()
            took.append(time.monotonic() - begun)
            time.sleep(0.002)
        return took

    return until


def drop(window, *paths):
    """Drag files over the window and let go."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    how = (Qt.DropAction.CopyAction, data, LEFT, Qt.KeyboardModifier.NoModifier)
    enter = QDragEnterEvent(QPointF(200, 200).toPoint(), *how)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(window, QDropEvent(QPointF(200, 200), *how))


def is_still(inout):
    window = inout.window
    drawn = window.state.facts.cloud is None or window.area.is_final
    return not window.tasks.running and drawn


@pytest.fixture
def scene(tmp_path):
    """A copy of a sample scene, so that what is made lies beside the copy."""

    def copy(name):
        shutil.copytree(sample_scene(name), tmp_path / "scenes" / name)
        return tmp_path / "scenes" / name

    return copy


def test_a_broken_file_is_told_and_the_window_lives(inout, wait, tmp_path, kitchen):
    (tmp_path / "broken.ply").write_bytes(b"ply\nformat binary_little_endian 1.0\nelement vert")
    drop(inout.window, tmp_path / "broken.ply")
    wait(lambda: "broken.ply" in inout.notice.words.text())
    assert inout.notice.isVisible() and inout.window.state.field is None
    drop(inout.window, kitchen)
    wait(lambda: inout.window.state.field is not None and is_still(inout))
    assert inout.recent[0] == kitchen.resolve()


def test_published_meshes_are_placed_and_drawn(inout, wait, tmp_path):
    folder = tmp_path / "results"
    folder.mkdir()
    write_published(folder / "mug.obj", (150, 120, 12), (40, 40, 60))
    write_published(folder / "desk.obj", (60, 60, 12), (60, 60, 40))
    drop(inout.window, folder)
    wait(lambda: len(inout.window.state.facts.things) == 2 and is_still(inout))
    seen = inout.window.area.main.canvas.shot.seen.mesh
    assert (seen.opacity > 0).mean() > 0.05
    box = inout.things.boxes["file/mug"]
    before = (seen.opacity > 0).sum()
    QTest.mouseClick(box, LEFT, pos=box.rect().center() / 4)
    wait(lambda: "file/mug" not in inout.window.state.choices.overlays and is_still(inout))
    assert (inout.window.area.main.canvas.shot.seen.mesh.opacity > 0).sum() < before


def test_a_mesh_dropped_on_points_lies_over_them(inout, wait, tmp_path, kitchen):
    inout.opener.open(kitchen)
    wait(lambda: inout.window.state.facts.cloud is not None)
    write_published(tmp_path / "mug.obj", (150, 120, 12), (40, 40, 60))
    drop(inout.window, tmp_path / "mug.obj")
    wait(lambda: inout.window.state.facts.things)
    assert inout.window.state.field is not None


def test_a_build_can_be_cancelled_and_gone_on_with(inout, wait, scene):
    scan = scene("scan")
    drop(inout.window, scan)
    wait(lambda: inout.plan is not None and is_still(inout))
    QTest.mouseClick(inout.offer.build, LEFT)
    (task,) = inout.window.tasks.running
    steps = []
    task.moved.connect(lambda stage: steps.append(stage))
    took = wait(lambda: any(stage.done > 2 and stage.total == 24 for stage in steps))
    assert inout.offer.stop.isVisible() and inout.offer.bar.maximum() > 0
    begun = time.monotonic()
    QTest.mouseClick(inout.offer.stop, LEFT)
    took += wait(lambda: not inout.window.tasks.running)
    assert time.monotonic() - begun < 20
    # Others may keep this computer busy, so one slow round says nothing.
    assert np.quantile(took, 0.99) < 0.05, "the window waited for the build"
    assert (scan.parent / "scan.building").is_dir()
    assert not (scan.parent / "scan.lexel").exists()
    inout.opener.open(scan)
    wait(lambda: inout.plan is not None and inout.plan.begun)


def test_a_view_becomes_askable(inout, wait, scene):
    view = scene("view")
    drop(inout.window, view)
    wait(lambda: inout.plan is not None)
    QTest.mouseClick(inout.offer.build, LEFT)
    wait(lambda: inout.window.state.field is not None and is_still(inout))
    assert inout.window.state.field.stored.path.name == "view.lexel"
    assert not inout.offer.isVisible()


def test_what_is_completed_and_found_appears_and_is_marked(inout, wait, scene):
    view = scene("view")
    inout.opener.open(view)
    wait(lambda: inout.window.state.facts.cloud is not None)
    inout.making.complete(["safe"])
    inout.making.locate(["the hair dryer behind the globe"])
    wait(lambda: len(inout.window.state.facts.things) == 2 and is_still(inout))
    names = {thing.name.partition("/")[0] for thing in inout.window.state.facts.things}
    assert names == {"completion", "localisation"}
    mesh = inout.window.area.main.canvas.shot.seen.mesh
    assert mesh.inferred.any()
    inout.things.inferred.click()
    wait(lambda: not inout.window.state.choices.show_inferred and is_still(inout))
    mesh = inout.window.area.main.canvas.shot.seen.mesh
    assert mesh is None or not mesh.inferred.any()


def test_a_photo_answers_words(inout, wait, tmp_path):
    with np.load(sample_scene("view") / "scene.npz") as arrays:
        Image.fromarray(arrays["rgb"]).resize((128, 96)).save(tmp_path / "photo.png")
    inout.change_settings(type(inout.settings)(weights="embedded", photo_preset="light"))
    drop(inout.window, tmp_path / "photo.png")
    state = inout.window.state
    wait(lambda: state.facts.painted is not None)
    plain = state.facts.painted.rgb
    assert inout.photo_view.isVisible() and inout.window.query_bar.isVisible()
    QTest.keyClicks(inout.window.query_bar.edit, "safe")
    wait(lambda: inout.photo.ready and is_still(inout) and state.facts.painted.rgb is not plain)
    safe = state.facts.painted.rgb
    assert (safe != plain).any()
    QTest.keyClicks(inout.window.query_bar.edit, "; globe")
    state.choose(mode=Mode.LABEL)
    wait(lambda: is_still(inout) and len(state.facts.painting.entries) == 2)
    assert (state.facts.painted.rgb != safe).any()


def test_a_photo_without_weights_says_what_to_do(inout, wait, tmp_path, monkeypatch):
    monkeypatch.setenv("LEXEL_CACHE", str(tmp_path / "empty"))
    Image.new("RGB", (64, 64), (200, 30, 30)).save(tmp_path / "photo.png")
    inout.opener.open(tmp_path / "photo.png")
    wait(inout.notice.isVisible)
    assert "lexel weights get" in inout.notice.words.text()
    QTest.mouseClick(inout.notice.button, LEFT)
    wait(lambda: inout.photo.ready)


def test_a_recipe_brings_back_field_query_and_camera(inout, wait, tmp_path, kitchen):
    state = inout.window.state
    inout.opener.open(kitchen)
    wait(lambda: state.field is not None and is_still(inout))
    state.choose(text="mug; table", mode=Mode.LABEL, colour_map="turbo")
    wait(lambda: is_still(inout))
    inout.window.area.main.canvas.look_from(Direction.TOP)
    wait(lambda: is_still(inout))
    image = inout.window.area.main.canvas.shot.image.copy()
    inout.saving.recipe(tmp_path / "mug.json")
    wait(lambda: (tmp_path / "mug.json").is_file() and is_still(inout))
    state.close_field()
    drop(inout.window, tmp_path / "mug.json")
    wait(lambda: state.field is not None and state.facts.answer is not None and is_still(inout))
    assert (state.choices.text, state.choices.mode) == ("mug; table", Mode.LABEL)
    assert inout.window.query_bar.edit.text() == "mug; table"
    np.testing.assert_array_equal(inout.window.area.main.canvas.shot.image, image)


def test_evidence_follows_the_click(inout, wait, tmp_path):
    path = tmp_path / "room.lexel"
    save_field(path, make_content())
    inout.opener.open(path)
    state = inout.window.state
    wait(lambda: state.facts.cloud is not None)
    point = int(np.flatnonzero(state.field.stored.code == 0)[0])
    state.learn(picked=point)
    wait(lambda: inout.evidence.shown is not None)
    assert inout.evidence.shown.point == point and len(inout.evidence.crops) == 2


def test_pictures_films_and_points_are_written(inout, wait, tmp_path, kitchen):
    state = inout.window.state
    inout.opener.open(kitchen)
    wait(lambda: state.field is not None and is_still(inout))
    state.choose(selection=Selection.of([1, 5, 7]))
    inout.saving.picture(tmp_path / "a.png", 300, transparent=True)
    inout.saving.turntable(tmp_path / "turn.mp4", 160, 0.2)
    inout.saving.keep_view()
    inout.window.area.main.canvas.look_from(Direction.TOP)
    inout.saving.keep_view()
    inout.saving.path_film(tmp_path / "way.mp4", 160, 0.2)
    inout.saving.selection(tmp_path / "chosen.txt")
    wait(lambda: not inout.window.tasks.running)
    picture = np.asarray(Image.open(tmp_path / "a.png"))
    assert picture.shape[1:] == (300, 4)
    assert (picture[..., 3] == 0).any() and (picture[..., 3] == 255).any()
    assert (tmp_path / "turn.mp4").stat().st_size and (tmp_path / "way.mp4").stat().st_size
    assert (tmp_path / "chosen.txt").read_text() == "1\n5\n7\n"


_KILLED = """
import sys
from pathlib import Path
from PyQt6.QtTest import QTest
from lexel.viewer.app import make_app, make_window
from lexel.viewer.drawing.moves import Direction
from lexel.viewer.folders import Folders
from lexel.viewer.inout import InOut

base, field = Path(sys.argv[1]), sys.argv[2]
app, window = make_app(), make_window("dark")
inout = InOut(window, Folders(*(base / name for name in ("config", "state", "data"))))
window.show()
inout.opener.opened.connect(lambda _: QTest.keyClicks(window.query_bar.edit, "mug; table"))
inout.opener.open(field)
app.exec()
"""


def test_a_killed_session_comes_back(inout, wait, tmp_path, kitchen):
    process = subprocess.Popen([sys.executable, "-c", _KILLED, str(tmp_path), str(kitchen)])
    sessions = tmp_path / "state" / "sessions"

    def typed():
        files = list(sessions.glob("*.json")) if sessions.is_dir() else []
        return any('"mug; table"' in file.read_text(encoding="utf-8") for file in files)

    try:
        wait(typed)
    finally:
        os.kill(process.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
        process.wait()
    assert inout.restore_crashed()
    wait(lambda: inout.window.state.field is not None and is_still(inout))
    assert inout.window.query_bar.edit.text() == "mug; table"
    assert len(inout.window.state.facts.answer.codes.queries) == 2
    assert "is back" in inout.notice.words.text()
    assert not inout.restore_crashed()


def test_a_session_that_ends_well_can_be_opened_again(inout, wait, kitchen, folders, qapp):
    inout.opener.open(kitchen)
    wait(lambda: inout.window.state.field is not None)
    inout.window.state.choose(text="table")
    inout.window.close()
    stored = json.loads((folders.state / "last-session.json").read_text())
    assert stored["choices"]["text"] == "table"
    assert not list((folders.state / "sessions").glob("*.json"))
