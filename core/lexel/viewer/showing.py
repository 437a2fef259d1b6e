"""Points of what is no field: into drawing order in the background, in their own colours."""

from __future__ import annotations

import numpy as np

from lexel.query.paint import Paint, Painting
from lexel.viewer.contents import Contents
from lexel.viewer.drawing.cloud import Cloud, arrange
from lexel.viewer.state import ViewerState
from lexel.viewer.tasks import Tasks


class Showing:
    """Keeps `facts.cloud` and `facts.painting` those of the open contents."""

    def __init__(self, state: ViewerState, tasks: Tasks) -> None:
        self._state, self._tasks = state, tasks
        state.watch(self._arrange, "contents")

    def _arrange(self) -> None:
        contents = self._state.facts.contents
        if contents is None or not len(contents.xyz_m):
            return

        def done(cloud: Cloud) -> None:
            if contents is self._state.facts.contents:
                self._state.learn(cloud=cloud, painting=own_colours(contents))

        self._tasks.run(
            "Opening", lambda watched: arrange(contents.xyz_m, watched), done, lane="arrange"
        )


def own_colours(contents: Contents) -> Painting:
    """The points as they are."""
    index = np.zeros(len(contents.xyz_m), np.int32)
    return Painting(Paint(index, np.zeros((1, 4), np.uint8), contents.rgb))
