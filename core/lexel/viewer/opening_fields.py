"""Opens a field in a window, in the background."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from lexel.pipelines.ask import AskableField, open_field
from lexel.viewer.facing import normals_point_inwards
from lexel.viewer.watching import Watched

if TYPE_CHECKING:
    from lexel.viewer.window import ViewerWindow


def open_in_window(window: ViewerWindow, path: Path, then: Callable[[], None]) -> None:
    """Show a field, then call `then`; what is wrong with it is said."""

    def show(loaded: tuple[AskableField, bool]) -> None:
        field, inwards = loaded
        fresh = window.state.choices.for_another_field()
        window.state.open_field(field, replace(fresh, see_inside=inwards))
        then()

    window.tasks.run("Opening", lambda watched: _load(path, watched), show)


def _load(path: Path, watched: Watched) -> tuple[AskableField, bool]:
    """The field, everything read that the window's thread will touch; and whether it is a room."""
    watched.begin("reading", 4)
    field = open_field(path, progress=watched)
    for read in (lambda: field.rgb, lambda: field.engine, lambda: field.known_phrases):
        watched.advance()
        read()
    watched.advance()
    return field, normals_point_inwards(field)
