"""The query language: from typed text to a tree.

    text        = query { (";" or a new line) query }
    query       = expression { negative }  |  negative { negative }
    negative    = "-" phrase                    up to the next "-" or the end of the query
    expression  = conjunction { "or" conjunction }
    conjunction = inversion { "and" inversion }
    inversion   = "not" inversion  |  relation
    relation    = operand [ wording operand ]  |  phrase "|" wording "|" phrase
    operand     = phrase  |  "(" expression ")"
    phrase      = words and "literal phrases" [ "^" weight ]

So a relation binds closest, then *not*, *and*, *or*. *and*, *or*, *not* count as whole words in
any case; a hyphen or quote inside a word is part of it; `""` inside quotes is one quote. An article
before a phrase is dropped, unless it is in the quotes. A relation's wording counts only where
something stands on both sides of it: "lamp on" is a phrase. Of several wordings the one followed
by "the" counts, if there is just one such. A query that is all negatives makes them hold for
every query. `mug^2` doubles the odds of the mug against what it is not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from lexel.errors import LabelError
from lexel.query.tokens import Kind, Token, tokenise
from lexel.query.tree import And, Ask, Node, Not, Or, Phrase, Query, Spatial
from lexel.query.wordings import ARTICLES, WORDINGS

_MAX_DEPTH = 50
_WORDINGS = [tuple(wording.split()) for wording in WORDINGS]
_QUOTE = 'Put what is one thing in quotes: "plant in a pot" behind the sofa.'
_ORDER = "Write what is wanted first, then what it is not: mug -table."

Item = Token | Node  # of an operand: words, literal phrases, bars, a weight, or a whole bracket


def parse(text: str, known: Collection[str] = ()) -> Query:
    """Understand query text; see the top of this module.

    Args:
        known: labels that are one thing though words in them mean something here, such as
            "plant in a pot"; in any case.

    Raises:
        LabelError: it cannot be understood, with what to write instead.
    """
    asks: list[Ask] = []
    negatives: list[Phrase] = []
    for tokens in _split(tokenise(text, known)):
        ask = _Reader(tokens, text).query()
        if isinstance(ask, Ask):
            asks.append(ask)
        else:
            negatives += ask
    if not asks:
        raise LabelError("nothing is asked for", got=text, do=f"Name something. {_ORDER}")
    return Query(tuple(asks), tuple(negatives))


def _split(tokens: Iterator[Token]) -> Iterator[list[Token]]:
    """The tokens of each query that has any."""
    query: list[Token] = []
    for token in tokens:
        if token.kind is not Kind.END:
            query.append(token)
        elif query:
            yield query
            query = []
    if query:
        yield query


class _Reader:
    """Reads the tokens of one query from left to right."""

    def __init__(self, tokens: Sequence[Token], text: str) -> None:
        self._tokens, self._text = tokens, text
        self._at = self._depth = 0

    def query(self) -> Ask | tuple[Phrase, ...]:
        """What is wanted, or the negatives for all queries."""
        if self._next_is(Kind.MINUS):
            return self._negatives()
        want = self._expression()
        if self._next_is(Kind.CLOSE):
            raise self._wrong("a bracket is closed that was not opened", _QUOTE)
        return Ask(want, self._negatives())

    def _negatives(self) -> tuple[Phrase, ...]:
        negatives = []
        while self._take(Kind.MINUS):
            negatives.append(self._phrase(self._run()))
        if self._at < len(self._tokens):
            raise self._wrong("something stands behind the negatives", _ORDER)
        return tuple(negatives)

    def _expression(self) -> Node:
        parts = [self._conjunction()]
        while self._take(Kind.OPERATOR, "or"):
            parts.append(self._conjunction())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _conjunction(self) -> Node:
        parts = [self._inversion()]
        while self._take(Kind.OPERATOR, "and"):
            parts.append(self._inversion())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _inversion(self) -> Node:
        if not self._take(Kind.OPERATOR, "not"):
            return self._relation(self._run())
        self._deeper()
        part = self._inversion()
        self._depth -= 1
        return Not(part)

    def _run(self) -> list[Item]:
        """Everything up to the next operator, negative or closing bracket."""
        items: list[Item] = []
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            if token.kind in (Kind.OPERATOR, Kind.MINUS, Kind.CLOSE):
                break
            self._at += 1
            items.append(self._bracket() if token.kind is Kind.OPEN else token)
        return items

    def _bracket(self) -> Node:
        self._deeper()
        inside = self._expression()
        if not self._take(Kind.CLOSE):
            raise self._wrong("a bracket is not closed", f"Close it with a ). {_QUOTE}")
        self._depth -= 1
        return inside

    def _relation(self, items: list[Item]) -> Node:
        if any(isinstance(item, Token) and item.kind is Kind.BAR for item in items):
            return self._with_bars(items)
        found = list(_wordings_in(items))
        if len(found) > 1:
            found = [w for w in found if _is_word(items[w.end], "the")] or found
        if len(found) > 1:
            raise self._wrong("there is more than one relation", _QUOTE)
        if not found:
            return self._operand(items)
        target, reference = items[: found[0].start], items[found[0].end :]
        return Spatial(self._operand(target), found[0].relation, self._operand(reference))

    def _with_bars(self, items: list[Item]) -> Spatial:
        sides: list[list[Item]] = [[]]
        for item in items:
            if isinstance(item, Token) and item.kind is Kind.BAR:
                sides.append([])
            else:
                sides[-1].append(item)
        middle = sides[1] if len(sides) == 3 else []
        wording = " ".join(item.text.lower() for item in middle if isinstance(item, Token))
        if wording not in WORDINGS:
            raise self._wrong(
                "bars must separate target, relation and reference",
                'Write it like: "plant in a pot | behind | sofa".',
            )
        return Spatial(self._operand(sides[0]), WORDINGS[wording], self._operand(sides[2]))

    def _operand(self, items: list[Item]) -> Node:
        if len(items) == 1 and not isinstance(items[0], Token):
            return items[0]
        return self._phrase(items)

    def _phrase(self, items: list[Item]) -> Phrase:
        tokens = [item for item in items if isinstance(item, Token)]
        if len(tokens) < len(items):
            raise self._wrong("a bracket stands right beside a phrase", "Write and or or between.")
        weight = 1.0
        if tokens and tokens[-1].kind is Kind.WEIGHT:
            weight = float(tokens.pop().text)
        words = [token.text for token in _without_article(tokens)]
        if not words:
            raise self._wrong("a phrase is missing", f"Complete it. {_QUOTE}")
        if any(token.kind not in (Kind.WORD, Kind.TEXT) for token in tokens):
            raise self._wrong("a weight stands inside a phrase", "Write it behind: red mug^2.")
        return Phrase(" ".join(words), weight)

    def _next_is(self, kind: Kind, text: str | None = None) -> bool:
        if self._at >= len(self._tokens):
            return False
        token = self._tokens[self._at]
        return token.kind is kind and text in (None, token.text)

    def _take(self, kind: Kind, text: str | None = None) -> bool:
        there = self._next_is(kind, text)
        self._at += there
        return there

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise self._wrong("the query is nested too deeply", "Ask it in parts.")

    def _wrong(self, what: str, do: str) -> LabelError:
        return LabelError(what, got=self._text, do=do)


@dataclass(frozen=True)
class _Wording:
    """A relation said by items `start` … `end` - 1."""

    relation: str
    start: int
    end: int


def _wordings_in(items: Sequence[Item]) -> Iterator[_Wording]:
    """The wordings with something on both sides of them."""
    at = 0
    while at < len(items):
        wording = next((w for w in _WORDINGS if _says(items[at : at + len(w)], w)), None)
        if wording is None:
            at += 1
            continue
        end = at + len(wording)
        if _stands_alone(items[:at]) and _stands_alone(items[end:]):
            yield _Wording(WORDINGS[" ".join(wording)], at, end)
        at = end


def _says(items: Sequence[Item], words: Sequence[str]) -> bool:
    return len(items) == len(words) and all(map(_is_word, items, words))


def _is_word(item: Item, word: str) -> bool:
    return isinstance(item, Token) and item.kind is Kind.WORD and item.text.lower() == word


def _stands_alone(items: Sequence[Item]) -> bool:
    return bool(items) and not (len(items) == 1 and any(_is_word(items[0], a) for a in ARTICLES))


def _without_article(tokens: Sequence[Token]) -> Sequence[Token]:
    if len(tokens) > 1 and any(_is_word(tokens[0], article) for article in ARTICLES):
        return tokens[1:]
    return tokens
