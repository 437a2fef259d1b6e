"""The phrase table: what is in it, and how it is encoded."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest

from lexel.errors import CancelledError
from lexel.fields.phrases import compute_phrases, vocabulary
from lexel.io.names import check_label
from lexel.progress import Silent
from lexel.relevancy.background import BACKGROUND_LABELS
from lexel.scene import Scoring
from lexel.synthetic.catalogue import SYNONYMS, classes


@dataclass
class Letters:
    """A `PhraseEncoder` that counts letters, so that each phrase's row can be told."""

    dim: int = 26
    asked: list[int] = field(default_factory=list)

    def encode(self, phrases):
        self.asked.append(len(phrases))
        rows = [[1 + phrase.count(chr(97 + i)) for i in range(self.dim)] for phrase in phrases]
        counts = np.array(rows, np.float32)
        return counts / np.linalg.norm(counts, axis=1, keepdims=True)


def test_the_vocabulary_has_what_fields_ask_for():
    assert 4_500 <= len(vocabulary()) <= 6_000
    expected = {*classes(), *SYNONYMS, *SYNONYMS.values(), *BACKGROUND_LABELS, *Scoring().negatives}
    assert expected <= set(vocabulary())


def test_every_phrase_is_a_label_in_plain_lower_case_and_stands_once():
    assert len(set(vocabulary())) == len(vocabulary())
    for phrase in vocabulary():
        assert check_label(phrase) == phrase
        assert phrase == " ".join(phrase.lower().split())


def test_combinations_are_spelt_out():
    assert {"red mug", "wooden ladder", "open drawer", "somewhere to sit"} <= set(vocabulary())


def test_rows_are_the_phrases_company_first():
    phrases = compute_phrases(Letters(), company=["zebra crossing", "mug", "zebra crossing"])
    assert phrases.texts[:2] == ("zebra crossing", "mug")
    assert sorted(phrases.texts) == sorted({"zebra crossing", *vocabulary()})
    assert phrases.sentence is None
    assert phrases.clip.dtype == np.float16
    rows = [0, 1, 500, len(phrases.texts) - 1]
    expected = Letters().encode([phrases.texts[row] for row in rows])
    np.testing.assert_allclose(phrases.clip[rows], expected, atol=1e-3)


def test_both_encoders_are_asked_in_batches():
    clip, sentence = Letters(), Letters(dim=5)
    phrases = compute_phrases(clip, sentence)
    assert phrases.sentence is not None
    assert phrases.sentence.shape == (len(phrases.texts), 5)
    assert max(clip.asked) < 1000
    assert sum(clip.asked) == sum(sentence.asked) == len(phrases.texts)


def test_encoding_can_be_cancelled():
    class Impatient(Silent):
        def advance(self, steps: int = 1) -> None:
            raise CancelledError

    encoder = Letters()
    with pytest.raises(CancelledError):
        compute_phrases(encoder, progress=Impatient())
    assert len(encoder.asked) == 1
