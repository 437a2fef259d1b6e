"""Fetches one file over HTTP: resumed where it broke off, checked, and whole or not there.

A download grows in `CACHE/downloads/*.part` beside a small note of what it is a part of. A
dropped connection, a cancelled run or a crash leaves both, and the next run goes on from there.
The file takes its final name only after its sha256 (when known) and `check` have passed.
Proxies come from the environment (HTTPS_PROXY, NO_PROXY, ...), as everywhere in Python.
"""

from __future__ import annotations

import time
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from lexel.encoders.weights import web
from lexel.encoders.weights.cache import cache_folder, require_space, sole_user
from lexel.encoders.weights.part import PartFile
from lexel.errors import WeightsError
from lexel.io.atomic import replacing_file
from lexel.io.hashing import sha256_of
from lexel.progress import Progress

_BLOCK = 1 << 18
_BLOCKS_PER_DISK_CHECK = 1024
_MAX_CONNECTIONS = 200


@dataclass(frozen=True)
class Remote:
    """A file somewhere else."""

    url: str  # without a login: it is shown and recorded
    sha256: str | None = None  # as the user gave it
    trusts_etag: bool = False  # the hub's ETag is the sha256 of the file
    login: str | None = field(default=None, repr=False)  # USER:PASSWORD


@dataclass(frozen=True)
class Downloaded:
    path: Path
    sha256: str
    bytes: int


@dataclass(frozen=True)
class Patience:
    """When to wait and when to give up."""

    attempts: int = 5  # connections in a row that bring nothing new
    first_pause_s: float = 1.0  # doubled after each
    timeout_s: float = 30.0  # of silence
    sleep: Callable[[float], None] = time.sleep


def download(
    remote: Remote,
    target: Path,
    *,
    check: Callable[[Path], object],
    progress: Progress,
    patience: Patience | None = None,
) -> Downloaded:
    """Bring `remote` to `target`; `check` may refuse the finished file before it gets its name."""
    part = PartFile.of(remote.url, cache_folder() / "downloads")
    with sole_user(part.lock_path):
        _fetch(remote, part, progress, patience or Patience())
        try:
            digest = _checked_digest(remote, part, progress)
            check(part.path)
        except WeightsError:
            part.discard()
            raise
        size = part.size()
        with replacing_file(target) as temporary:
            part.path.replace(temporary)
        part.discard()
    return Downloaded(target, digest, size)


def _checked_digest(remote: Remote, part: PartFile, progress: Progress) -> str:
    digest = sha256_of(part.path, progress)
    expected = remote.sha256 or part.note().sha256
    if expected and digest != expected:
        raise WeightsError(
            f"the bytes served are not the file: its sha256 should be {expected}",
            where=remote.url,
            got=digest,
            do="Nothing was kept. Try again; if it stays wrong, get the file from elsewhere.",
        )
    return digest


def _fetch(remote: Remote, part: PartFile, progress: Progress, patience: Patience) -> None:
    """Connect until the part is complete, waiting longer after each fruitless connection."""
    furthest, fruitless = part.size(), 0
    for _ in range(_MAX_CONNECTIONS):
        try:
            _transfer(remote, part, progress, patience.timeout_s)
            return
        except web.Dropped as error:
            if isinstance(error, web.Stale):
                part.discard()
            if part.size() > furthest:
                furthest, fruitless = part.size(), 0
            else:
                fruitless += 1
            if fruitless >= (patience.attempts if error.retry else 1):
                raise _gave_up(remote, part, error) from error
            progress.say(f"{error}; going on from byte {part.size()}")
            patience.sleep(patience.first_pause_s * 2**fruitless)
    raise _gave_up(remote, part, web.Dropped("the connection broke off too often"))


def _gave_up(remote: Remote, part: PartFile, error: web.Dropped) -> WeightsError:
    kept = f"{part.size()} bytes are kept; the same command goes on from there. "
    return WeightsError(
        f"the download did not complete: {error}",
        where=remote.url,
        do=(kept if part.size() else "")
        + "Check the connection and HTTPS_PROXY, or fetch the file elsewhere and pass --from FILE.",
    )


def _transfer(remote: Remote, part: PartFile, progress: Progress, timeout_s: float) -> None:
    """One connection: append what it brings."""
    note, start = part.note(), part.size()
    if start and note.total == start:
        return
    with web.open_range(remote.url, start, note.validator, timeout_s, remote.login) as answer:
        announced = answer.announced_sha256 if remote.trusts_etag else None
        _require_same_digest(remote, announced)
        sha256 = remote.sha256 or announced
        if answer.start == 0:
            part.restart(answer, sha256)
        elif answer.start != start or not note.is_continued_by(answer, sha256):
            raise web.Stale("the file has changed on the server")
        require_space(part.path.parent, (answer.total or 0) - answer.start)
        progress.begin(f"downloading {_file_name(remote.url)}", answer.total)
        progress.advance(answer.start)
        _append(answer, part, progress)
    if answer.total is not None and part.size() != answer.total:
        raise web.Dropped(f"the connection broke off at byte {part.size()} of {answer.total}")


def _append(answer: web.Answer, part: PartFile, progress: Progress) -> None:
    with part.path.open("ab") as file:
        for number, block in enumerate(answer.blocks(_BLOCK)):
            if number % _BLOCKS_PER_DISK_CHECK == 0:  # the total may be unknown
                require_space(part.path.parent, len(block))
            file.write(block)
            progress.advance(len(block))


def _require_same_digest(remote: Remote, announced: str | None) -> None:
    if remote.sha256 and announced and remote.sha256 != announced:
        raise WeightsError(
            f"the server announces a file with sha256 {announced}",
            where=remote.url,
            got=f"--sha256 {remote.sha256}",
            do="Leave --sha256 out to take the server's file, or give another address.",
        )


def _file_name(url: str) -> str:
    return Path(urllib.parse.urlsplit(url).path).name or "file"
