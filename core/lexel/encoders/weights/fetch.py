"""Brings weights into the cache: from the network, or from a copy the user has."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import urllib.parse
from collections.abc import Sequence
from pathlib import Path

from lexel.encoders.weights import archive, catalogue, find, hub, local
from lexel.encoders.weights.archive import Extracted
from lexel.encoders.weights.cache import (
    Record,
    cache_folder,
    parse_sha256,
    record_path,
    sha256_of,
    sole_user,
    stored_files,
    write_record,
)
from lexel.encoders.weights.catalogue import HubEntry
from lexel.encoders.weights.download import Downloaded, Patience, Remote, download
from lexel.encoders.weights.tensors import load_tensors
from lexel.encoders.weights.web import NotFoundError
from lexel.errors import WeightsError
from lexel.io.atomic import replacing_file, replacing_folder
from lexel.progress import Progress, Silent

_BLOCK = 1 << 22


def fetch(
    name: str,
    source: str | Path | None = None,
    progress: Progress | None = None,
    *,
    sha256: str | None = None,
    patience: Patience | None = None,
) -> list[Path]:
    """Get the weights called `name` (`ARCH/TAG` or `semabs[/APPROACH[/TASK]]`).

    `source`: a path or address to take them from instead of the published one. `sha256`: what
    the fetched file must have. Returns the files, in the cache (or in the hub's cache when they
    are already there). Nothing is left under a final name unless it is whole and checked.
    """
    progress = progress or Silent()
    digest = parse_sha256(sha256) if sha256 else None
    patience = patience or Patience()
    if catalogue.is_semabs(name):
        return _fetch_semabs(name, source, digest, progress, patience)
    entry = catalogue.hub_entry(name)
    present = _present_encoder(entry) if source is None and digest is None else None
    if present is not None:
        progress.say(f"{entry.name} is already here: {present}")
        return [present]
    return [_fetch_encoder(entry, source, digest, progress, patience)]


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
    if source is not None and not _is_url(source):
        origin = local.weights_file(Path(source))
        load_tensors(origin)
        return _copy(origin, folder / origin.name, str(entry.name), sha256, progress)
    urls = [str(source)] if source else [entry.address(file) for file in entry.files]
    for last, url in enumerate(urls, start=1 - len(urls)):
        target = folder / _safe_file_name(url)
        try:
            got = _download(str(entry.name), url, target, sha256, progress, patience)
        except NotFoundError:
            if not last:
                raise
            continue
        _forget_others(folder, keep=target)
        return write_record(target, _record(str(entry.name), url, got)).path
    raise AssertionError("a catalogue entry names at least one file")


def _download(
    name: str, url: str, target: Path, sha256: str | None, progress: Progress, patience: Patience
) -> Downloaded:
    _require_online(name)
    remote = Remote(url, sha256, trusts_etag=not sha256 and "/resolve/" in url)
    progress.say(f"{name}: {url}")
    return download(
        remote,
        target,
        check=lambda path: None if catalogue.is_semabs(name) else _check_tensors(path),
        progress=progress,
        patience=patience,
    )


def _check_tensors(path: Path) -> None:
    load_tensors(path)


def _fetch_semabs(
    name: str,
    source: str | Path | None,
    sha256: str | None,
    progress: Progress,
    patience: Patience,
) -> list[Path]:
    pairs = catalogue.semabs_members(name)
    held = [find.stored_checkpoint(*pair) for pair in pairs]
    if source is None and all(held):
        progress.say(f"{name} is already here: {cache_folder() / 'semabs'}")
        return [file.path for files in held for file in files or []]
    if source is not None and not _is_url(source):
        path = Path(source).expanduser()
        if path.is_dir():
            return _copy_checkpoints(path, pairs, progress)
        _require_archive(path, sha256, progress)
        return _unpack(path, str(path.absolute()), pairs, progress)
    url = str(source or catalogue.SEMABS_URL)
    target = cache_folder() / "downloads" / "models.tar.lz4"
    _download(name, url, target, sha256, progress, patience)
    try:
        return _unpack(target, url, pairs, progress)
    finally:
        target.unlink(missing_ok=True)


def _unpack(
    path: Path, source: str, pairs: Sequence[tuple[str, str]], progress: Progress
) -> list[Path]:
    """Extract to one side, then put each checkpoint folder in its place as a whole."""
    stage = cache_folder() / "downloads" / f"unpack-{os.getpid()}"
    with sole_user(cache_folder() / "downloads" / "unpack.lock"):
        shutil.rmtree(stage, ignore_errors=True)
        stage.mkdir(parents=True)
        try:
            taken = archive.extract(path, stage, pairs, progress)
            return [kept for pair in pairs for kept in _install(stage, source, pair, taken)]
        finally:
            shutil.rmtree(stage, ignore_errors=True)


def _install(
    stage: Path, source: str, pair: tuple[str, str], taken: Sequence[Extracted]
) -> list[Path]:
    files = [file for file in taken if (file.approach, file.task) == pair]
    names = {file.file for file in files}
    if not (local.ARGS_NAME in names and any(name.endswith(".pth") for name in names)):
        return []
    target = find.checkpoint_cache_folder(*pair)
    name = "/".join(("semabs", *pair))
    with replacing_folder(target) as new:
        for file in files:
            (stage.joinpath(*pair) / file.file).replace(new / file.file)
            origin = f"{source}#models/{'/'.join(pair)}/{file.file}"
            write_record(new / file.file, Record.now(name, origin, file.sha256, file.bytes))
    return [target / file.file for file in files]


def _copy_checkpoints(
    source: Path, pairs: Sequence[tuple[str, str]], progress: Progress
) -> list[Path]:
    copied: list[Path] = []
    for approach, task in pairs:
        try:
            folder = local.checkpoint_folder(source, approach, task)
        except WeightsError:
            if len(pairs) == 1:
                raise
            continue
        if folder.samefile(source) and len(pairs) > 1:
            continue  # one checkpoint's own folder does not say which of several it is
        target = find.checkpoint_cache_folder(approach, task)
        for file in (folder / local.ARGS_NAME, local.checkpoint_file(folder, task)):
            name = f"semabs/{approach}/{task}"
            copied.append(_copy(file, target / file.name, name, None, progress))
    if not copied:
        wanted = ", ".join("/".join(pair) for pair in pairs)
        raise WeightsError(
            f"none of these checkpoints is in the folder: {wanted}",
            where=source,
            do="Give the unpacked `models` folder, or name one: semabs/APPROACH/TASK.",
        )
    return copied


def _copy(origin: Path, target: Path, name: str, sha256: str | None, progress: Progress) -> Path:
    """Copy a local file into the cache, hashed on the way."""
    progress.begin(f"copying {origin.name}", origin.stat().st_size)
    digest = hashlib.sha256()
    with replacing_file(target) as temporary:
        with origin.open("rb") as source, temporary.open("wb") as copy:
            while block := source.read(_BLOCK):
                digest.update(block)
                copy.write(block)
                progress.advance(len(block))
        got = Downloaded(target, digest.hexdigest(), temporary.stat().st_size)
        if sha256 and got.sha256 != sha256:
            raise _wrong_copy(origin, got.sha256)
    if not catalogue.is_semabs(name):
        _forget_others(target.parent, keep=target)
    return write_record(target, _record(name, str(origin.absolute()), got)).path


def _require_archive(path: Path, sha256: str | None, progress: Progress) -> None:
    if not path.is_file():
        raise WeightsError("there is no such file or folder", where=path, do="Check the path.")
    if sha256 and (got := sha256_of(path, progress)) != sha256:
        raise _wrong_copy(path, got)


def _wrong_copy(path: Path, got: str) -> WeightsError:
    return WeightsError(
        "the file has another sha256 than --sha256 says",
        where=path,
        got=got,
        do="Check which of the two is right.",
    )


def _forget_others(folder: Path, keep: Path) -> None:
    """One file per encoder: an older one in another format would only be found by accident."""
    for file in stored_files(folder):
        if file.path == keep:
            continue
        record_path(file.path).unlink(missing_ok=True)
        file.path.unlink(missing_ok=True)


def _record(name: str, source: str, got: Downloaded) -> Record:
    return Record.now(name, source, got.sha256, got.bytes)


def _require_online(name: str) -> None:
    if os.environ.get("HF_HUB_OFFLINE", "").upper() in ("1", "ON", "YES", "TRUE"):
        raise WeightsError(
            "HF_HUB_OFFLINE forbids the network",
            do=f"Unset it and run: lexel weights get {name} – or add --from FILE.",
        )


def _is_url(source: str | Path) -> bool:
    return isinstance(source, str) and source.lower().startswith(("http://", "https://"))


def _safe_file_name(url: str) -> str:
    name = Path(urllib.parse.unquote(urllib.parse.urlsplit(url).path)).name
    return re.sub(r"[^A-Za-z0-9._-]", "_", name).lstrip(".") or "weights"
