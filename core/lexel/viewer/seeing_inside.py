"""Keeps `facts.turned_away` that of the camera, in the background."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lexel.viewer.facing import turned_away
from lexel.viewer.state import ViewerState
from lexel.viewer.tasks import Tasks

_LANE = "facing"


class SeeingInside:
    """While the user wants to see inside, each move of the camera is followed."""

    def __init__(self, state: ViewerState, tasks: Tasks) -> None:
        self._state, self._tasks = state, tasks
        state.watch(self._follow, "field", "camera", "see_inside")

    def _follow(self) -> None:
        state, field, camera = self._state, self._state.field, self._state.choices.camera
        if field is None or camera is None or not state.choices.see_inside:
            self._tasks.forget(_LANE)
            state.learn(turned_away=None)
            return

        def done(away: npt.NDArray[np.bool_] | None) -> None:
            if field is state.field:
                state.learn(turned_away=away)

        self._tasks.run(
            "Looking inside",
            lambda watched: turned_away(field, camera),
            done,
            lane=_LANE,
            shown=False,
        )
