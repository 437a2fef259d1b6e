"""Cosines of a codebook with everything that is asked for. Letters: K codes, P texts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lexel.errors import EncoderError, LabelError
from lexel.geometry.vectors import unit_rows
from lexel.query.tree import Phrase
from lexel.query.vectors import Example, TextVectors
from lexel.scene import Modality
from lexel.scene.field import Floats

Check = Callable[[], None]
_BLOCK = 16_384  # codes multiplied at a time, between two looks whether a newer query came


@dataclass(frozen=True, eq=False)
class Group:
    """The codes of one modality.

    Attributes:
        codes: their rows; a slice where all codes are of this modality.
        used: rows of those that points have, by which the others are read: what tells finer and
            coarser regions only stands for no point of its own.
        span: how far a phrase's cosines typically rise among them, 0 if unknown.
    """

    modality: Modality
    codes: npt.NDArray[np.intp] | slice
    used: npt.NDArray[np.intp] | slice
    span: float


@dataclass(frozen=True, eq=False)
class Rows:
    """A codebook cast for asking.

    Attributes:
        visual: (K, D) float32 unit rows.
        sentence: (K, S) float32 unit rows, zeros where a code has none; None: no code has.
        has_sentence: (K,) bool.
    """

    visual: Floats
    sentence: Floats | None
    has_sentence: npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Cosines:
    """Of texts with all codes, (K,) each.

    Attributes:
        visual: by text, with the image-text vectors.
        sentence: by text, with the sentence vectors, for the texts that have one.
        has_sentence: (K,) bool, codes that have a sentence vector.
        balance: share of the sentence half; 0 if no text has one.
    """

    visual: Mapping[str, Floats]
    sentence: Mapping[str, Floats]
    has_sentence: npt.NDArray[np.bool_]
    balance: float

    def halves(self, text: str) -> Sequence[Mapping[str, Floats]]:
        """The halves that count for a text."""
        return (self.visual, self.sentence) if text in self.sentence else (self.visual,)


def example_phrase(number: int) -> Phrase:
    """What stands for an example in trees and among texts; no typed phrase has a line break."""
    return Phrase(f"example\n{number}")


def compute_cosines(
    rows: Rows,
    needed: Sequence[str],
    texts: TextVectors,
    examples: Sequence[Example],
    balance: float,
    check: Check,
) -> Cosines:
    """Cosines of the needed texts and the examples with all codes.

    Raises:
        LabelError: a text was not encoded.
        EncoderError: vectors of another encoder.
    """
    at = {text: row for row, text in enumerate(texts.texts)}
    if missing := [text for text in needed if text not in at]:
        raise LabelError(
            "a phrase was not encoded", got=missing[0], do="Encode `texts_to_encode` first."
        )
    chosen = np.array([at[text] for text in needed], np.intp)
    visual = dict(zip(needed, texts.visual[chosen], strict=True))
    visual |= {example_phrase(i).text: e.visual for i, e in enumerate(examples)}
    sentence = {}
    if balance > 0 and rows.sentence is not None and texts.sentence is not None:
        sentence = dict(zip(needed, texts.sentence[chosen], strict=True))
        pointed = enumerate(e.sentence for e in examples)
        sentence |= {example_phrase(i).text: row for i, row in pointed if row is not None}
    return Cosines(
        dict(_products(rows.visual, visual, "visual", check)),
        {}
        if rows.sentence is None
        else dict(_products(rows.sentence, sentence, "sentence", check)),
        rows.has_sentence,
        balance if sentence else 0.0,
    )


def _products(
    codes: Floats, vectors: Mapping[str, npt.NDArray[np.floating]], what: str, check: Check
) -> Iterator[tuple[str, Floats]]:
    """Cosines (K,) of each vector with unit codes (K, D)."""
    if not vectors:
        return
    rows = _checked(vectors, codes.shape[1], what)
    products = np.empty((len(rows), len(codes)), np.float32)
    for start in range(0, len(codes), _BLOCK):
        check()
        block = slice(start, start + _BLOCK)
        products[:, block] = rows @ codes[block].T
    yield from zip(vectors, products, strict=True)


def _checked(vectors: Mapping[str, npt.NDArray[np.floating]], dim: int, what: str) -> Floats:
    """(P, dim) unit rows of vectors that came from outside."""
    for vector in vectors.values():
        if np.shape(vector) != (dim,):
            raise EncoderError(
                f"the {what} vectors do not fit this field",
                got=f"{np.shape(vector)} instead of {(dim,)}",
                do="Encode with the encoder that the field names.",
            )
    rows = unit_rows(list(vectors.values()))
    if not np.isfinite(rows).all():
        raise EncoderError(f"the {what} vectors hold numbers that are none")
    return rows
