"""Words that numpy cannot encode here, encoded by Lexel's service."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lexel.errors import CancelledError, EncoderError, InputError, LexelError, WeightsError
from lexel.scene import FieldInfo, PhraseEncoder, SentenceEncoder, SentenceModel, TowerWeights
from lexel.scene.field import Floats

from .service import Service
from .towers import NumpyEncoders


@dataclass(frozen=True, eq=False)
class ServedEncoders:
    """`lexel.pipelines.field_words.Encoders` of a field: what numpy can, then the service."""

    field: Path
    info: FieldInfo
    own: NumpyEncoders
    service: Service

    def text_tower(self) -> TowerWeights:
        return self.own.text_tower()

    def phrases(self, no_tower: WeightsError) -> PhraseEncoder:
        return _ServedPhrases(self, no_tower)

    def sentences(self, wanted: SentenceEncoder) -> SentenceModel:
        return _ServedSentences(self, wanted)


@dataclass(frozen=True, eq=False)
class _ServedPhrases:
    served: ServedEncoders
    no_tower: WeightsError

    def encode(self, phrases: Sequence[str]) -> Floats:
        served = self.served
        try:
            vectors = served.service.encode(served.field, served.info, phrases, sentence=False)
        except CancelledError:
            raise
        except LexelError as error:
            raise WeightsError(
                f"{self.no_tower.what}; the service was asked, too: {error.what}",
                got=self.no_tower.got,
                do=" ".join(filter(None, (self.no_tower.do, error.do))),
            ) from error
        return _checked(vectors, len(phrases), served.info.encoder.dim)


@dataclass(frozen=True, eq=False)
class _ServedSentences:
    served: ServedEncoders
    identity: SentenceEncoder

    def encode(self, phrases: Sequence[str]) -> Floats:
        served, dim = self.served, self.served.info.encoder.dim
        try:
            both = served.service.encode(served.field, served.info, phrases, sentence=True)
        except CancelledError:
            raise
        except LexelError as error:  # then this half is left out, aloud
            raise EncoderError(error.what, got=error.got, do=error.do) from error
        return _checked(both, len(phrases), dim + self.identity.dim)[:, dim:]


def _checked(vectors: Floats, count: int, dim: int) -> Floats:
    """A service that lies must not show as something that was found."""
    if vectors.shape != (count, dim) or not np.isfinite(vectors).all():
        raise InputError(
            f"the service should have given {count} vectors of {dim} finite numbers",
            got=vectors.shape,
            do="Install the same version of Lexel on both sides.",
        )
    return vectors
