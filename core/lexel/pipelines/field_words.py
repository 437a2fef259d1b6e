"""Phrases as vectors in a field's spaces, from whatever is quickest and at hand.

First the field's own table of phrases, then its text tower in numpy, then the encoder in torch.
All three give the same vectors, as they are made of the same weights.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cached_property

import numpy as np

from lexel.encoders.text_tower_files import load_text_tower_of
from lexel.encoders.weights.catalogue import parse_encoder_name
from lexel.encoders.weights.embedded import EMBEDDED, TRAINING
from lexel.errors import EncoderError, WeightsError
from lexel.io.fields import StoredField
from lexel.io.names import check_label
from lexel.pipelines.remembered import Remembered
from lexel.progress import Progress
from lexel.query.text_tower import TextTower, TowerPhrases, TowerSentences
from lexel.query.vectors import TextVectors
from lexel.scene import FieldEncoder, PhraseEncoder, SentenceEncoder, SentenceModel
from lexel.scene.field import Floats

TABLE, TOWER, TORCH = "table", "tower", "torch"
_REMEMBERED = 10_000  # some 20 MB; a service runs for weeks


class FieldWords:
    """Encodes phrases for one field, for several threads at once; what was encoded is remembered.

    Attributes:
        used: where vectors came from so far: `TABLE`, `TOWER`, `TORCH`.
    """

    def __init__(self, field: StoredField, device: str, progress: Progress) -> None:
        self._field, self._device, self._progress = field, device, progress
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
                    self._encoder = self._torch_encoder(no_tower)
                    self.used.add(TORCH)
            return self._encoder

    def _load_tower(self) -> TextTower:
        if self._tower is None:
            self._tower = TextTower.of(load_text_tower_of(self._field.info.encoder))
        return self._tower

    def _torch_encoder(self, no_tower: WeightsError) -> PhraseEncoder:
        from lexel.encoders.clip import load_encoder
        from lexel.encoders.phrases import ClipPhrases
        from lexel.pipelines.device import pick_device

        told = self._field.info.encoder
        name = _name_of(told)
        if name is None:
            raise no_tower
        encoder = load_encoder(name, device=pick_device(self._device), progress=self._progress)
        if told.sha256 and encoder.identity.sha256 != told.sha256:
            raise EncoderError(
                "this field was built with other weights than those on this computer",
                where=name,
                do="Ask it where it was built, or build it again.",
            )
        return ClipPhrases(encoder, told.prompts)

    def _sentences(self, texts: Sequence[str]) -> Floats | None:
        known = self._sentence.recall(texts)
        new = [text for text in texts if text not in known]
        known |= self._look_up_sentences(new)
        if missing := [text for text in new if text not in known]:
            with self._loading:
                model = self._sentence_model
            if model is None:
                self._progress.say(
                    f"The sentence half is left out: nothing here encodes {missing[0]!r} for it."
                )
                return None
            known |= zip(missing, model.encode(missing), strict=True)
        self._sentence.keep({text: known[text] for text in new})
        return np.stack([known[text] for text in texts])

    @cached_property
    def _sentence_model(self) -> SentenceModel | None:
        """The field's own: the head of its text tower, or a model on this computer."""
        wanted = self._field.info.sentence_encoder
        if wanted is None:
            return None
        for load in (self._tower_sentences, self._sentence_transformer):
            with suppress(WeightsError, EncoderError):
                model = load(wanted)
                own = model.identity
                # A packed field does not know the sum of the weights its features came from.
                if own == replace(wanted, sha256=wanted.sha256 or own.sha256):
                    return model
        return None

    def _tower_sentences(self, wanted: SentenceEncoder) -> SentenceModel:
        return TowerSentences.of(self._load_tower())

    def _sentence_transformer(self, wanted: SentenceEncoder) -> SentenceModel:
        from lexel.encoders.sentence import load_sentence_encoder
        from lexel.encoders.weights.sentence_models import PACKAGE, model_called
        from lexel.pipelines.device import pick_device

        # The name is from somebody's file: it may not become a path.
        name = PACKAGE if wanted.name == PACKAGE else model_called(wanted.name)
        return load_sentence_encoder(name, device=pick_device(self._device))


def _name_of(encoder: FieldEncoder) -> str | None:
    """What `load_encoder` calls it; None for random numbers and for somebody's own file."""
    if encoder.pretrained == TRAINING:
        return EMBEDDED
    try:
        return str(parse_encoder_name(f"{encoder.name}/{encoder.pretrained}"))
    except WeightsError:
        return None
