"""One file into the cache, by download or by copy, with its record."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

from lexel.encoders.weights.cache import Record, record_path, require_space, write_record
from lexel.encoders.weights.download import Downloaded, Patience, Remote, download
from lexel.encoders.weights.web import split_login
from lexel.errors import WeightsError
from lexel.io.atomic import replacing_file
from lexel.progress import Progress

_BLOCK = 1 << 22


def download_into(
    name: str,
    url: str,
    target: Path,
    *,
    sha256: str | None,
    check: Callable[[Path], object],
    progress: Progress,
    patience: Patience,
) -> Path:
    """Fetch `url` to `target` with a record, after `check` let the finished file pass.

    A login in `url` is used and neither shown nor recorded.
    """
    _require_online(name)
    address, login = split_login(url)
    remote = Remote(address, sha256, not sha256 and "/resolve/" in address, login)
    progress.say(f"{name}: {address}")
    got = download(remote, target, check=check, progress=progress, patience=patience)
    return write_record(target, _record(name, address, got)).path


def copy_into(
    origin: Path, target: Path, name: str, sha256: str | None, progress: Progress
) -> Path:
    """Copy a local file into the cache, hashed on the way."""
    size = origin.stat().st_size
    target.parent.mkdir(parents=True, exist_ok=True)
    require_space(target.parent, size)
    progress.begin(f"copying {origin.name}", size)
    digest = hashlib.sha256()
    with replacing_file(target) as temporary:
        with origin.open("rb") as source, temporary.open("wb") as copy:
            while block := source.read(_BLOCK):
                digest.update(block)
                copy.write(block)
                progress.advance(len(block))
        got = Downloaded(target, digest.hexdigest(), temporary.stat().st_size)
        if sha256 and got.sha256 != sha256:
            raise wrong_copy(origin, got.sha256)
    return write_record(target, _record(name, str(origin.absolute()), got)).path


def wrong_copy(path: Path, got: str) -> WeightsError:
    return WeightsError(
        "the file has another sha256 than --sha256 says",
        where=path,
        got=got,
        do="Check which of the two is right.",
    )


def forget(path: Path) -> None:
    record_path(path).unlink(missing_ok=True)
    path.unlink(missing_ok=True)


def is_url(source: str | Path) -> bool:
    return isinstance(source, str) and source.lower().startswith(("http://", "https://"))


def _record(name: str, source: str, got: Downloaded) -> Record:
    return Record.now(name, source, got.sha256, got.bytes)


def _require_online(name: str) -> None:
    if os.environ.get("HF_HUB_OFFLINE", "").upper() in ("1", "ON", "YES", "TRUE"):
        raise WeightsError(
            "HF_HUB_OFFLINE forbids the network",
            do=f"Unset it and run: lexel weights get {name} – or add --from FILE.",
        )
