"""The encoders of this computer for one field: towers of the cache, and torch where needed."""

from __future__ import annotations

from lexel.encoders.text_tower_files import load_text_tower_of
from lexel.encoders.weights.catalogue import parse_encoder_name
from lexel.encoders.weights.embedded import EMBEDDED, TRAINING
from lexel.errors import EncoderError, WeightsError
from lexel.progress import Progress
from lexel.scene import (
    FieldEncoder,
    FieldInfo,
    PhraseEncoder,
    SentenceEncoder,
    SentenceModel,
    TowerWeights,
)


class InstalledEncoders:
    """`lexel.pipelines.field_words.Encoders` of a field, whatever `device` torch runs on."""

    def __init__(self, info: FieldInfo, device: str, progress: Progress) -> None:
        self._told, self._device, self._progress = info.encoder, device, progress

    def text_tower(self) -> TowerWeights:
        return load_text_tower_of(self._told)

    def phrases(self, no_tower: WeightsError) -> PhraseEncoder:
        from lexel.encoders.clip import load_encoder
        from lexel.encoders.phrases import ClipPhrases
        from lexel.pipelines.device import pick_device

        name = _name_of(self._told)
        if name is None:
            raise no_tower
        encoder = load_encoder(name, device=pick_device(self._device), progress=self._progress)
        if self._told.sha256 and encoder.identity.sha256 != self._told.sha256:
            raise EncoderError(
                "this field was built with other weights than those on this computer",
                where=name,
                do="Ask it where it was built, or build it again.",
            )
        return ClipPhrases(encoder, self._told.prompts)

    def sentences(self, wanted: SentenceEncoder) -> SentenceModel:
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
