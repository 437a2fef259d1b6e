"""Completion while typing: which of a field's phrases somebody may be about to type."""

from __future__ import annotations

import functools
from collections.abc import Sequence


def complete(typed: str, phrases: Sequence[str], limit: int = 8) -> list[int]:
    """Rows of the phrases that `typed` may become, the best first.

    First come phrases that begin with what was typed, then those of which a later word does, then
    those that hold its words apart ("cha off": "office chair"); in each case those of few words
    first, in their own order.

    Args:
        typed: the phrase so far; capitals and blanks do not count.
        phrases: such as `Phrases.texts`. A tuple is looked at once and remembered.
        limit: most rows to give.
    """
    begun = _key(typed)
    keys = _keys(tuple(phrases))
    rows = _rows_with(begun.split(), keys)
    return sorted(rows, key=lambda row: (*_rank(begun, keys[row]), row))[:limit]


def _rows_with(words: Sequence[str], keys: Sequence[str]) -> list[int]:
    """Rows in which every word is the beginning of one."""
    rows = list(range(len(keys))) if words else []
    for word in words:
        rows = [row for row in rows if f" {word}" in keys[row]]
    return rows


def _rank(begun: str, key: str) -> tuple[int, int]:
    place = 0 if key.startswith(begun) else 1 if begun in key else 2
    return place, key.count(" ")


@functools.lru_cache(maxsize=8)
def _keys(phrases: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(_key, phrases))


def _key(text: str) -> str:
    """Lower case, single blanks, one before each word: words begin where a blank stands."""
    return "".join(f" {word}" for word in text.lower().split())
