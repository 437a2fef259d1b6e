"""CLIP's byte-pair tokenizer: the same tokens as open_clip's, in plain Python."""

from __future__ import annotations

import itertools
import math
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lexel.query.text_cleaning import clean_text
from lexel.scene.field import Ints

_NUM_BYTES = 256
_FIRST_MERGE = 2 * _NUM_BYTES  # after every byte inside a word, and every byte at its end
_START, _END = "<start_of_text>", "<end_of_text>"
_FIXED = re.compile(f"{_START}|{_END}|'s|'t|'re|'ve|'m|'ll|'d", re.IGNORECASE)


def _byte_tokens() -> tuple[int, ...]:
    """Token of each byte: those that print come first in CLIP's vocabulary."""
    printed = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    order = printed + sorted(set(range(_NUM_BYTES)) - set(printed))
    return tuple(order.index(byte) for byte in range(_NUM_BYTES))


_BYTE_TOKENS = _byte_tokens()


@dataclass(frozen=True, eq=False)
class Tokenizer:
    """Text to tokens; `TowerWeights.merges` says which token is what.

    Attributes:
        rank: of a pair of tokens, its row among the merges.
        context_length: most tokens of a text, start and end included.
    """

    rank: Mapping[tuple[int, int], int]
    context_length: int

    @classmethod
    def of(cls, merges: Ints, context_length: int) -> Tokenizer:
        """From (M, 2) pairs, the first to be merged first."""
        first, second = merges.T.tolist()
        pairs = zip(first, second, strict=True)
        return cls(dict(zip(pairs, range(len(merges)), strict=True)), context_length)

    @property
    def start(self) -> int:
        """The token before every text."""
        return _FIRST_MERGE + len(self.rank)

    @property
    def end(self) -> int:
        """The token after every text."""
        return self.start + 1

    def encode(self, text: str) -> list[int]:
        """The tokens of a text from start to end; one that is too long keeps its beginning."""
        tokens = [self.start]
        for piece in _pieces(clean_text(text)):
            tokens += self._tokens(piece)
        return [*tokens[: self.context_length - 1], self.end]

    def _tokens(self, piece: str) -> list[int]:
        if piece in (_START, _END):
            return [self.start if piece == _START else self.end]
        word = [_BYTE_TOKENS[byte] for byte in piece.encode()]
        word[-1] += _NUM_BYTES
        while len(word) > 1:
            pairs = list(itertools.pairwise(word))
            best = min(pairs, key=lambda pair: self.rank.get(pair, math.inf))
            if best not in self.rank:
                break
            word = _joined(word, best, _FIRST_MERGE + self.rank[best])
        return word


def _joined(word: list[int], pair: tuple[int, int], token: int) -> list[int]:
    """`word` with every occurrence of the pair replaced, from the left."""
    joined: list[int] = []
    at = 0
    while at < len(word):
        if tuple(word[at : at + 2]) == pair:
            joined.append(token)
            at += 2
        else:
            joined.append(word[at])
            at += 1
    return joined


def _pieces(text: str) -> Iterator[str]:
    """Contractions, words, single digits and runs of other signs; blanks only separate."""
    at = 0
    while at < len(text):
        fixed = _FIXED.match(text, at)
        end = fixed.end() if fixed else _end_of_run(text, at)
        if not text[at].isspace():
            yield text[at:end]
        at = end


def _end_of_run(text: str, at: int) -> int:
    kind, end = _kind(text[at]), at + 1
    if kind != "number":
        while end < len(text) and _kind(text[end]) == kind:
            end += 1
    return end


def _kind(character: str) -> str:
    if character.isalpha():
        return "letter"
    if character.isspace():
        return "blank"
    return "number" if unicodedata.category(character).startswith("N") else "sign"
