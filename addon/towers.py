"""Any words without torch: the text tower a field names, wherever it lies on this computer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lexel.errors import EncoderError, WeightsError
from lexel.io.hashing import sha256_of
from lexel.io.text_towers import is_tower_name, load_text_tower
from lexel.scene import FieldInfo, PhraseEncoder, SentenceEncoder, SentenceModel, TowerWeights

from .places import cache_folder

SHIPPED = Path(__file__).with_name("words")


class NumpyEncoders:
    """`lexel.pipelines.field_words.Encoders` of a field where numpy is all there is.

    A tower is looked for in the file the user chose, in the extension, and in Lexel's cache; its
    sha256 must be the one that the field names, or words would mean something else.
    """

    def __init__(self, info: FieldInfo, chosen: Path | None = None) -> None:
        self._told, self._chosen = info.encoder, chosen

    def text_tower(self) -> TowerWeights:
        tower = self._told.text_tower
        if tower is None:
            raise WeightsError(
                "this field names no text tower, so only its own phrases can be asked here",
                do="Ask it through Lexel's service, or build it again.",
            )
        for path in self._candidates():
            if path.is_file() and sha256_of(path) == tower.sha256:
                return load_text_tower(path)
        raise WeightsError(
            "the text tower that this field was built with is not on this computer, so only its "
            "own phrases can be asked",
            where=self._chosen,
            got=tower.file,
            do="Run: lexel weights get "
            f"text/{self._told.name}/{self._told.pretrained} – or choose the file by hand.",
        )

    def phrases(self, no_tower: WeightsError) -> PhraseEncoder:
        raise no_tower

    def sentences(self, wanted: SentenceEncoder) -> SentenceModel:
        raise EncoderError("there is no sentence model here", got=wanted.name)

    def _candidates(self) -> Iterator[Path]:
        if self._chosen is not None:
            yield self._chosen
        tower = self._told.text_tower
        if tower is not None and is_tower_name(tower.file):
            yield SHIPPED / tower.file
            yield cache_folder() / "text" / tower.file
