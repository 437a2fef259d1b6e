"""Phrases as vectors in a field's spaces, from whatever is quickest and at hand.

First the field's own table of phrases, then its text tower in numpy, then the encoder itself.
All three give the same vectors, as they are made of the same weights. Where towers and encoders
come from differs – Blender has no torch – so they are passed in.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from typing import Protocol

import numpy as np

from lexel.errors import EncoderError, WeightsError
from lexel.io.fields.stored import StoredField
from lexel.io.names import check_label
from lexel.pipelines.remembered import Remembered
from lexel.progress import Progress
from lexel.query.text_tower import TextTower, TowerPhrases, TowerSentences
from lexel.query.vectors import TextVectors
from lexel.scene import PhraseEncoder, SentenceEncoder, SentenceModel, TowerWeights
from lexel.scene.field import Floats

TABLE, TOWER, TORCH = "table", "tower", "torch"
_REMEMBERED = 10_000  # some 20 MB; a service runs for weeks


class Encoders(Protocol):
    """Where one field's encoders come from; each method raises when it has none."""

    def text_tower(self) -> TowerWeights:
        """The text tower that the field names; else a `WeightsError`."""

    def phrases(self, no_tower: WeightsError) -> PhraseEncoder:
        """The field's encoder itself; else a `WeightsError`, such as `no_tower`, or
        an `EncoderError`."""

    def sentences(self, wanted: SentenceEncoder) -> SentenceModel:
        """The sentence model that the field names; else a `WeightsError` or `EncoderError`.
        When it cannot encode for now it raises an `EncoderError`, and is asked again later."""


class FieldWords:
    """Encodes phrases for one field, for several threads at once; what was encoded is remembered.

    Attributes:
        used: where vectors came from so far: `TABLE`, `TOWER`, `TORCH`.
    """

    def __init__(self, field: StoredField, encoders: Encoders, progress: Progress) -> None:
        self._field, self._encoders, self._progress = field, encoders, progress
        self._visual, self._sentence = Remembered(_REMEMBERED), Remembered(_REMEMBERED)
        self._loading = threading.RLock()
        self._tower: TextTower | None = None
        self._encoder: PhraseEncoder | None = None
        phrases = field.phrases
        self._rows = {} if phrases is None else {t: i for i, t in enumerate(phrases.texts)}
        self.used: set[str] = set()

    @cached_property
    def known(self) -> tuple[str, ...]:
        """Phrases that are one thing, whatever words stand in them."""
        return (*self._rows, *(thing.label for thing in self._field.instances))

    def encode(self, texts: Sequence[str], *, sentence: bool) -> TextVectors:
        """Vectors of texts; without the sentence half where it is not wanted or not to be had.

        Raises:
            LabelError: a text is no phrase.
            WeightsError: a phrase is not in the table, and nothing here can encode it.
        """
        visual = self._visual.recall(texts)
        new = [check_label(text) for text in texts if text not in visual]
        visual |= self._look_up(new)
        if missing := [text for text in new if text not in visual]:
            visual |= zip(missing, self._visual_encoder().encode(missing), strict=True)
        self._visual.keep({text: visual[text] for text in new})
        return TextVectors(
            tuple(texts),
            np.stack([visual[text] for text in texts]),
            self._sentences(texts) if sentence else None,
        )

    def _look_up(self, texts: Sequence[str]) -> dict[str, Floats]:
        """Vectors of those texts that are in the field's table."""
        table, found = self._field.phrases, [text for text in texts if text in self._rows]
        if table is None or not found:
            return {}
        self.used.add(TABLE)
        return {text: table.clip[self._rows[text]].astype(np.float32) for text in found}

    def _look_up_sentences(self, texts: Sequence[str]) -> dict[str, Floats]:
        table = self._field.phrases
        if table is None or table.sentence is None:
            return {}
        found = [text for text in texts if text in self._rows]
        return {text: table.sentence[self._rows[text]].astype(np.float32) for text in found}

    def _visual_encoder(self) -> PhraseEncoder:
        with self._loading:
            if self._encoder is None:
                prompts = self._field.info.encoder.prompts
                try:
                    self._encoder = TowerPhrases(self._load_tower(), prompts)
                    self.used.add(TOWER)
                except WeightsError as no_tower:
                    self._encoder = self._encoders.phrases(no_tower)
                    self.used.add(TORCH)
            return self._encoder

    def _load_tower(self) -> TextTower:
        if self._tower is None:
            self._tower = TextTower.of(self._encoders.text_tower())
        return self._tower

    def _sentences(self, texts: Sequence[str]) -> Floats | None:
        known = self._sentence.recall(texts)
        new = [text for text in texts if text not in known]
        known |= self._look_up_sentences(new)
        if missing := [text for text in new if text not in known]:
            try:
                known |= zip(missing, self._encode_sentences(missing), strict=True)
            except EncoderError as error:
                self._progress.say(f"The sentence half is left out: {error}")
                return None
        self._sentence.keep({text: known[text] for text in new})
        return np.stack([known[text] for text in texts])

    def _encode_sentences(self, texts: Sequence[str]) -> Floats:
        with self._loading:
            model = self._sentence_model
        if model is None:
            raise EncoderError(f"nothing here encodes {texts[0]!r} for it")
        return model.encode(texts)

    @cached_property
    def _sentence_model(self) -> SentenceModel | None:
        """The field's own: the head of its text tower, or a model on this computer."""
        wanted = self._field.info.sentence_encoder
        if wanted is None:
            return None
        for load in (self._tower_sentences, self._encoders.sentences):
            with suppress(WeightsError, EncoderError):
                model = load(wanted)
                own = model.identity
                # A packed field does not know the sum of the weights its features came from.
                if own == replace(wanted, sha256=wanted.sha256 or own.sha256):
                    return model
        return None

    def _tower_sentences(self, wanted: SentenceEncoder) -> SentenceModel:
        return TowerSentences.of(self._load_tower())
