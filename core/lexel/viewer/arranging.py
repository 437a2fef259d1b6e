"""Points of an opened field into drawing order, in the background."""

from __future__ import annotations

from lexel.viewer.drawing.cloud import Cloud, arrange
from lexel.viewer.state import ViewerState
from lexel.viewer.tasks import Tasks


class Arranging:
    """Keeps `facts.cloud` that of the open field."""

    def __init__(self, state: ViewerState, tasks: Tasks) -> None:
        self._state, self._tasks = state, tasks
        state.watch(self._arrange, "field")

    def _arrange(self) -> None:
        field = self._state.field
        self._tasks.forget("arrange")
        if field is None:
            return

        def done(cloud: Cloud) -> None:
            if field is self._state.field:
                self._state.learn(cloud=cloud)

        self._tasks.run(
            "Opening",
            lambda watched: arrange(field.points.xyz_m, watched),
            done,
            lane="arrange",
        )
