"""Brings weights into the cache: from the network, or from a copy the user has."""

from __future__ import annotations

import contextlib
import re
import urllib.parse
from collections.abc import Callable, Sequence
from pathlib import Path

from lexel.encoders.weights import catalogue, find, hub, local
from lexel.encoders.weights.bring import copy_into, download_into, forget, is_url
from lexel.encoders.weights.cache import cache_folder, parse_sha256, stored_files
from lexel.encoders.weights.catalogue import HubEntry
from lexel.encoders.weights.download import Patience
from lexel.encoders.weights.fetch_checkpoints import fetch_checkpoints
from lexel.encoders.weights.fetch_sentences import fetch_sentence_model
from lexel.encoders.weights.sentence_models import is_sentence
from lexel.encoders.weights.tensors import load_tensors
from lexel.encoders.weights.web import NotFoundError
from lexel.errors import WeightsError
from lexel.progress import Progress, Silent


def fetch(
    name: str,
    source: str | Path | None = None,
    progress: Progress | None = None,
    *,
    sha256: str | None = None,
    patience: Patience | None = None,
) -> list[Path]:
    """Get the weights called `name`: `ARCH/TAG`, `text/ARCH/TAG`, `sentence/MODEL` or
    `semabs[/APPROACH[/TASK]]`.

    `source`: a path or address to take them from instead of the published one. `sha256`: what
    the fetched file must have. Returns the files, in the cache (or in the hub's cache when they
    are already there). Nothing is left under a final name unless it is whole and checked.
    """
    progress = progress or Silent()
    digest = parse_sha256(sha256) if sha256 else None
    patience = patience or Patience()
    try:
        if is_sentence(name):
            return fetch_sentence_model(name, source, digest, progress, patience)
        if name.startswith(catalogue.TEXT_PREFIX):
            from lexel.encoders.text_tower_files import fetch_text_tower

            return fetch_text_tower(name, source, digest, progress, patience)
        if catalogue.is_semabs(name):
            return fetch_checkpoints(name, source, digest, progress, patience)
        entry = catalogue.hub_entry(name)
        present = _present_encoder(entry) if source is None and digest is None else None
        if present is None:
            return [_fetch_encoder(entry, source, digest, progress, patience)]
    except OSError as error:
        raise WeightsError(
            f"the file system refuses: {error.strerror or error}",
            where=error.filename or cache_folder(),
            do="Check the rights and the space there, or point LEXEL_CACHE elsewhere.",
        ) from error
    progress.say(f"{entry.name} is already here: {present}")
    return [present]


def _present_encoder(entry: HubEntry) -> Path | None:
    stored = find.stored_encoder(entry.name)
    if stored is not None and stored.path.stat().st_size == stored.record.bytes:
        return stored.path
    return hub.find_in_hub(entry.repository, entry.files)


def _fetch_encoder(
    entry: HubEntry,
    source: str | Path | None,
    sha256: str | None,
    progress: Progress,
    patience: Patience,
) -> Path:
    folder = find.encoder_folder(entry.name)
    if source is not None and not is_url(source):
        origin = local.weights_file(Path(source))
        load_tensors(origin)
        path = copy_into(origin, folder / origin.name, str(entry.name), sha256, progress)
        _forget_others(folder, keep=path)
        return path

    def get(url: str) -> Path:
        return download_into(
            str(entry.name),
            url,
            folder / _safe_file_name(url),
            sha256=sha256,
            check=load_tensors,
            progress=progress,
            patience=patience,
        )

    urls = [str(source)] if source else [entry.address(file) for file in entry.files]
    path = _first_found(urls, get)
    _forget_others(folder, keep=path)
    return path


def _first_found(urls: Sequence[str], get: Callable[[str], Path]) -> Path:
    """The first that the server has; the last one's absence is the caller's news."""
    *preferred, last = urls
    for url in preferred:
        with contextlib.suppress(NotFoundError):
            return get(url)
    return get(last)


def _forget_others(folder: Path, keep: Path) -> None:
    """One file per encoder: an older one in another format would only be found by accident."""
    for file in stored_files(folder):
        if file.path != keep:
            forget(file.path)


def _safe_file_name(url: str) -> str:
    name = Path(urllib.parse.unquote(urllib.parse.urlsplit(url).path)).name
    return re.sub(r"[^A-Za-z0-9._-]", "_", name).lstrip(".") or "weights"
