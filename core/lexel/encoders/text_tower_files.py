"""Text tower files in the cache, beside the weights they were made from.

    CACHE/text/text-ARCH-TAG.safetensors             of an encoder that has a name
    CACHE/text/text-NAME-TAG-DIGEST.safetensors      of any other; DIGEST tells their weights apart

The same weights give the same bytes on every computer, so a field may name its tower by sha256.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING

from lexel.encoders.text_tower import text_tower_of
from lexel.encoders.weights.bring import copy_into, is_url, wrong_copy
from lexel.encoders.weights.cache import (
    Record,
    StoredFile,
    cache_folder,
    read_stored,
    write_record,
)
from lexel.encoders.weights.catalogue import TEXT_PREFIX, parse_encoder_name
from lexel.encoders.weights.download import Patience
from lexel.errors import WeightsError
from lexel.io.hashing import sha256_of
from lexel.io.text_towers import is_tower_name, load_text_tower, save_text_tower
from lexel.progress import Progress
from lexel.scene import FieldEncoder, SentenceHead, TextTower, TowerWeights

if TYPE_CHECKING:
    from lexel.encoders.clip import ClipEncoder

_DIGEST_LETTERS = 12


def store_text_tower(encoder: ClipEncoder, sentence_head: SentenceHead | None = None) -> TextTower:
    """The encoder's text tower file in the cache, written unless it is there.

    Raises:
        EncoderError: the text tower runs with torch only.
    """
    weights = text_tower_of(encoder, sentence_head)
    origin = _origin(weights)
    path = _folder() / _file_name(weights, origin)
    stored = read_stored(path)
    if stored is None or stored.record.source != origin or _resized(stored):
        stored = _write(path, weights, origin)
    return TextTower(path.name, stored.record.sha256)


def store_embedded_tower() -> Path:
    """The embedded encoder's file in the cache, with its sentence head: what its fields name."""
    from lexel.encoders.clip import load_encoder
    from lexel.encoders.sentence import load_package_sentences
    from lexel.encoders.weights.embedded import EMBEDDED

    encoder = load_encoder(EMBEDDED)
    return _folder() / store_text_tower(encoder, load_package_sentences(encoder).head).file


def load_text_tower_of(encoder: FieldEncoder) -> TowerWeights:
    """The text tower that a field names, from the cache.

    Raises:
        WeightsError: the field names none, or it is not on this computer.
    """
    tower, name = encoder.text_tower, f"{TEXT_PREFIX}{encoder.name}/{encoder.pretrained}"
    if tower is None:
        raise WeightsError(
            "this field names no text tower",
            do="Ask it where torch and the encoder's weights are, or build it again.",
        )
    path = _folder() / tower.file if is_tower_name(tower.file) else None
    stored = read_stored(path) if path else None
    if stored is None or stored.record.sha256 != tower.sha256 or _resized(stored):
        raise WeightsError(
            "the text tower that this field was built with is not on this computer",
            got=tower.file,
            do=f"Get it: lexel weights get {name}"
            if _is_published(encoder.name, encoder.pretrained)
            else f"Bring it from where it was built: lexel weights get {name} --from {tower.file}",
        )
    return load_text_tower(stored.path)


def fetch_text_tower(
    name: str,
    source: str | Path | None,
    sha256: str | None,
    progress: Progress,
    patience: Patience,
) -> list[Path]:
    """`weights.fetch` for names that start with `text/`: `source` is a file, or None for making it
    from the encoder's weights, which are fetched where they are missing."""
    if source is None:
        from lexel.encoders.clip import load_encoder
        from lexel.encoders.weights.fetch import fetch

        encoder = name.removeprefix(TEXT_PREFIX)
        fetch(encoder, None, progress, patience=patience)
        tower = store_text_tower(load_encoder(encoder, progress=progress))
        if sha256 and tower.sha256 != sha256:
            raise wrong_copy(_folder() / tower.file, tower.sha256)
        return [_folder() / tower.file]
    if is_url(source):
        raise WeightsError("text towers are not downloaded", got=source, do="Give a file.")
    origin = Path(source).expanduser()
    weights = load_text_tower(origin)
    target = _folder() / _file_name(weights, _origin(weights))
    return [copy_into(origin, target, _name(weights), sha256, progress)]


def _folder() -> Path:
    return cache_folder() / "text"


def _write(path: Path, weights: TowerWeights, origin: str) -> StoredFile:
    save_text_tower(path, weights)
    record = Record.now(_name(weights), origin, sha256_of(path), path.stat().st_size)
    return write_record(path, record)


def _name(weights: TowerWeights) -> str:
    return f"{TEXT_PREFIX}{weights.settings.name}/{weights.settings.pretrained}"


def _resized(stored: StoredFile) -> bool:
    return stored.path.stat().st_size != stored.record.bytes


def _origin(weights: TowerWeights) -> str:
    """What decides the bytes of the file, for its record."""
    origin = f"weights {weights.settings.sha256 or _digest(weights)}"
    head = weights.sentence_head
    return f"{origin}, sentence head {head.identity.sha256}" if head else origin


def _digest(weights: TowerWeights) -> str:
    """sha256 of the numbers, for random weights that came from no file."""
    digest = hashlib.sha256()
    for name in sorted(weights.tensors):
        digest.update(weights.tensors[name].tobytes())
    return digest.hexdigest()


def _file_name(weights: TowerWeights, origin: str) -> str:
    settings = weights.settings
    readable = re.sub(r"[^A-Za-z0-9._-]", "_", f"{settings.name}-{settings.pretrained}")[:90]
    if weights.sentence_head is None and _is_published(settings.name, settings.pretrained):
        return f"text-{readable}.safetensors"
    digest = hashlib.sha256(origin.encode()).hexdigest()[:_DIGEST_LETTERS]
    return f"text-{readable}-{digest}.safetensors"


def _is_published(name: str, pretrained: str) -> bool:
    try:
        parse_encoder_name(f"{name}/{pretrained}")
    except WeightsError:
        return False
    return True
