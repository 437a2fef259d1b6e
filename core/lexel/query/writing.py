"""A query written as text that is parsed to the same query."""

from __future__ import annotations

from functools import lru_cache

from lexel.errors import LabelError
from lexel.query.language import parse
from lexel.query.tree import And, Ask, Node, Not, Or, Phrase, Query, Spatial
from lexel.query.wordings import ARTICLES, WORDINGS

# A phrase that begins or ends with one of these could be read together with its neighbour.
_EDGES = frozenset(ARTICLES) | {word for wording in WORDINGS for word in wording.split()}


def unparse(query: Query) -> str:
    """The text of a query: `parse(unparse(query)) == query`."""
    negatives = [_negative(phrase) for phrase in query.negatives]
    return "; ".join([*map(unparse_ask, query.asks), *filter(None, [" ".join(negatives)])])


def unparse_ask(ask: Ask) -> str:
    """The text of one thing that is looked for; also its name in a legend."""
    return " ".join([unparse_node(ask.want), *map(_negative, ask.negatives)])


def unparse_node(node: Node) -> str:
    """The text of a tree."""
    match node:
        case Phrase():
            return _phrase(node)
        case Not(part):
            return f"not {_inside(part, Phrase, Spatial, Not)}"
        case And(parts):
            return " and ".join(_inside(part, Phrase, Spatial, Not) for part in parts)
        case Or(parts):
            return " or ".join(_inside(part, Phrase, Spatial, Not, And) for part in parts)
        case Spatial(target, relation, reference):
            return f"{_side(target)} {relation} {_side(reference)}"


def _inside(node: Node, *bare: type) -> str:
    text = unparse_node(node)
    return text if isinstance(node, bare) else f"({text})"


def _side(node: Node) -> str:
    return f"the {_phrase(node)}" if isinstance(node, Phrase) else f"({unparse_node(node)})"


def _negative(phrase: Phrase) -> str:
    return f"-{_phrase(phrase)}"


def _phrase(phrase: Phrase) -> str:
    text = phrase.text if _is_plain(phrase.text) else _quoted(phrase.text)
    return text if phrase.weight == 1 else f"{text}^{_number(phrase.weight)}"


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _number(weight: float) -> str:
    return repr(int(weight)) if weight == int(weight) else repr(weight)


@lru_cache(4096)
def _is_plain(text: str) -> bool:
    """Whether the words mean themselves without quotes, whatever stands beside them."""
    words = text.lower().split()
    if not words or words[0] in _EDGES or words[-1] in _EDGES:
        return False
    try:
        return parse(text) == Query((Ask(Phrase(text)),))
    except LabelError:
        return False
