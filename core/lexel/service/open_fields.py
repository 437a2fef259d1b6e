"""The fields that the service has open, and the encoders they speak."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lexel.errors import InputError
from lexel.io.fields.layout import MANIFEST
from lexel.io.hashing import sha256_of
from lexel.io.json_files import read_json_object
from lexel.pipelines.ask import AskableField, open_field
from lexel.progress import Progress
from lexel.service.faults import NotHere
from lexel.service.protocol import OpenedField

_MOST = 32  # a field holds its codes in memory
_ID_LETTERS = 16


@dataclass(frozen=True, eq=False)
class Held:
    """A field, ready to be asked."""

    id: str
    askable: AskableField

    @property
    def encoder(self) -> str:
        told = self.askable.stored.info.encoder
        return f"{told.name}/{told.pretrained}"

    def opened(self) -> OpenedField:
        stored = self.askable.stored
        field = read_json_object(stored.path / MANIFEST)
        return OpenedField(self.id, str(stored.path), stored.sha256, field)

    def brief(self) -> dict[str, Any]:
        stored = self.askable.stored
        return {
            "id": self.id,
            "name": stored.info.name,
            "path": str(stored.path),
            "num_points": stored.num_points,
            "num_codes": stored.num_codes,
        }

    def spoken(self) -> dict[str, Any]:
        """Its encoder, for `Hello`."""
        info = self.askable.stored.info
        sentence = info.sentence_encoder
        return {
            "name": self.encoder,
            "dim": info.encoder.dim,
            "sentence_dim": None if sentence is None else sentence.dim,
            "prompts": list(info.encoder.prompts),
        }


class OpenFields:
    """Fields by id; the one longest unused is closed when there are too many.

    Args:
        device: where torch encodes phrases, if nothing quicker can.
        progress: told of what is used.
    """

    def __init__(self, device: str, progress: Progress) -> None:
        self._device, self._progress = device, progress
        self._held: OrderedDict[str, Held] = OrderedDict()
        self._lock = threading.Lock()

    def open(self, path: str) -> Held:
        """The field at a path; anew if its `field.json` has changed.

        Raises:
            InputError: it is no whole path, or there is no field, or it is broken.
        """
        place = Path(path)
        if not place.is_absolute():
            raise InputError("should be a whole path", where="path", got=path)
        try:
            place = place.resolve()
        except (OSError, ValueError) as cause:  # ValueError: a NUL in the path
            raise InputError("cannot be read", where="path", got=path) from cause
        name = hashlib.sha256(str(place).encode("utf-8", "replace")).hexdigest()[:_ID_LETTERS]
        held = self._held.get(name)
        if held is None or not _is_current(held):
            held = Held(name, open_field(place, device=self._device, progress=self._progress))
            held.askable.engine  # noqa: B018 - prepared here, not when somebody types
        self._keep(held)
        return held

    def get(self, name: str) -> Held:
        """An open field."""
        with self._lock:
            if name not in self._held:
                raise NotHere("there is no such open field", name, "Open it: POST /v1/fields.")
            self._held.move_to_end(name)
            return self._held[name]

    def speaking(self, encoder: str) -> Held:
        """A field of this encoder."""
        for held in reversed(self.all()):
            if held.encoder == encoder:
                return held
        known = ", ".join(sorted({held.encoder for held in self.all()})) or "none"
        raise NotHere(
            "no open field speaks this encoder", encoder, f"Open one of it. Now there are: {known}."
        )

    def all(self) -> list[Held]:
        with self._lock:
            return list(self._held.values())

    def _keep(self, held: Held) -> None:
        with self._lock:
            self._held[held.id] = held
            self._held.move_to_end(held.id)
            while len(self._held) > _MOST:
                self._held.popitem(last=False)


def _is_current(held: Held) -> bool:
    stored = held.askable.stored
    try:
        return sha256_of(stored.path / MANIFEST) == stored.sha256
    except OSError:
        return False
