"""Long work from the window: building a field, completing a view, finding what is described."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from lexel.viewer.child import Child
from lexel.viewer.child_work import Chosen, build_field, complete_view, locate_in_view
from lexel.viewer.estimating import BuildPlan
from lexel.viewer.events import Event
from lexel.viewer.folders import Folders
from lexel.viewer.opener import Opener, sentence_of
from lexel.viewer.state import ViewerState
from lexel.viewer.tasks import Task, Tasks


class Making:
    """Gives work to a child process, and opens what comes of it.

    Attributes:
        trouble: emits a sentence for people.
        chosen: which models do the work; set it when the settings change.
    """

    def __init__(
        self, state: ViewerState, tasks: Tasks, opener: Opener, folders: Folders, chosen: Chosen
    ) -> None:
        self._state, self._tasks, self._opener, self._folders = state, tasks, opener, folders
        self._child = Child()
        self.chosen = chosen
        self.trouble: Event[str] = Event()

    def build(self, plan: BuildPlan) -> Task:
        """Make a field, and open it if its source is still what is open."""
        opening, chosen = self._state.facts.opening, self.chosen

        def done(field: Path) -> None:
            if self._state.facts.opening is opening:
                self._opener.open(field)

        return self._tasks.run(
            f"Making {plan.out.name}",
            lambda watched: self._child.run(
                build_field, plan.source, plan.out, chosen, progress=watched
            ),
            done,
            failed=self._fail,
        )

    def complete(self, labels: Sequence[str], view: int = 0) -> Task:
        """A mesh for every label, seen and unseen, over the open recording."""
        return self._ask_view("Completing", complete_view, labels, view)

    def locate(self, descriptions: Sequence[str], view: int = 0) -> Task:
        """The places of what is described, over the open recording."""
        return self._ask_view("Finding", locate_in_view, descriptions, view)

    def close(self) -> None:
        """End the child; a build is gone on with another time."""
        self._child.close()

    def _ask_view(
        self, name: str, work: Callable[..., Path], texts: Sequence[str], view: int
    ) -> Task:
        opening, chosen = self._state.facts.opening, self.chosen
        assert opening is not None, "there is a view to ask"
        scene = opening.path
        out = self._folders.place_for(scene, f"{opening.name}-results")
        if view:
            out = out / f"view-{view}"

        def done(folder: Path) -> None:
            if self._state.facts.opening is opening:
                self._opener.add_result(folder)

        return self._tasks.run(
            name,
            lambda watched: self._child.run(
                work, scene, view, list(texts), out, chosen, progress=watched
            ),
            done,
            failed=self._fail,
        )

    def _fail(self, error: Exception) -> None:
        self.trouble.emit(sentence_of(error))
