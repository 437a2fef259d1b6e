"""What is to be painted: the user's choices and an answer as arguments of the one painter."""

from __future__ import annotations

from dataclasses import replace

from lexel.pipelines.ask import AskableField
from lexel.pipelines.painting import paint_field
from lexel.query.paint import Painting
from lexel.scene import LayerNote
from lexel.scene.recipe import Look, Mode
from lexel.viewer.asking import Answered
from lexel.viewer.choices import Choices


def shown_query(choices: Choices, answered: Answered | None) -> int:
    """The query that heat shows."""
    num_queries = 1 if answered is None else len(answered.codes.queries)
    return min(choices.query, num_queries - 1)


def shown_layer(choices: Choices, answered: Answered | None) -> str | None:
    """The layer that heat shows: the chosen one, or what a network answered to the query."""
    if choices.layer is not None or answered is None or not answered.layers:
        return choices.layer
    fitting = answered.layers[shown_query(choices, answered)]
    allowed = [note for note in fitting if choices.tier is None or note.tier <= choices.tier]
    return max(allowed, key=_by_tier).name if allowed else None


def shown_look(choices: Choices, answered: Answered | None) -> Look:
    """The look that painters and recipes take."""
    return replace(choices.look, layer=shown_layer(choices, answered))


def paint(field: AskableField, choices: Choices, answered: Answered | None) -> Painting:
    """The colours of the field's points."""
    look = shown_look(choices, answered)
    codes = None if answered is None else answered.codes
    if codes is None and look.layer is None and look.mode in (Mode.HEAT, Mode.LABEL):
        look = replace(look, mode=Mode.RGB)
    return paint_field(field, codes, look, shown_query(choices, answered))


def _by_tier(note: LayerNote) -> int:
    return note.tier
