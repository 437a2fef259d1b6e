"""Query by image: a picture dropped on a field becomes an example. The tower works in a child."""

from __future__ import annotations

from pathlib import Path

from lexel.io.photo import SUFFIXES
from lexel.scene.recipe import Mode
from lexel.viewer.child import Child
from lexel.viewer.child_work import read_example
from lexel.viewer.choices import PictureVector
from lexel.viewer.events import Event
from lexel.viewer.opener import sentence_of
from lexel.viewer.state import ViewerState
from lexel.viewer.tasks import Tasks


class PictureAsking:
    """Asks the open field with pictures.

    Attributes:
        trouble: emits a sentence for people.
        device: where the tower runs.
    """

    def __init__(self, state: ViewerState, tasks: Tasks, device: str) -> None:
        self._state, self._tasks, self.device = state, tasks, device
        self._child = Child()
        self.trouble: Event[str] = Event()

    def takes(self, path: Path) -> bool:
        """Whether this file would be asked with, rather than opened."""
        return self._state.field is not None and path.suffix.lower() in SUFFIXES

    def ask(self, path: Path) -> None:
        """Find what is like a picture."""
        field = self._state.field
        if field is None:
            return
        told, device = field.stored.info.encoder, self.device

        def done(visual: tuple[float, ...]) -> None:
            if field is not self._state.field:
                return
            mode = self._state.choices.mode
            self._state.settle()
            self._state.choose(
                text="",
                examples=(PictureVector(path.name, visual),),
                query=0,
                layer=None,
                mode=mode if mode is Mode.LABEL else Mode.HEAT,
            )

        self._tasks.run(
            f"Reading {path.name}",
            lambda watched: self._child.run(read_example, told, path, device, progress=watched),
            done,
            failed=lambda error: self.trouble.emit(sentence_of(error)),
            lane="picture",
        )

    def close(self) -> None:
        self._child.close()
