"""The window under a real display, with real keys and clicks; truth is the field's own codes."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication

from lexel.scene.recipe import Mode
from lexel.viewer.app import make_window, view
from lexel.viewer.choices import PictureVector
from tests.pipelines.askable import EACH
from tests.viewer.windows import mean_colours, open_window, place_on_screen

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def window(qapp, kitchen, until, monkeypatch):
    """A fault in a slot fails the test: Qt hands it to `sys.excepthook`."""
    faults = []
    monkeypatch.setattr("sys.excepthook", lambda kind, error, trace: faults.append(error))
    window = open_window(kitchen, until)
    yield window
    window.close()
    window.deleteLater()
    qapp.processEvents()
    assert faults == []


@pytest.fixture
def settled(window, until):
    """Waits until nothing works any more and the picture shows all of it."""
    return lambda: until(lambda: not window.tasks.running and window.area.is_final)


def type_query(window, text):
    window.query_bar.edit.setFocus()
    QTest.keyClicks(window.query_bar.edit, text)


def brightness(colours):
    return {name: float(colour.sum()) for name, colour in colours.items()}


def test_typing_letter_by_letter_lights_up_the_thing_that_is_named(window, settled):
    window.state.choose(over_rgb=1.0)
    before = mean_colours(window)
    for letters in ("m", "mu", "mug"):
        type_query(window, letters[-1])
        assert window.state.choices.text == letters
    settled()
    mug = brightness(mean_colours(window))
    assert max(mug, key=mug.get) == "mug"
    assert np.abs(mean_colours(window)["mug"] - before["mug"]).max() > 20
    window.query_bar.edit.selectAll()
    type_query(window, "table")
    settled()
    table = brightness(mean_colours(window))
    assert max(table, key=table.get) == "table"
    assert window.state.facts.answer.codes.queries[0].text == "table"


def test_of_many_queries_typed_at_once_the_newest_wins(window, settled):
    answers = []
    window.state.watch(lambda: answers.append(window.state.facts.answer.asked.text), "answer")
    for _ in range(10):
        window.state.choose(text="mug")
        window.state.choose(text="table")
        window.state.choose(text="floor")
    settled()
    assert answers[-1] == "floor"
    assert len(answers) < 10
    colours = brightness(mean_colours(window))
    assert max(colours, key=colours.get) == "floor"


def test_half_a_query_keeps_the_last_answer_and_says_what_is_missing(window, settled):
    type_query(window, "mug ")
    settled()
    answer = window.state.facts.answer
    type_query(window, "(")
    settled()
    assert window.state.facts.answer is answer
    assert window.state.facts.trouble
    assert not window.query_bar.chips.isHidden()


def test_phrases_are_completed_by_keys(window, settled):
    type_query(window, "mug; off")
    popup = window.query_bar.edit.popup
    assert popup.isVisible() and popup.item(0).text() == "office chair"
    QTest.keyClick(window.query_bar.edit, Qt.Key.Key_Tab)
    assert window.query_bar.edit.text() == window.state.choices.text == "mug; office chair"
    type_query(window, "; tab")
    QTest.keyClick(window.query_bar.edit, Qt.Key.Key_Down)
    QTest.keyClick(window.query_bar.edit, Qt.Key.Key_Return)
    assert window.state.choices.text == "mug; office chair; table"
    assert window.state.facts.recent == ("mug; office chair; table",)
    assert not popup.isVisible()


def test_chips_show_the_parse_and_change_it(window, settled):
    type_query(window, "mug -table; the mug on the table")
    settled()
    chips = window.query_bar.chips.chips
    assert [[part.text() for part in chip.parts] for chip in chips] == [
        ["mug"],
        ["table"],
        ["mug", "on", "table"],
    ]
    line = chips[0].parts[0].begin()
    line.clear()
    QTest.keyClicks(line, "floor")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert window.state.choices.text == "floor -table; the mug on the table"
    QTest.mouseClick(window.query_bar.chips.chips[1].cross, LEFT)
    assert window.query_bar.edit.text() == "floor; the mug on the table"
    QTest.keyClick(window.query_bar.edit, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert window.query_bar.edit.text() == "floor -table; the mug on the table"


def test_labels_colour_each_thing_and_the_legend_says_which(window, settled):
    window.state.choose(over_rgb=1.0)
    type_query(window, "mug; table")
    QTest.mouseClick(window.query_bar.modes.button("label"), LEFT)
    settled()
    colours = mean_colours(window)
    entries = window.state.facts.painting.entries
    assert window.area.main.overlay.texts == ["mug", "table"]
    for entry in entries:
        nearest = min(colours, key=lambda name: np.abs(colours[name] - entry.colour).sum())
        assert nearest == entry.text


def test_a_clicked_thing_is_selected_found_again_and_isolated(window, settled):
    canvas = window.area.main.canvas
    QTest.mouseClick(canvas, LEFT, pos=QPoint(*place_on_screen(window, "mug")))
    mug = window.state.choices.selection.ids.tolist()
    assert mug in (list(range(EACH)), list(range(EACH, 2 * EACH)))
    bar = window.selection_bar
    assert bar.isVisible() and bar.name.text() == "mug"
    QTest.mouseClick(bar.buttons["Find similar"], LEFT)
    window.actions_list["Select nothing"].call()  # what is selected has a colour of its own
    settled()
    colours = brightness(mean_colours(window))
    assert max(colours, key=colours.get) == "mug"
    window.state.undo()
    QTest.mouseClick(bar.buttons["Isolate"], LEFT)
    settled()
    seen = np.unique(canvas.shot.seen.points.ids)
    assert {-1} < set(seen) <= {-1, *mug}
    QTest.mouseClick(bar.buttons["Isolate"], LEFT)
    settled()
    assert len(np.unique(canvas.shot.seen.points.ids)) > EACH


def test_the_list_of_objects_is_sorted_by_the_answer_filtered_and_framed(window, settled):
    type_query(window, "table")
    settled()
    panel = window.objects
    assert panel.model.rows[0].label == "table"
    window.show_panel("Objects")
    QTest.keyClicks(panel.filter, "mug")
    assert [row.label for row in panel.model.rows] == ["mug", "mug"]
    before = window.state.choices.camera
    index = panel.model.index(0, 0)
    QTest.mouseClick(panel.table.viewport(), LEFT, pos=panel.table.visualRect(index).center())
    assert len(window.state.choices.selection) == EACH
    assert window.state.choices.camera is not before


def test_two_queries_side_by_side_share_their_camera(window, settled, until):
    window.state.choose(text="mug", over_rgb=1.0)
    window.actions_list["Compare two queries"].call()
    QTest.keyClicks(window.area.edit, "table")
    settled()
    left = brightness(mean_colours(window))
    right = brightness(mean_colours(window, window.area.other))
    assert max(left, key=left.get) == "mug" and max(right, key=right.get) == "table"
    window.area.main.canvas.frame_box(np.array([[0, 0, 0], [1, 1, 1.0]]))
    settled()
    main, other = (p.canvas.camera for p in (window.area.main, window.area.other))
    np.testing.assert_allclose(main.world_from_camera, other.world_from_camera)
    assert abs(window.area.main.width() - window.area.other.width()) <= 2
    window.actions_list["Compare two queries"].call()
    assert window.area.other.isHidden() or not window.area.other.isVisible()


def test_the_mouse_tells_what_is_under_it(window, settled, until):
    type_query(window, "mug")
    settled()
    canvas = window.area.main.canvas
    QTest.mouseMove(canvas, QPoint(*place_on_screen(window, "table")))
    until(lambda: window.state.facts.hovered is not None)
    assert "table #2" in window.told.text() and "mug 0." in window.told.text()


def test_the_palette_does_what_its_letters_find(window, qapp):
    window.actions_list["Find an action…"].call()
    palette = window._palette
    QTest.keyClicks(palette.typed, "map turbo")
    QTest.keyClick(palette.typed, Qt.Key.Key_Return)
    assert window.state.choices.colour_map == "turbo"
    assert not palette.isVisible()


def test_every_action_can_be_called_and_undone(window, settled, until):
    leave_out = {"Quit", "Find an action…"}
    window.state.choose(text="mug; table")
    settled()
    for action in window.actions_list:
        if action.name not in leave_out and action.enabled():
            action.call()
            QApplication.processEvents()
    settled()
    while window.state.can_undo:
        window.state.undo()
    assert window.state.choices.text == ""


def test_negatives_and_thresholds_act_at_once(window, settled):
    window.state.choose(text="mug")
    settled()
    before = window.state.facts.answer.codes.codes.scores.copy()
    window.state.choose(negatives=("table",))
    settled()
    assert not np.allclose(before, window.state.facts.answer.codes.codes.scores)
    window.state.choose(mode=Mode.LABEL, threshold=1.0)
    settled()
    none = mean_colours(window)["mug"]
    window.state.choose(threshold=0.0)
    settled()
    assert np.abs(mean_colours(window)["mug"] - none).max() > 20


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_a_screenshot_is_taken_when_the_picture_is_there(qapp, kitchen, tmp_path, theme):
    file = tmp_path / "window.png"
    assert view(kitchen, query="mug", screenshot=file, theme=theme) == 0
    from PIL import Image

    picture = np.asarray(Image.open(file).convert("RGB"))
    assert picture.shape[:2] == (800, 1280)
    assert (picture.mean() < 128) == (theme == "dark")
    middle = picture[200:700, 100:900].reshape(-1, 3)
    assert len(np.unique(middle, axis=0)) > 50


def test_a_damaged_field_is_told_and_the_window_stays(qapp, tmp_path, until):
    from lexel.errors import SceneError

    (tmp_path / "room.lexel").mkdir()
    with pytest.raises(SceneError):
        view(tmp_path / "room.lexel", screenshot=tmp_path / "window.png")


def test_nothing_is_open_at_first(qapp):
    window = make_window()
    window.show()
    QApplication.processEvents()
    assert window.pages.currentIndex() == 0
    window.close()


def test_the_whole_window_changes_its_theme(window, until):
    def lightness(widget):
        return widget.grab().toImage().pixelColor(2, 2).lightness()

    parts = (window.area.main.canvas, window.query_bar, window.statusBar())
    window.wear("light")
    until(lambda: all(lightness(part) > 200 for part in parts))
    window.wear("dark")
    until(lambda: all(lightness(part) < 60 for part in parts))


def test_a_picture_finds_what_is_like_it(window, settled):
    """The picture's vector is one that the field holds, as its tower would have made it."""
    field = window.state.field
    code = int(field.stored.code[0])  # of a mug
    mug = PictureVector("mug.jpg", tuple(map(float, field.stored.codebook.clip[code])))
    window.state.choose(examples=(mug,), over_rgb=1.0)
    settled()
    chip = window.query_bar.chips.chips[0]
    assert chip.parts[0].text() == "like mug.jpg"
    hits = window.state.facts.answer.codes.queries[0].hits
    assert [hit.label for hit in hits[:2]] == ["mug", "mug"]
    QTest.mouseClick(chip.cross, LEFT)
    settled()
    assert window.state.choices.examples == () and window.state.facts.answer is None


_START = """
import sys
from pathlib import Path
from lexel.viewer.app import view
view(Path(sys.argv[1]), query="mug", screenshot=Path(sys.argv[2]), theme="dark")
print(" ".join(name for name in ("torch", "open_clip", "pyvista", "scipy") if name in sys.modules))
"""


def test_asking_loads_no_network_and_no_graphics_library(qapp, kitchen, tmp_path):
    arguments = [str(kitchen), str(tmp_path / "window.png")]
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", _START, *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stderr
    assert (tmp_path / "window.png").is_file()
