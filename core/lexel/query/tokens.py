"""Query text cut into tokens. Everything in quotes, and every known label, is one token."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache

from lexel.errors import LabelError

LOWEST_WEIGHT, HIGHEST_WEIGHT = 0.01, 100.0
OPERATORS = ("and", "or", "not")

_IN_QUOTES = 'Put the phrase in quotes if that is part of it: "27-inch (wide) screen".'
_WORD = r"[^\s;()|^]+"
_END_OF_WORD = r"(?![^\s;()|^])"
_TOKEN = re.compile(
    rf"""
    (?P<blank>[^\S\n]+)
    | (?P<end>[;\n])
    | (?P<quoted>"(?:[^"]|"")*"|“[^”]*”)
    | (?P<open>\() | (?P<close>\)) | (?P<bar>\|)
    | (?P<minus>-(?=[^\s]))
    | \^(?P<weight>[0-9]+(?:\.[0-9]+)?){_END_OF_WORD}
    | (?P<word>{_WORD})
    """,
    re.VERBOSE,
)


class Kind(Enum):
    """What a token is. WORD: a word without meaning of its own. TEXT: a literal phrase."""

    WORD = auto()
    TEXT = auto()
    OPERATOR = auto()
    WEIGHT = auto()
    MINUS = auto()
    OPEN = auto()
    CLOSE = auto()
    BAR = auto()
    END = auto()


@dataclass(frozen=True)
class Token:
    """`text` is the word, the literal phrase or the number; operators are in lower case."""

    kind: Kind
    text: str


def tokenise(text: str, known: Collection[str] = ()) -> Iterator[Token]:
    """The tokens of query text.

    Args:
        known: labels that are taken as one thing wherever they stand, in any case. A tuple is
            looked at once and remembered.

    Raises:
        LabelError: a quote is not closed, a `-` or `^` stands by itself, a weight is no weight.
    """
    labels = _by_first_word(tuple(known))
    at = 0
    while at < len(text):
        label = _known_at(text, at, labels)
        if label:
            yield Token(Kind.TEXT, " ".join(label.split()))
            at += len(label)
            continue
        match = _TOKEN.match(text, at)
        if match is None:
            raise LabelError(
                "a ^ must be followed by a number",
                got=text[at:],
                do=f"Write a weight like mug^2. {_IN_QUOTES}",
            )
        at = match.end()
        if match.lastgroup != "blank":
            yield _token(str(match.lastgroup), match[str(match.lastgroup)], text)


def _token(group: str, found: str, text: str) -> Token:
    if group == "quoted":
        return _quoted(found, text)
    if group == "weight":
        return _weight(found)
    if group == "word":
        return _word(found, text)
    return Token(Kind[group.upper()], found)


def _quoted(found: str, text: str) -> Token:
    inside = " ".join(found[1:-1].replace('""', '"').split())
    if not inside:
        raise LabelError("there is nothing between the quotes", got=text, do="Write a phrase.")
    return Token(Kind.TEXT, inside)


def _weight(found: str) -> Token:
    if not LOWEST_WEIGHT <= float(found) <= HIGHEST_WEIGHT:
        raise LabelError(
            f"a weight lies between {LOWEST_WEIGHT:g} and {HIGHEST_WEIGHT:g}",
            got=f"^{found}",
            do="Write it like mug^2 or mug^0.5.",
        )
    return Token(Kind.WEIGHT, found)


def _word(found: str, text: str) -> Token:
    if found[0] in '"“':
        raise LabelError("a quotation mark is not closed", got=text, do='Write "…" around it.')
    if found == "-":
        raise LabelError(
            "a - stands by itself", got=text, do=f"Write -table for what it is not. {_IN_QUOTES}"
        )
    if found.lower() in OPERATORS:
        return Token(Kind.OPERATOR, found.lower())
    return Token(Kind.WORD, found)


@lru_cache(maxsize=8)  # a field's thousands of phrases, at every keystroke
def _by_first_word(known: tuple[str, ...]) -> dict[str, list[str]]:
    """Labels of several words by their first, the longest first; one word is one thing anyway."""
    labels: dict[str, list[str]] = {}
    for label in sorted(known, key=len, reverse=True):
        words = label.split()
        if len(words) > 1:
            labels.setdefault(words[0].lower(), []).append(label)
    return labels


def _known_at(text: str, at: int, labels: Mapping[str, list[str]]) -> str | None:
    """The known label that starts here, as typed."""
    if not labels or (first := re.compile(r"\S+").match(text, at)) is None:
        return None
    if at and text[at - 1] not in " \t\n;(|-":
        return None
    for label in labels.get(first[0].lower(), ()):
        pattern = r"[^\S\n]+".join(map(re.escape, label.split())) + _END_OF_WORD
        if match := re.compile(pattern, re.IGNORECASE).match(text, at):
            return match[0]
    return None
