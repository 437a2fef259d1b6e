"""Binds the things over the points to a canvas."""

from __future__ import annotations

import numpy as np

from lexel.viewer.canvas import Canvas
from lexel.viewer.drawing.meshes import Mesh
from lexel.viewer.state import ViewerState
from lexel.viewer.tasks import Tasks
from lexel.viewer.thing_meshes import meshes_of
from lexel.viewer.things import Thing


class ThingsView:
    """Draws the things that are chosen; points that only stand in for meshes step back."""

    def __init__(
        self, state: ViewerState, tasks: Tasks, canvas: Canvas, *, compares: bool = False
    ) -> None:
        """`compares`: the canvas is seen during comparisons only."""
        self._compares = compares
        self._state, self._tasks, self._canvas = state, tasks, canvas
        self._lane = f"things-{id(canvas)}"
        state.watch(self._show, "cloud", "things", "overlays", "show_inferred", "compare")

    def _show(self) -> None:
        unseen = self._compares and self._state.choices.compare is None
        if unseen or self._state.facts.cloud is None:
            return
        shown = shown_things(self._state)
        inferred = self._state.choices.show_inferred
        self._tasks.run(
            "Drawing meshes",
            lambda watched: meshes_of(shown, show_inferred=inferred),
            self._draw,
            lane=self._lane,
            shown=False,
        )

    def _draw(self, meshes: tuple[Mesh, ...]) -> None:
        self._canvas.set_meshes(meshes)
        contents = self._state.facts.contents
        if contents is not None:
            stand_in = contents.stand_in and bool(meshes)
            hidden = np.ones(len(contents.xyz_m), bool) if stand_in else None
            self._canvas.set_hidden(hidden)


def shown_things(state: ViewerState) -> tuple[Thing, ...]:
    """Those that the user wants to see."""
    wanted = state.choices.overlays
    return tuple(thing for thing in state.facts.things if thing.name in wanted)
