"""A query, understood: a tree of plain values that a client can show as chips and change.

`lexel.query.language` reads it from text, `lexel.query.writing` writes it as text again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Phrase:
    """Words that an encoder reads.

    Attributes:
        text: as typed, single blanks between words.
        weight: factor of the phrase's odds, against its negatives or among them; above 0.
    """

    text: str
    weight: float = 1.0


@dataclass(frozen=True)
class Not:
    """What `part` is not: 1 - score."""

    part: Node


@dataclass(frozen=True)
class And:
    """What all `parts` are: the least score."""

    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Or:
    """What any of `parts` is: the greatest score."""

    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Spatial:
    """*the target relation the reference*; `relation` is one of `lexel.scene.RELATIONS`."""

    target: Node
    relation: str
    reference: Node


Node = Phrase | Not | And | Or | Spatial


@dataclass(frozen=True)
class Ask:
    """One thing that is looked for, and what it must not be taken for."""

    want: Node
    negatives: tuple[Phrase, ...] = ()


@dataclass(frozen=True)
class Query:
    """Things that are looked for side by side; `negatives` hold for each of them."""

    asks: tuple[Ask, ...]
    negatives: tuple[Phrase, ...] = ()


def parts_of(node: Node) -> tuple[Node, ...]:
    """What a node is made of; nothing for a phrase."""
    match node:
        case Phrase():
            return ()
        case Not(part):
            return (part,)
        case And(parts) | Or(parts):
            return parts
        case Spatial(target, _, reference):
            return target, reference


def phrases_of(node: Node) -> Iterator[Phrase]:
    """The phrases of a tree, from left to right."""
    if isinstance(node, Phrase):
        yield node
    for part in parts_of(node):
        yield from phrases_of(part)


def is_spatial(node: Node) -> bool:
    """Whether a relation stands anywhere in it: then only places have scores, not codes."""
    return isinstance(node, Spatial) or any(map(is_spatial, parts_of(node)))
