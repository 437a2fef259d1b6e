"""Words encoded by a service (`lexel view FIELD --connect URL`): no torch is needed here."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np

from lexel.errors import EncoderError, InputError, WeightsError
from lexel.io.fields.stored import open_field as open_stored
from lexel.pipelines.askable import AskableField
from lexel.pipelines.device import AUTO
from lexel.pipelines.field_words import FieldWords
from lexel.pipelines.installed_encoders import InstalledEncoders
from lexel.progress import Progress
from lexel.scene import FieldInfo, PhraseEncoder, SentenceEncoder, SentenceModel, TowerWeights
from lexel.scene.field import Floats
from lexel.service.address import Address, load_address
from lexel.service.client import Client, ServiceError
from lexel.service.protocol import Encode
from lexel.service.wire import ProtocolError

TOKEN_VARIABLE = "LEXEL_TOKEN"
_HERE = ("127.0.0.1", "localhost")
_LIKE = "It is like http://127.0.0.1:PORT; a service elsewhere is reached through a tunnel."


@dataclass(frozen=True, eq=False)
class Served:
    """A service that encodes words; its one connection is used by one thread at a time."""

    client: Client
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def open_field(self, path: Path, progress: Progress) -> AskableField:
        """A field of this computer, asked with the service's encoders where its towers lack."""
        stored = open_stored(path)
        own = InstalledEncoders(stored.info, AUTO, progress)
        return AskableField(
            stored, FieldWords(stored, _Encoders(path, stored.info, own, self), progress)
        )

    def encode(self, path: Path, info: FieldInfo, phrases: Sequence[str], sentence: bool) -> Floats:
        """(P, D) by a field's encoder, or (P, D + S) with its sentence model."""
        name = f"{info.encoder.name}/{info.encoder.pretrained}"
        try:
            with self._lock:
                self.client.open_field(path.resolve())
                vectors = self.client.encode(Encode(name, tuple(phrases), sentence))
        except ServiceError as error:
            fault = error.fault
            raise EncoderError(fault.what, got=fault.got, do=fault.do) from error
        if len(vectors) != len(phrases) or not np.isfinite(vectors).all():
            raise EncoderError("the service gave no vectors for these words", got=vectors.shape)
        return vectors


def connect(url: str) -> Served:
    """A service by its address; its token is in its `service.json`, or in `LEXEL_TOKEN`.

    Raises:
        InputError: nobody answers there, or no token is known.
    """
    try:
        parts = urlsplit(url)
        good = parts.scheme == "http" and parts.hostname in _HERE and parts.port
    except ValueError:
        good = None
    if not good:
        raise InputError("this is no address of a service", got=url, do=_LIKE)
    client = Client(_address(int(good), url))
    try:
        client.greet()
    except ServiceError as error:
        client.close()
        raise InputError(error.fault.what, where=url, do=error.fault.do) from error
    return Served(client)


def _address(port: int, url: str) -> Address:
    if token := os.environ.get(TOKEN_VARIABLE):
        return Address(port, os.getpid(), "", token)
    try:
        own = load_address()
    except (OSError, ProtocolError):
        own = None
    if own is None or own.port != port:
        do = f"Start lexel serve, or set {TOKEN_VARIABLE}."
        raise InputError("the token of this service is not known", where=url, do=do)
    return own


@dataclass(frozen=True, eq=False)
class _Encoders:
    """`lexel.pipelines.field_words.Encoders`: the towers of this computer, then the service."""

    path: Path
    info: FieldInfo
    own: InstalledEncoders
    served: Served

    def text_tower(self) -> TowerWeights:
        return self.own.text_tower()

    def phrases(self, no_tower: WeightsError) -> PhraseEncoder:
        return _Phrases(self)

    def sentences(self, wanted: SentenceEncoder) -> SentenceModel:
        return _Sentences(self, wanted)


@dataclass(frozen=True, eq=False)
class _Phrases:
    encoders: _Encoders

    def encode(self, phrases: Sequence[str]) -> Floats:
        own = self.encoders
        return own.served.encode(own.path, own.info, phrases, False)


@dataclass(frozen=True, eq=False)
class _Sentences:
    encoders: _Encoders
    identity: SentenceEncoder

    def encode(self, phrases: Sequence[str]) -> Floats:
        own = self.encoders
        both = own.served.encode(own.path, own.info, phrases, True)
        return both[:, own.info.encoder.dim :]
