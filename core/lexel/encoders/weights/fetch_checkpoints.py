"""Semantic Abstraction's checkpoints into the cache: from the archive or an unpacked folder."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from lexel.encoders.weights import archive, catalogue, find, local
from lexel.encoders.weights.archive import Extracted
from lexel.encoders.weights.bring import copy_into, download_into, forget, is_url, wrong_copy
from lexel.encoders.weights.cache import (
    Record,
    cache_folder,
    read_stored,
    sole_user,
    write_record,
)
from lexel.encoders.weights.download import Patience
from lexel.encoders.weights.web import split_login
from lexel.errors import WeightsError
from lexel.io.atomic import replacing_folder
from lexel.io.hashing import sha256_of
from lexel.progress import Progress


def fetch_checkpoints(
    name: str,
    source: str | Path | None,
    sha256: str | None,
    progress: Progress,
    patience: Patience,
) -> list[Path]:
    """`fetch` for names that start with `semabs`.

    One archive holds all checkpoints, so whatever of it is not here yet is kept, asked for or not.
    """
    pairs = catalogue.semabs_members(name)
    held = [find.stored_checkpoint(*pair) for pair in pairs]
    if source is None and all(held):
        progress.say(f"{name} is already here: {cache_folder() / 'semabs'}")
        return [file.path for files in held for file in files or []]
    if source is not None and not is_url(source):
        path = Path(source).expanduser()
        if path.is_dir():
            return _copy_checkpoints(path, pairs, progress)
        _require_archive(path, sha256, progress)
        return _unpack(path, str(path.absolute()), pairs, progress)
    url = str(source or catalogue.SEMABS_URL)
    address, _ = split_login(url)
    target = cache_folder() / "downloads" / "models.tar.lz4"
    held_archive = read_stored(target)
    if held_archive is None or held_archive.record.source != address or sha256:
        download_into(
            name,
            url,
            target,
            sha256=sha256,
            check=lambda _: None,  # the unpacking checks
            progress=progress,
            patience=patience,
        )
    # Should the unpacking be cancelled or the disk be full, the next run finds the archive.
    try:
        paths = _unpack(target, address, pairs, progress)
    except archive.ArchiveError:
        forget(target)
        raise
    forget(target)
    return paths


def _unpack(
    path: Path, source: str, asked: Sequence[tuple[str, str]], progress: Progress
) -> list[Path]:
    """Extract to one side, then put each checkpoint folder in its place as a whole: those asked
    for, and those that are not here."""
    pairs = [p for p in catalogue.SEMABS_NETWORKS if p in asked or not find.stored_checkpoint(*p)]
    stage = cache_folder() / "downloads" / f"unpack-{os.getpid()}"
    with sole_user(cache_folder() / "downloads" / "unpack.lock"):
        shutil.rmtree(stage, ignore_errors=True)
        stage.mkdir(parents=True)
        try:
            taken = archive.extract(path, stage, pairs, progress)
            kept = {pair: _install(stage, source, pair, taken) for pair in pairs}
        finally:
            shutil.rmtree(stage, ignore_errors=True)
    if not any(kept[pair] for pair in asked):
        wanted = ", ".join("/".join(pair) for pair in asked)
        raise archive.ArchiveError(
            f"the archive holds none of these whole, {local.ARGS_NAME} and a .pth: {wanted}",
            where=path,
            do="What else it holds is kept. Name another archive with --from.",
        )
    return [file for files in kept.values() for file in files]


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
            file = local.checkpoint_file(source, approach, task)
        except WeightsError:
            if len(pairs) == 1:
                raise
            continue
        if len(pairs) > 1 and file.parent.samefile(source):
            continue  # one checkpoint's own folder does not say which of several it is
        target = find.checkpoint_cache_folder(approach, task)
        for part in (file.with_name(local.ARGS_NAME), file):
            name = f"semabs/{approach}/{task}"
            copied.append(copy_into(part, target / part.name, name, None, progress))
    if not copied:
        wanted = ", ".join("/".join(pair) for pair in pairs)
        raise WeightsError(
            f"none of these checkpoints is in the folder: {wanted}",
            where=source,
            do="Give the unpacked `models` folder, or name one: semabs/APPROACH/TASK.",
        )
    return copied


def _require_archive(path: Path, sha256: str | None, progress: Progress) -> None:
    if not path.is_file():
        raise WeightsError("there is no such file or folder", where=path, do="Check the path.")
    if sha256 and (got := sha256_of(path, progress)) != sha256:
        raise wrong_copy(path, got)
