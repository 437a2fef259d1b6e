"""Vectors that the caller encodes: of phrases, and of things that are pointed at.

Letters: K codes, D numbers of an image-text vector, S of a sentence vector.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lexel.errors import EncoderError
from lexel.query.tree import Ask, Phrase, Query, phrases_of


@dataclass(frozen=True, eq=False)
class TextVectors:
    """Encoded phrases, of any length each; row i belongs to text i.

    Attributes:
        texts: as `texts_to_encode` gave them; more do no harm.
        visual: (P, D), by the field's image-text encoder.
        sentence: (P, S), by its sentence encoder; None: the sentence half is left out.
    """

    texts: tuple[str, ...]
    visual: npt.NDArray[np.floating]
    sentence: npt.NDArray[np.floating] | None = None

    def __post_init__(self) -> None:
        for half in (self.visual, self.sentence):
            if half is not None and (half.ndim != 2 or len(half) != len(self.texts)):
                raise EncoderError(
                    "there must be one vector for each text",
                    got=f"{half.shape} for {len(self.texts)} texts",
                )


@dataclass(frozen=True, eq=False)
class Example:
    """Something that is pointed at instead of named.

    Attributes:
        name: for legends.
        visual: (D,) image-text vector: of an image, or a mean of codes.
        sentence: (S,), where there is one.
    """

    name: str
    visual: npt.NDArray[np.floating]
    sentence: npt.NDArray[np.floating] | None = None


def texts_to_encode(query: Query, negatives: Iterable[str]) -> tuple[str, ...]:
    """Every text an engine needs for a query asked with these negatives, once each."""
    wanted = [phrase for ask in query.asks for phrase in phrases_of(ask.want)]
    unwanted = [phrase for ask in query.asks for phrase in ask.negatives]
    texts = (phrase.text for phrase in (*wanted, *unwanted, *query.negatives))
    return tuple(dict.fromkeys([*texts, *negatives]))


def negatives_of(ask: Ask, query: Query, negatives: Iterable[str]) -> tuple[Phrase, ...]:
    """Everything that one thing must not be taken for, its own negatives first."""
    return (*ask.negatives, *query.negatives, *map(Phrase, negatives))
