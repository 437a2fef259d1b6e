"""Answers as they become ready, tier by tier: codes at once, then what networks left behind."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from lexel.pipelines.ask import AskableField, FieldAnswer
from lexel.query.cosines import Check
from lexel.query.examples import example_of_codes
from lexel.query.language import parse
from lexel.query.spatial import needs_forward
from lexel.query.tree import Query
from lexel.query.vectors import Example
from lexel.query.writing import unparse_ask
from lexel.scene import LayerNote
from lexel.viewer.choices import Choices, ExampleChoice, PictureVector
from lexel.viewer.drawing.camera import Camera

TIER_NAMES = {1: "codes", 2: "relevancy", 3: "completion"}


@dataclass(frozen=True)
class Asked:
    """A question: what of the user's choices an answer depends on.

    Attributes:
        text, negatives, balance, examples: see `Choices`.
        camera: who says left and behind; None where nobody needs to.
    """

    text: str
    negatives: tuple[str, ...] | None = None
    balance: float = 0.0
    examples: tuple[ExampleChoice, ...] = ()
    camera: Camera | None = None

    @property
    def empty(self) -> bool:
        return not self.text.strip() and not self.examples


@dataclass(frozen=True, eq=False)
class Answered:
    """What is known of an answer so far.

    Attributes:
        asked: the question.
        query: as it was understood.
        codes: of tier 1.
        layers: of the field, for each query; those of higher tiers that answer the same words.
        tier: the highest tier that has been looked at.
    """

    asked: Asked
    query: Query
    codes: FieldAnswer
    layers: tuple[tuple[LayerNote, ...], ...] = ()
    tier: int = 1


Tier: TypeAlias = Callable[[AskableField, Answered, Check], Answered]


def ask_in_tiers(
    field: AskableField, asked: Asked, check: Check, tiers: Sequence[Tier] | None = None
) -> Iterator[Answered]:
    """An answer that grows: tier 1, then what each of `tiers` adds to it.

    Args:
        check: raises to give up.
        tiers: called in this order; each returns a fuller answer. None: `TIERS`.

    Raises:
        InputError: the text cannot be understood, or a phrase cannot be encoded.
    """
    answered = ask_codes(field, asked, check)
    yield answered
    for tier in TIERS if tiers is None else tiers:
        check()
        answered = tier(field, answered, check)
        yield answered


def ask_codes(field: AskableField, asked: Asked, check: Check) -> Answered:
    """Tier 1: milliseconds, whatever the number of points."""
    examples = [_vectors(field, example) for example in asked.examples]
    query = understand(asked.text, field.known_phrases)
    codes = field.ask(
        asked.text,
        instead=asked.negatives,
        balance=asked.balance,
        camera=None if asked.camera is None else asked.camera.world_from_camera,
        examples=examples,
        top=_TOP,
        check=check,
    )
    return Answered(asked, query, codes)


def look_for_layers(field: AskableField, answered: Answered, check: Check) -> Answered:
    """Tier 3 where the field has it: layers that networks wrote for the same words."""
    names = [unparse_ask(ask) for ask in answered.query.asks]
    names += [""] * (len(answered.codes.queries) - len(names))
    layers = tuple(tuple(_layers_for(field, name)) for name in names)
    return replace(answered, layers=layers, tier=max(answered.tier, 3))


TIERS: tuple[Tier, ...] = (look_for_layers,)
_TOP = 5


def understand(text: str, known: Collection[str]) -> Query:
    """The parse of a text; nothing asked for where it is blank.

    Args:
        known: phrases of the field that are one thing.
    """
    return parse(text, known) if text.strip() else Query(())


def question(
    choices: Choices, text: str, known: tuple[str, ...], has_sentences: bool, examples: bool
) -> Asked:
    """What the user's choices ask for, with a text: theirs, or that of the comparison.

    Args:
        known: see `understand`.
        has_sentences: whether the field has a sentence half.
        examples: whether they are asked too.

    Raises:
        LabelError: the text cannot be understood.
    """
    query = understand(text, known)
    return Asked(
        text,
        choices.negatives,
        choices.balance if has_sentences else 0.0,
        choices.examples if examples else (),
        choices.camera if any(needs_forward(ask.want) for ask in query.asks) else None,
    )


def _layers_for(field: AskableField, name: str) -> Iterator[LayerNote]:
    key = name.strip().casefold()
    for note in field.stored.layers:
        if key and note.text.strip().casefold() == key:
            yield note


def _vectors(field: AskableField, example: ExampleChoice) -> Example:
    if isinstance(example, PictureVector):
        return Example(example.name, np.array(example.visual, np.float32))
    return example_of_codes(
        field.engine, np.array(example.codes), np.array(example.counts), example.name
    )
