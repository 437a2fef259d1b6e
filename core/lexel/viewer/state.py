"""The state of the viewer, without a window: who changes it says what, who shows it listens.

Everything shown hangs on two frozen values: `choices`, which the user sets and can undo, and
`facts`, which follow from them as work is done. Both are replaced whole. State belongs to one
thread; work done elsewhere comes back to it through `lexel.viewer.tasks`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from lexel.errors import InputError
from lexel.pipelines.ask import AskableField
from lexel.query.paint import Painting
from lexel.query.tree import Query
from lexel.scene.recipe import Mode
from lexel.viewer.asking import Answered
from lexel.viewer.choices import Choices
from lexel.viewer.contents import Contents
from lexel.viewer.drawing.cloud import Cloud
from lexel.viewer.events import Event
from lexel.viewer.opening import Kind, Opening
from lexel.viewer.photo_paint import PaintedPhoto
from lexel.viewer.things import Thing
from lexel.viewer.undoing import Undoing

_MOST_RECENT = 100


@dataclass(frozen=True, eq=False)
class Facts:
    """What follows from the choices, and from the world.

    Attributes:
        field: the open field.
        opening: what is open, and where it lies.
        contents: what is shown of it while it is no field.
        things: completed, found or read: drawn over the points where `Choices.overlays` has them.
        results: folders that some of the things came from.
        painted: the open photo under its answer; None: no photo is open.
        query: the parse of the text; None while it cannot be understood.
        trouble: why there is no answer to what is typed; empty where there is.
        answer: to what was typed last and could be answered.
        painting: the colours of the points; None before the first.
        compare_answer, compare_painting: the same of the comparison.
        recent: queries that were asked, the newest first.
        hovered: id of the point under the mouse.
        picked: id of the point that was clicked last.
        cloud: the points in drawing order; None until they are.
        turned_away: (N,) points seen from behind; None where nobody wants to know.
    """

    field: AskableField | None = None
    opening: Opening | None = None
    contents: Contents | None = None
    things: tuple[Thing, ...] = ()
    results: tuple[Path, ...] = ()
    painted: PaintedPhoto | None = None
    query: Query | None = None
    trouble: str = ""
    answer: Answered | None = None
    painting: Painting | None = None
    compare_answer: Answered | None = None
    compare_painting: Painting | None = None
    recent: tuple[str, ...] = ()
    hovered: int | None = None
    picked: int | None = None
    cloud: Cloud | None = None
    turned_away: npt.NDArray[np.bool_] | None = None


@dataclass(frozen=True)
class Change:
    """What changed: `names` of attributes of `Choices` and `Facts`."""

    names: frozenset[str]


_CHOICES = frozenset(f.name for f in fields(Choices))
_FACTS = frozenset(f.name for f in fields(Facts))


class ViewerState:
    """What is open, asked and shown; the only thing that widgets and work have in common.

    Attributes:
        choices, facts: replaced whole; see there.
        changed: emits after every change. Listeners may change the state again; what they change
            is told after everybody has heard of this change.
    """

    def __init__(self) -> None:
        self.choices = Choices()
        self.facts = Facts()
        self.changed: Event[Change] = Event()
        self._undoing = Undoing()
        self._untold: deque[Change] = deque()
        self._telling = False

    def watch(self, listener: Callable[[], None], *names: str) -> Callable[[], None]:
        """Call `listener` when one of these attributes changes; what is returned ends that."""
        wanted = frozenset(names)
        assert wanted and wanted <= _CHOICES | _FACTS, f"no such attribute: {names}"

        def hear(change: Change) -> None:
            if wanted & change.names:
                listener()

        return self.changed.connect(hear)

    @property
    def field(self) -> AskableField | None:
        return self.facts.field

    def phrases(self) -> tuple[str, ...]:
        """Those that the open field knows, for completion."""
        phrases = None if self.field is None else self.field.stored.phrases
        return () if phrases is None else phrases.texts

    def choose(self, **values: Any) -> None:
        """The user sets attributes of `Choices`; one step that can be undone.

        Raises:
            InputError: a value is impossible, or the open field has nothing of the kind.
        """
        before = self.choices
        after = replace(before, **values)
        self._check(after)
        names = _differences(before, after)
        self._undoing.record(names, before, after)
        self._take(after)

    def settle(self) -> None:
        """What the user does next is a step of its own: a key was pressed, a slider let go."""
        self._undoing.settle()

    @property
    def can_undo(self) -> bool:
        return self._undoing.can_undo

    @property
    def can_redo(self) -> bool:
        return self._undoing.can_redo

    def undo(self) -> None:
        self._take(self._undoing.undo(self.choices))

    def redo(self) -> None:
        self._take(self._undoing.redo(self.choices))

    def learn(self, **values: Any) -> None:
        """Work sets attributes of `Facts`."""
        before = self.facts
        self.facts = replace(before, **values)
        self._tell(_differences(before, self.facts))

    def open_field(
        self,
        field: AskableField,
        choices: Choices | None = None,
        opening: Opening | None = None,
        things: tuple[Thing, ...] = (),
        results: tuple[Path, ...] = (),
    ) -> None:
        """Another field is shown; what was asked of the one before is gone.

        Args:
            choices: of a session that goes on; None: begin anew.
            opening: where it was found.
            things, results: see `Facts`.
        """
        facts = Facts(field=field, opening=opening, things=things, results=results)
        self._open(facts, self.choices.for_another_field() if choices is None else choices)

    def open_contents(
        self, opening: Opening, contents: Contents, choices: Choices | None = None
    ) -> None:
        """Something that is no field is shown, with all things over it."""
        if choices is None:
            names = tuple(thing.name for thing in contents.things)
            choices = replace(self.choices.for_another_field(), overlays=names)
        results = (opening.path,) if opening.kind is Kind.RESULT else ()
        facts = Facts(opening=opening, contents=contents, things=contents.things, results=results)
        self._open(facts, choices)

    def add_things(self, things: tuple[Thing, ...], result: Path | None = None) -> None:
        """Things became ready: they are shown, in place of those of the same names."""
        names = [thing.name for thing in things]
        kept = tuple(thing for thing in self.facts.things if thing.name not in names)
        results = self.facts.results
        if result is not None and result not in results:
            results = (*results, result)
        self.learn(things=(*kept, *things), results=results)
        shown = dict.fromkeys((*self.choices.overlays, *names))
        self._take(replace(self.choices, overlays=tuple(shown)))

    def _open(self, facts: Facts, choices: Choices) -> None:
        old_choices, old_facts = self.choices, self.facts
        self.facts, self.choices = replace(facts, recent=old_facts.recent), choices
        try:
            self._check(choices)
        except InputError:
            self.facts, self.choices = old_facts, old_choices
            raise
        self._undoing.clear()
        names = _differences(old_choices, self.choices) | _differences(old_facts, self.facts)
        self._tell(names)

    def close_field(self) -> None:
        """Nothing is open any more."""
        before = self.facts
        self._undoing.clear()
        self.facts = Facts(recent=before.recent)
        self._take(self.choices.for_another_field())
        self._tell(_differences(before, self.facts))

    def remember_query(self) -> None:
        """The typed text was meant: it goes to the top of the recent ones."""
        text = self.choices.text.strip()
        if text:
            rest = tuple(old for old in self.facts.recent if old != text)
            self.learn(recent=(text, *rest)[:_MOST_RECENT])

    def _check(self, choices: Choices) -> None:
        field = self.facts.field
        if field is None:
            return
        known = {note.name for note in field.stored.layers}
        known |= {thing.name for thing in self.facts.things}
        for name in (*choices.overlays, *([choices.layer] if choices.layer else [])):
            if name not in known:
                raise InputError("the field has no such layer", got=name)
        if choices.mode is Mode.NORMALS and field.points.normals is None:
            raise InputError("the field has no normals", where=field.stored.path)
        ids = choices.selection.ids
        if len(ids) and (ids[0] < 0 or ids[-1] >= field.stored.num_points):
            raise InputError("a selected point is not one of the field's")

    def _take(self, choices: Choices) -> None:
        before, self.choices = self.choices, choices
        self._tell(_differences(before, choices))

    def _tell(self, names: frozenset[str]) -> None:
        if names:
            self._untold.append(Change(names))
        if self._telling:
            return
        self._telling = True
        try:
            while self._untold:
                self.changed.emit(self._untold.popleft())
        finally:
            self._telling = False


def _differences(before: object, after: object) -> frozenset[str]:
    """Names of the attributes of two dataclasses of a kind that differ."""
    return frozenset(_differing(before, after))


def _differing(before: Any, after: Any) -> Iterator[str]:
    for one in fields(before):
        old, new = getattr(before, one.name), getattr(after, one.name)
        arrays = isinstance(old, np.ndarray) or isinstance(new, np.ndarray)
        if old is not new and (arrays or old != new):
            yield one.name
