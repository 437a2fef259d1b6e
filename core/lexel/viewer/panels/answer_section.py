"""The cards of all queries."""

from __future__ import annotations

from collections.abc import Iterator

from PyQt6.QtWidgets import QWidget

from lexel.scene.palette import label_colours
from lexel.scene.recipe import Mode
from lexel.viewer.asking import Answered
from lexel.viewer.painting import shown_layer, shown_query
from lexel.viewer.panels.answer_card import AnswerCard, CardContent
from lexel.viewer.state import ViewerState
from lexel.viewer.widgets.section import Section, dim_label
from lexel.viewer.wording import found_in_words, presence_in_words, tiers_of

_INVITATION = "Type above, and what answers lights up."


class AnswerSection(Section):
    """Bound to the state's answer."""

    def __init__(self, state: ViewerState, parent: QWidget | None = None) -> None:
        super().__init__("Answer", parent)
        self._state = state
        self.cards: list[AnswerCard] = []
        state.watch(self._fill, "answer", "query", "threshold", "tier", "layer", "mode", "field")
        self._fill()

    def _fill(self) -> None:
        while (item := self.body.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.cards.clear()
        answered = self._state.facts.answer
        if answered is None:
            self.body.addWidget(dim_label(_INVITATION))
            return
        for number, content in enumerate(self._contents(answered)):
            card = AnswerCard(content)
            card.picked.connect(lambda number=number: self._pick(number))
            card.tier_picked.connect(self._pick_tier)
            self.body.addWidget(card)
            self.cards.append(card)

    def _contents(self, answered: Answered) -> Iterator[CardContent]:
        state, field = self._state, self._state.field
        assert field is not None
        shown = shown_query(state.choices, answered)
        several = len(answered.codes.queries) > 1
        colours = label_colours(len(answered.codes.queries))
        for number, query in enumerate(answered.codes.queries):
            yield CardContent(
                text=query.text,
                colour=colours[number] if state.choices.mode is Mode.LABEL else None,
                presence=presence_in_words(query),
                found=found_in_words(field, answered, number, state.choices.threshold),
                tiers=tuple(self._tiers(answered, number)),
                on=several and number == shown and state.choices.mode is Mode.HEAT,
            )

    def _tiers(self, answered: Answered, number: int) -> Iterator[tuple[int, str, bool]]:
        choices = self._state.choices
        tiers = tiers_of(answered, number)
        layer = shown_layer(choices, answered) if number == shown_query(choices, answered) else None
        notes = answered.layers[number] if answered.layers else ()
        shown = next((note.tier for note in notes if note.name == layer), 1)
        for tier, name in tiers:
            yield tier, name, tier == shown

    def _pick(self, number: int) -> None:
        self._state.settle()
        self._state.choose(query=number)

    def _pick_tier(self, tier: int) -> None:
        self._state.settle()
        self._state.choose(tier=tier)
