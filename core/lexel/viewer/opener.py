"""Opens what the user names or drops; what goes wrong becomes a sentence, and nothing closes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

import numpy as np

from lexel.errors import InputError, LexelError, SceneError, brief
from lexel.io.geometry_files import GEOMETRY_SUFFIXES
from lexel.io.recipes import load_recipe
from lexel.io.stored import open_result
from lexel.pipelines.ask import AskableField, open_field
from lexel.progress import Progress
from lexel.viewer.choices import Choices
from lexel.viewer.completing import prepare_typing
from lexel.viewer.contents import Contents, load_contents
from lexel.viewer.events import Event
from lexel.viewer.facing import normals_point_inwards
from lexel.viewer.opening import Kind, Opening, recognise
from lexel.viewer.recipes import choices_of, field_of, is_same_version
from lexel.viewer.session import Session
from lexel.viewer.state import ViewerState
from lexel.viewer.tasks import Tasks
from lexel.viewer.things import Thing, things_of_field, things_of_files, things_of_result

_LANE = "open"
OpenField: TypeAlias = Callable[[Path, Progress], AskableField]


def open_here(path: Path, progress: Progress) -> AskableField:
    """With the encoders of this computer."""
    return open_field(path, progress=progress)


@dataclass(frozen=True, eq=False)
class _Loaded:
    """What a path turned out to hold.

    Attributes:
        shown: a field, or something that is none.
        things, results: of a session, or of the field.
        choices: that come with it; None: begin anew.
        warning: what the user should know of it.
    """

    opening: Opening
    shown: AskableField | Contents
    things: tuple[Thing, ...] = ()
    results: tuple[Path, ...] = ()
    choices: Choices | None = None
    warning: str = ""


class Opener:
    """Opens things into a state.

    Attributes:
        opened: emits what was opened.
        failed: emits why something could not be opened.
        warned: emits what should be known of what was.
    """

    def __init__(self, state: ViewerState, tasks: Tasks, open_field: OpenField = open_here) -> None:
        """`open_field` opens a field so that it can be asked."""
        self._state, self._tasks, self._open_field = state, tasks, open_field
        self.opened: Event[Opening] = Event()
        self.failed: Event[Exception] = Event()
        self.warned: Event[str] = Event()

    def open(self, path: str | Path) -> None:
        """Open a file or folder in the background, in place of what is open."""
        before = self._state.choices
        self._run(
            Path(path).name, lambda progress: _load(Path(path), before, progress, self._open_field)
        )

    def restore(self, session: Session) -> None:
        """Open what a session had open, as it was shown."""
        if session.opened is not None:
            name = session.opened.name
            self._run(name, lambda progress: _load_session(session, progress, self._open_field))

    def take_dropped(self, paths: Sequence[Path]) -> None:
        """Meshes dropped on points lie over them; anything else is opened."""
        over = self._state.facts.cloud is not None
        if over and all(path.suffix.lower() in GEOMETRY_SUFFIXES for path in paths):
            self.add_meshes(paths)
        elif len(paths) == 1:
            self.open(paths[0])
        else:
            self.warned.emit("Drop one thing at a time, or meshes over what is open.")

    def add_meshes(self, paths: Sequence[Path]) -> None:
        """Meshes and clouds over what is open, in the frame of its file."""
        placed = self._world_from_source()
        self._tasks.run(
            "Reading meshes",
            lambda watched: things_of_files(paths, placed, watched),
            self._state.add_things,
            failed=self.failed.emit,
        )

    def add_result(self, folder: Path) -> None:
        """What `complete` and `locate` found, over what is open."""
        self._tasks.run(
            "Reading results",
            lambda watched: things_of_result(open_result(folder), watched),
            lambda things: self._state.add_things(things, folder),
            failed=self.failed.emit,
        )

    def _run(self, name: str, load: Callable[[Progress], _Loaded]) -> None:
        self._tasks.run(f"Opening {name}", load, self._take, failed=self.failed.emit, lane=_LANE)

    def _take(self, loaded: _Loaded) -> None:
        try:
            if isinstance(loaded.shown, Contents):
                self._state.open_contents(loaded.opening, loaded.shown, loaded.choices)
                if loaded.things:
                    self._state.add_things(loaded.things)
            else:
                self._state.open_field(
                    loaded.shown, loaded.choices, loaded.opening, loaded.things, loaded.results
                )
        except InputError as error:
            self.failed.emit(error)
            return
        self.opened.emit(loaded.opening)
        if loaded.warning:
            self.warned.emit(loaded.warning)

    def _world_from_source(self) -> np.ndarray:
        facts = self._state.facts
        if facts.contents is not None:
            return facts.contents.world_from_source
        return np.eye(4) if facts.field is None else facts.field.stored.info.world_from_source


def sentence_of(error: Exception) -> str:
    """What went wrong, for people."""
    if isinstance(error, MemoryError):
        return "There is not enough memory for this."
    if isinstance(error, OSError):
        return f"{error.filename or 'The system'}: {error.strerror or error}."
    if not isinstance(error, LexelError):
        return f"Something went wrong here: {brief(error)}."
    text = str(error)
    return text if error.where else text[:1].upper() + text[1:]


def _load(path: Path, before: Choices, progress: Progress, open_field: OpenField) -> _Loaded:
    opening = recognise(path)
    if opening.kind is Kind.RECIPE:
        return _load_recipe(opening.path, before, progress, open_field)
    loaded = _load_opening(opening, progress, open_field)
    if isinstance(loaded.shown, Contents):
        return loaded
    inside = normals_point_inwards(loaded.shown)
    return replace(loaded, choices=replace(before.for_another_field(), see_inside=inside))


def _load_opening(opening: Opening, progress: Progress, open_field: OpenField) -> _Loaded:
    if opening.kind is not Kind.FIELD:
        return _Loaded(opening, load_contents(opening, progress))
    progress.begin("reading", None)
    field = open_field(opening.path, progress)
    for read in (lambda: field.rgb, lambda: field.engine, lambda: prepare_typing(field)):
        progress.advance()  # all that the window's thread will touch
        read()
    return _Loaded(opening, field, things_of_field(field.stored))


def _load_recipe(file: Path, before: Choices, progress: Progress, open_field: OpenField) -> _Loaded:
    recipe = load_recipe(file)
    loaded = _load_opening(recognise(field_of(recipe, file)), progress, open_field)
    if isinstance(loaded.shown, Contents):
        raise SceneError("what the recipe is of is no field", where=file, got=recipe.field)
    warning = ""
    if not is_same_version(recipe, loaded.shown):
        warning = "The field has changed since this recipe was made: colours may differ."
    return replace(loaded, choices=choices_of(recipe, before), warning=warning)


def _load_session(session: Session, progress: Progress, open_field: OpenField) -> _Loaded:
    """What is gone meanwhile is left out, aloud."""
    assert session.opened is not None
    loaded = _load_opening(recognise(session.opened), progress, open_field)
    things, results, lost = list(loaded.things), [], []
    for folder in session.results:
        if folder == loaded.opening.path:
            continue
        try:
            things += things_of_result(open_result(folder), progress)
            results.append(folder)
        except InputError:
            lost.append(folder.name)
    choices = _without_lost_things(session.choices, loaded, things)
    warning = f"Results that are gone were left out: {', '.join(lost)}." if lost else ""
    return replace(
        loaded, things=tuple(things), results=tuple(results), choices=choices, warning=warning
    )


def _without_lost_things(choices: Choices, loaded: _Loaded, things: Sequence[Thing]) -> Choices:
    known = {thing.name for thing in things}
    if isinstance(loaded.shown, Contents):
        known |= {thing.name for thing in loaded.shown.things}
    else:
        known |= {note.name for note in loaded.shown.stored.layers}
    return replace(choices, overlays=tuple(name for name in choices.overlays if name in known))
