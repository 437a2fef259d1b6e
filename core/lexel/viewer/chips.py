"""A parsed query as chips that can be edited one by one, without Qt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum

from lexel.errors import LabelError
from lexel.query.language import parse
from lexel.query.tree import And, Ask, Node, Not, Or, Phrase, Query, Spatial
from lexel.query.writing import unparse, unparse_node


class Role(Enum):
    """What a chip is in its query."""

    WANT = "want"
    NEGATIVE = "negative"
    NEGATIVE_OF_ALL = "negative of all"


@dataclass(frozen=True)
class Chip:
    """One part of a query.

    Attributes:
        role: see `Role`.
        parts: texts that are edited by themselves: one; or target, relation and reference.
        ask: number of the query it belongs to; -1 for a negative of all.
        row: which of the negatives it is.
    """

    role: Role
    parts: tuple[str, ...]
    ask: int
    row: int = 0

    @property
    def spatial(self) -> bool:
        return len(self.parts) == 3


def chips_of(query: Query) -> list[Chip]:
    """The chips of a query, in the order in which it is written."""
    return list(_chips(query))


def without(query: Query, chip: Chip) -> str:
    """The text of the query with a chip taken away; a thing goes with its negatives."""
    if chip.role is Role.WANT:
        asks = query.asks[: chip.ask] + query.asks[chip.ask + 1 :]
        return unparse(replace(query, asks=asks))
    negatives = _negatives(query, chip)
    return unparse(_with_negatives(query, chip, negatives[: chip.row] + negatives[chip.row + 1 :]))


def with_part(query: Query, chip: Chip, part: int, text: str) -> str:
    """The text of the query with other words in a part of a chip.

    Raises:
        LabelError: the words cannot stand there.
    """
    if not text.strip():
        return without(query, chip)
    if chip.role is not Role.WANT:
        negatives = list(_negatives(query, chip))
        negatives[chip.row] = _phrase(text)
        return unparse(_with_negatives(query, chip, tuple(negatives)))
    asks = list(query.asks)
    asks[chip.ask] = replace(asks[chip.ask], want=_edited(asks[chip.ask].want, part, text))
    return unparse(replace(query, asks=tuple(asks)))


def _chips(query: Query) -> Iterator[Chip]:
    for number, ask in enumerate(query.asks):
        yield Chip(Role.WANT, _parts(ask.want), number)
        for row, phrase in enumerate(ask.negatives):
            yield Chip(Role.NEGATIVE, (unparse_node(phrase),), number, row)
    for row, phrase in enumerate(query.negatives):
        yield Chip(Role.NEGATIVE_OF_ALL, (unparse_node(phrase),), -1, row)


def _parts(want: Node) -> tuple[str, ...]:
    match want:
        case Spatial(target, relation, reference):
            return unparse_node(target), relation, unparse_node(reference)
        case Phrase() | Not() | And() | Or():
            return (unparse_node(want),)


def _edited(want: Node, part: int, text: str) -> Node:
    if not isinstance(want, Spatial):
        return _node(text)
    if part == 1:
        return replace(want, relation=text)
    if part == 0:
        return replace(want, target=_node(text))
    return replace(want, reference=_node(text))


def _node(text: str) -> Node:
    query = parse(text)
    if len(query.asks) != 1 or query.negatives or query.asks[0].negatives:
        raise LabelError("only one thing can stand here", got=text)
    return query.asks[0].want


def _phrase(text: str) -> Phrase:
    node = _node(text)
    return node if isinstance(node, Phrase) else Phrase(" ".join(text.split()))


def _negatives(query: Query, chip: Chip) -> tuple[Phrase, ...]:
    return query.negatives if chip.ask < 0 else query.asks[chip.ask].negatives


def _with_negatives(query: Query, chip: Chip, negatives: tuple[Phrase, ...]) -> Query:
    if chip.ask < 0:
        return replace(query, negatives=negatives)
    asks = list(query.asks)
    asks[chip.ask] = Ask(asks[chip.ask].want, negatives)
    return replace(query, asks=tuple(asks))
