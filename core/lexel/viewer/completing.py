"""Which phrase is being typed, and what it may become."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lexel.pipelines.ask import AskableField
from lexel.query.language import parse
from lexel.query.typing import complete
from lexel.query.wordings import WORDINGS

_WORDS = "|".join(re.escape(wording) for wording in sorted(WORDINGS, key=len, reverse=True))
# What stands before a phrase: the beginning, a separator, a negative's sign, an operator or a
# relation; an article does not belong to it.
_BEFORE = re.compile(
    rf'(?:^|[;\n(|"]|(?<=\s)-|^-|\s(?:{_WORDS}|and|or|not)\s|^not\s)\s*(?:(?:the|a|an)\s)?',
    re.IGNORECASE,
)
_AFTER = re.compile(r'[;\n)|^"]|\s-')


@dataclass(frozen=True)
class Typed:
    """The phrase around the cursor: `text[start:end]`."""

    text: str
    start: int
    end: int

    @property
    def phrase(self) -> str:
        return self.text[self.start : self.end]

    def with_phrase(self, phrase: str) -> tuple[str, int]:
        """The text with another phrase in this place, and where the cursor goes."""
        rest = self.text[self.end :]
        return self.text[: self.start] + phrase + rest, self.start + len(phrase)


def phrase_at(text: str, cursor: int) -> Typed:
    """The phrase that ends at the cursor, or goes on behind it."""
    start = 0
    for match in _BEFORE.finditer(text, 0, cursor):
        start = match.end()
    after = _AFTER.search(text, cursor)
    end = len(text) if after is None else after.start()
    return Typed(text, start, max(end, start))


def prepare_typing(field: AskableField) -> None:
    """Index a field's phrases, so that the first letter need not wait for it."""
    word = "a"
    parse(word, field.known_phrases)
    if field.stored.phrases is not None:
        suggest(word, len(word), field.stored.phrases.texts)


def suggest(text: str, cursor: int, phrases: Sequence[str], limit: int = 8) -> list[str]:
    """Phrases that may be meant, the best first; none where one stands there in full."""
    typed = phrase_at(text, cursor).phrase.strip()
    if not typed:
        return []
    found = [phrases[row] for row in complete(typed, phrases, limit)]
    return [] if found and found[0].casefold() == typed.casefold() and len(found) == 1 else found
