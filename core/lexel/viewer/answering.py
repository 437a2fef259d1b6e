"""From what is typed to what is shown: asks and paints in the background, newest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lexel.errors import LabelError, LexelError
from lexel.pipelines.ask import AskableField
from lexel.query.paint import Painting
from lexel.viewer.asking import Answered, Asked, ask_in_tiers, question, understand
from lexel.viewer.painting import paint
from lexel.viewer.state import ViewerState
from lexel.viewer.tasks import Tasks
from lexel.viewer.watching import Watched

_ASKED = ("field", "text", "compare", "examples", "negatives", "balance", "camera")
_ANSWERS = ("field", "compare", "answer", "compare_answer")
_LOOKS = (
    "mode",
    "layer",
    "tier",
    "query",
    "threshold",
    "heat_range",
    "colour_map",
    "over_rgb",
)


@dataclass(frozen=True)
class _Side:
    """One of the two pictures: where its facts stand."""

    answer: str
    painting: str


_MAIN = _Side("answer", "painting")
_OTHER = _Side("compare_answer", "compare_painting")


class Answering:
    """Keeps a state's answers and paintings as its choices say."""

    def __init__(self, state: ViewerState, tasks: Tasks) -> None:
        self._state, self._tasks = state, tasks
        self._known: tuple[str, ...] = ()
        self._begun: dict[str, Asked | None] = {}
        state.watch(self._opened, "field")
        state.watch(self._ask, *_ASKED)
        state.watch(self._paint, *_ANSWERS, *_LOOKS)

    def _opened(self) -> None:
        field = self._state.field
        self._known = () if field is None else field.known_phrases
        self._begun = {}

    def _ask(self) -> None:
        state, field = self._state, self._state.field
        if field is None:
            return
        self._understand()
        self._ask_side(field, _MAIN, state.choices.text)
        self._ask_side(field, _OTHER, state.choices.compare)

    def _understand(self) -> None:
        """What the chips show, and why there is no answer."""
        try:
            query = understand(self._state.choices.text, self._known)
            self._state.learn(query=query, trouble="")
        except LabelError as error:
            self._state.learn(query=None, trouble=str(error.what))

    def _ask_side(self, field: AskableField, side: _Side, text: str | None) -> None:
        asked = self._question(text, side)
        if side.answer in self._begun and self._begun[side.answer] == asked:
            return
        if asked is None:  # half a query: what was answered before stays
            return
        self._begun[side.answer] = asked
        if asked.empty:
            self._tasks.forget(side.answer)
            self._state.learn(**{side.answer: None})
            return
        self._tasks.stream(
            "Asking",
            lambda watched: _tiers(field, asked, watched),
            lambda answered: self._take(field, side, answered),
            failed=lambda error: self._fail(side, error),
            lane=side.answer,
            shown=False,
        )

    def _question(self, text: str | None, side: _Side) -> Asked | None:
        if text is None:
            return Asked("")
        try:
            examples = side is _MAIN
            return question(self._state.choices, text, self._known, self._has_sentences, examples)
        except LabelError:
            return None

    @property
    def _has_sentences(self) -> bool:
        field = self._state.field
        return field is not None and field.stored.codebook.sentence is not None

    def _take(self, field: AskableField, side: _Side, answered: Answered) -> None:
        if field is self._state.field:
            self._state.learn(**{side.answer: answered})

    def _fail(self, side: _Side, error: Exception) -> None:
        self._begun.pop(side.answer, None)
        trouble = (
            str(error) if isinstance(error, LexelError) else f"{type(error).__name__}: {error}"
        )
        self._state.learn(**{side.answer: None, "trouble": trouble})

    def _paint(self) -> None:
        self._paint_side(_MAIN)
        if self._state.choices.compare is not None:
            self._paint_side(_OTHER)

    def _paint_side(self, side: _Side) -> None:
        state, field = self._state, self._state.field
        if field is None:
            return
        choices, answered = state.choices, getattr(state.facts, side.answer)

        def done(painting: Painting) -> None:
            if field is state.field:
                state.learn(**{side.painting: painting})

        self._tasks.run(
            "Painting",
            lambda watched: paint(field, choices, answered),
            done,
            lane=side.painting,
            shown=False,
        )


def _tiers(field: AskableField, asked: Asked, watched: Watched) -> Iterator[Answered]:
    return ask_in_tiers(field, asked, watched.check)
