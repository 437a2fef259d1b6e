"""Takes the viewer's pictures: `python docs/pictures/viewer.py FIELD` under a display or Xvfb.

FIELD is the sample scan: `lexel build sample_scenes/scan --encoder embedded --out FIELD`. RESULTS
is the sample view completed: `lexel complete sample_scenes/view --out OUT` and `lexel locate`.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication

from lexel.io.samples import sample_scene
from lexel.pipelines.ask import open_field
from lexel.scene.recipe import Mode
from lexel.viewer.app import make_app, make_window
from lexel.viewer.choices import Selection
from lexel.viewer.drawing.moves import orbit
from lexel.viewer.facing import normals_point_inwards
from lexel.viewer.folders import Folders
from lexel.viewer.inout import InOut
from lexel.viewer.window import ViewerWindow

OUT = Path(__file__).parent
_QUIET_S, _PATIENCE_S = 0.4, 60.0


def first_start(window: ViewerWindow) -> None:
    window.show_hint()


def heat(window: ViewerWindow) -> None:
    window.query_bar.edit.setFocus()
    QTest.keyClicks(window.query_bar.edit, "red bookcase")
    window.query_bar.edit.popup.hide()


def labels(window: ViewerWindow) -> None:
    four = "red bookcase; house plant; pink sofa; black piano"
    window.state.choose(text=four, mode=Mode.LABEL)


def completion(window: ViewerWindow) -> None:
    window.query_bar.edit.setFocus()
    QTest.keyClicks(window.query_bar.edit, "red bookcase; the television on the pi")


def side_by_side(window: ViewerWindow) -> None:
    window.state.choose(text="black piano", compare="house plant")
    settle(make_app(), window)
    window.area.main.canvas.frame_box()


PICTURES: dict[str, Callable[[ViewerWindow], None]] = {
    "first-start": first_start,
    "heat": heat,
    "labels": labels,
    "typing": completion,
    "side-by-side": side_by_side,
}


def evidence(inout: InOut) -> None:
    field = inout.window.state.field
    assert field is not None
    (best, *_) = field.ask("blue table").queries[0].hits
    points = np.flatnonzero(field.points.instance == best.id)
    inout.window.state.choose(text="blue table", selection=Selection.of(points, best.label))
    inout.window.state.learn(picked=int(points[len(points) // 2]))
    inout.window.show_panel("Evidence")


def completed(inout: InOut) -> None:
    shown = ("completion/bookcase", "completion/safe", "completion/table-lamp")
    found = [name for name in inout.things.boxes if name.startswith("localisation/")]
    inout.window.state.choose(overlays=(*shown, *found))
    canvas = inout.window.area.main.canvas
    assert canvas.navigator is not None
    canvas.move_camera(orbit(canvas.navigator.camera, canvas.navigator.pivot_m, -0.5, -0.1))
    canvas.frame_box()


def askable(inout: InOut) -> None:
    canvas = inout.window.area.main.canvas
    assert canvas.navigator is not None
    canvas.move_camera(orbit(canvas.navigator.camera, canvas.navigator.pivot_m, 0.2, -0.4))
    canvas.frame_box()


OPENED: dict[str, Callable[[InOut], None]] = {
    "evidence": evidence,
    "completed": completed,
    "askable": askable,
}


def take_opened(name: str, path: Path, theme: str) -> Path:
    """One picture of a window in which something was opened as users do."""
    app, window = make_app(), make_window(theme)
    with TemporaryDirectory() as folder:
        folders = Folders(*(Path(folder) / part for part in ("config", "state", "data")))
        inout = InOut(window, folders, keep_session=False)
        window.show()
        inout.opener.open(path)
        settle(app, window)
        OPENED[name](inout)
        return _take_and_close(app, window, name)


def take(name: str, field: Path, theme: str) -> Path:
    """One picture of a fresh window."""
    app, window = make_app(), make_window(theme)
    opened = open_field(field)
    fresh = window.state.choices.for_another_field()
    window.show()
    window.activateWindow()
    window.state.open_field(opened, replace(fresh, see_inside=normals_point_inwards(opened)))
    settle(app, window)
    PICTURES[name](window)
    return _take_and_close(app, window, name)


def _take_and_close(app: QApplication, window: ViewerWindow, name: str) -> Path:
    settle(app, window)
    file = OUT / f"viewer-{name}.png"
    window.grab().save(str(file))
    window.close()
    window.deleteLater()
    app.processEvents()
    return file


def settle(app: QApplication, window: ViewerWindow) -> None:
    """Let the window work until its picture is final."""
    end, quiet_since = time.monotonic() + _PATIENCE_S, time.monotonic()
    while time.monotonic() < min(end, quiet_since + _QUIET_S):
        app.processEvents()
        time.sleep(0.01)
        rough = window.state.facts.cloud is not None and not window.area.is_smooth
        if window.tasks.running or rough:
            quiet_since = time.monotonic()
    if time.monotonic() >= end:
        raise SystemExit("the window did not come to rest")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("field", type=Path)
    parser.add_argument("--theme", default="dark")
    parser.add_argument("--results", type=Path, required=True)
    parser.add_argument("--only", choices=[*PICTURES, *OPENED], action="append")
    told = parser.parse_args()
    paths = {"evidence": told.field, "completed": told.results, "askable": sample_scene("mesh")}
    for name in told.only or [*PICTURES, *OPENED]:
        if name in PICTURES:
            take(name, told.field, told.theme)
        else:
            take_opened(name, paths[name], told.theme)


if __name__ == "__main__":
    main()
