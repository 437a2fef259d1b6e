"""A window over a field whose codes are known, and what can be read off its pixels."""

from __future__ import annotations

import numpy as np

from lexel.pipelines.ask import open_field
from lexel.viewer.app import make_window
from tests.pipelines.askable import EACH, THINGS


def open_window(kitchen, until, theme="dark"):
    """A window whose picture of the field is on the screen."""
    window = make_window(theme)
    window.show()
    window.activateWindow()
    until(window.isActiveWindow)
    window.state.open_field(open_field(kitchen))
    until(lambda: window.area.is_final)
    return window


def mean_colours(window, picture=None):
    """The mean colour on the screen of each kind of thing: {"mug": (3,) float}."""
    canvas = (picture or window.area.main).canvas
    ids, image = canvas.shot.seen.points.ids, canvas.shot.image[..., :3].astype(float)
    kind = np.array(THINGS)[np.maximum(ids, 0) // EACH]
    return {name: image[(ids >= 0) & (kind == name)].mean(axis=0) for name in sorted(set(THINGS))}


def place_on_screen(window, thing):
    """Where a point of the first thing of that name is in the canvas, in the widget's pixels."""
    canvas = window.area.main.canvas
    ids = canvas.shot.seen.points.ids
    kind = np.array(THINGS)[np.maximum(ids, 0) // EACH]
    rows, columns = np.nonzero((ids >= 0) & (kind == thing))
    ratio = canvas.devicePixelRatioF()
    return round(columns[len(rows) // 2] / ratio), round(rows[len(rows) // 2] / ratio)
