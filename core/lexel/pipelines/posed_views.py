"""The views of a recording in one upright world, read when asked for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lexel.errors import InputError, SceneError
from lexel.io.normalise import normalise
from lexel.io.notes import Notes
from lexel.io.placing import find_world, move_view
from lexel.io.recording import Recording
from lexel.progress import Progress
from lexel.scene import View


@dataclass(frozen=True, eq=False)
class PosedViews:
    """A recording whose views come checked, repaired and in the world.

    Attributes:
        world_from_source: (4, 4), Z up.
        progress: is told of views that are left out. What is repaired in each of thousands of
            views is for the doctor to tell.
    """

    recording: Recording
    world_from_source: npt.NDArray[np.float64]
    progress: Progress

    def __len__(self) -> int:
        return self.recording.num_views

    def get(self, index: int) -> View | None:
        """View `index`; None, said aloud, where it cannot be used."""
        try:
            view = normalise(self.recording.read_view(index), Notes())
        except InputError as error:
            self.progress.say(f"view {index} is left out: {error}")
            return None
        return move_view(view, self.world_from_source)


def pose_views(recording: Recording, progress: Progress) -> PosedViews:
    """Find which way is up, by the first view that can be used.

    Raises:
        SceneError: none can.
    """
    for index in range(recording.num_views):
        try:
            view = normalise(recording.read_view(index), Notes())
        except InputError as error:
            first = error
            continue
        world = find_world(recording, index, view, Notes(progress))
        return PosedViews(recording, world, progress)
    raise SceneError("none of its views can be used", where=recording.path, got=first)
