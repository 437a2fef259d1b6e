"""What is stored, and whether it is still what was fetched."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lexel.encoders.weights import catalogue, hub, sentence_models
from lexel.encoders.weights.cache import (
    StoredFile,
    cache_folder,
    orphaned_records,
    stored_files,
)
from lexel.io.hashing import sha256_of
from lexel.progress import Progress, Silent

_FOLDERS = (
    "encoders",
    "text",
    "sentence",
    "semabs",
)  # not `downloads`: what lies there is on its way

_HUB_CACHE = "Hugging Face hub cache"


@dataclass(frozen=True)
class Listed:
    """A line of `lexel weights list`: published weights, present or not, or a stored file."""

    name: str
    present: bool
    bytes: int
    path: Path | None
    source: str


@dataclass(frozen=True)
class Verdict:
    """What re-hashing one stored file found."""

    name: str
    path: Path
    sound: bool
    what: str


def list_weights() -> list[Listed]:
    """Everything stored, then the published weights that are not."""
    stored = [_listed(file) for file in _stored() if not _goes_along(file)]
    names = {line.name for line in stored}
    absent = [name for name in _published() if name not in names]
    return stored + [_listed_elsewhere(name) for name in absent]


def verify(progress: Progress | None = None) -> list[Verdict]:
    """Re-hash every stored file against its record."""
    progress = progress or Silent()
    verdicts = [_verdict(file, progress) for file in _stored()]
    gone = "the file or its record is missing or unreadable"
    return verdicts + [
        Verdict(path.name, path, False, gone)
        for folder in _FOLDERS
        for path in orphaned_records(cache_folder() / folder)
    ]


def _stored() -> list[StoredFile]:
    return [file for folder in _FOLDERS for file in stored_files(cache_folder() / folder)]


def _verdict(file: StoredFile, progress: Progress) -> Verdict:
    size = file.path.stat().st_size
    if size != file.record.bytes:
        what = f"{size} bytes instead of {file.record.bytes}"
        return Verdict(file.record.name, file.path, False, what)
    sound = sha256_of(file.path, progress) == file.record.sha256
    what = "as recorded" if sound else "the sha256 has changed"
    return Verdict(file.record.name, file.path, sound, what)


def _published() -> list[str]:
    semabs = ["/".join(("semabs", *pair)) for pair in catalogue.SEMABS_NETWORKS]
    sentences = [catalogue.SENTENCE_PREFIX + model for model in sentence_models.MODELS]
    return [*catalogue.RECOMMENDED, *sentences, *semabs]


def _goes_along(file: StoredFile) -> bool:
    """Whether it is one of a sentence model's small files: its weights stand for them."""
    return (
        sentence_models.is_sentence(file.record.name) and file.path.name != sentence_models.WEIGHTS
    )


def _listed(file: StoredFile) -> Listed:
    record = file.record
    return Listed(record.name, True, record.bytes, file.path, record.source)


def _listed_elsewhere(name: str) -> Listed:
    if catalogue.is_semabs(name):
        return Listed(name, False, 0, None, catalogue.SEMABS_URL)
    if sentence_models.is_sentence(name):
        return _listed_sentence_model(sentence_models.model_called(name))
    entry = catalogue.hub_entry(name)
    path = hub.find_in_hub(entry.repository, entry.files)
    if path is None:
        return Listed(name, False, 0, None, entry.address(entry.files[0]))
    return Listed(name, True, path.stat().st_size, path, _HUB_CACHE)


def _listed_sentence_model(model: str) -> Listed:
    name, folder = catalogue.SENTENCE_PREFIX + model, sentence_models.hub_sentence_model(model)
    if folder is None:
        return Listed(name, False, 0, None, sentence_models.address_of(model))
    path = folder / sentence_models.WEIGHTS
    return Listed(name, True, path.stat().st_size, path, _HUB_CACHE)


def stored_names() -> list[str]:
    """The names of everything present, each once."""
    return list(dict.fromkeys(line.name for line in list_weights() if line.present))
