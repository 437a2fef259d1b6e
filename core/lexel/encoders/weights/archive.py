"""Takes Semantic Abstraction's checkpoints out of the published `models.tar.lz4`.

The archive is read as a stream and trusted in nothing: only regular files of exactly the
expected names are written, under names made here; links, devices, absolute and climbing paths
are left out, and every size is bounded before it is believed. Evaluation statistics
(`*_eval_stats.pkl`) are arbitrary pickles of no use to Lexel and stay out too.
"""

from __future__ import annotations

import hashlib
import re
import tarfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from lexel.encoders.weights.cache import require_space
from lexel.errors import WeightsError
from lexel.progress import Progress

_MEMBER = re.compile(
    r"(?:\./)?models/(?P<approach>[a-z_]{1,40})/(?P<task>ovssc|vool)/"
    r"(?P<file>args\.pkl|[A-Za-z0-9_][A-Za-z0-9_-]{0,60}\.pth)"
)
_MAX_BYTES = {".pkl": 1 << 20, ".pth": 4 << 30}
_MAX_MEMBERS = 10_000
_MAX_TOTAL_BYTES = 64 << 30
_HEADER_ALLOWANCE = 1 << 20  # tar headers, padding and read-ahead between two members
_BLOCK = 1 << 20
_AGAIN = "Nothing of it was kept. Get it again: lexel weights get semabs"


class ArchiveError(WeightsError):
    """The archive itself is at fault: damaged, hostile, or another one."""


@dataclass(frozen=True)
class Extracted:
    """One file taken out: `folder/approach/task/file`."""

    approach: str
    task: str
    file: str
    sha256: str
    bytes: int


def extract(
    archive: Path, folder: Path, pairs: Collection[tuple[str, str]], progress: Progress
) -> list[Extracted]:
    """Write the checkpoints of `pairs` (approach, task) under `folder`, an empty one."""
    taken: list[Extracted] = []
    left_out = 0
    with _open_stream(archive, progress) as (stream, tar):
        for number, member in enumerate(_members(tar, stream)):
            if number >= _MAX_MEMBERS or stream.total > _MAX_TOTAL_BYTES:
                raise _refused(archive, "the archive is larger than any published one")
            match = _MEMBER.fullmatch(member.name)
            if match is None or not member.isreg():
                left_out += _is_suspect(member)
            elif (match["approach"], match["task"]) in pairs:
                _require_size(archive, member, folder)
                taken.append(_write(tar, member, folder, match))
    if left_out:
        progress.say(f"{archive.name}: left out {left_out} links, devices or unsafe paths")
    if not taken:
        raise _refused(archive, "the archive holds none of the wanted checkpoints")
    return taken


def _write(
    tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path, match: re.Match[str]
) -> Extracted:
    target = folder / match["approach"] / match["task"] / match["file"]
    target.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    source = tar.extractfile(member)
    assert source is not None  # `member` is a regular file
    with target.open("wb") as file:
        while block := source.read(_BLOCK):
            digest.update(block)
            file.write(block)
    if target.stat().st_size != member.size:
        raise EOFError("the archive ends inside a file")
    parts = match["approach"], match["task"], match["file"]
    return Extracted(*parts, digest.hexdigest(), member.size)


def _is_suspect(member: tarfile.TarInfo) -> bool:
    parts = member.name.replace("\\", "/").split("/")
    climbs = ".." in parts or parts[0] == "" or ":" in parts[0]
    return climbs or not (member.isreg() or member.isdir())


def _require_size(archive: Path, member: tarfile.TarInfo, folder: Path) -> None:
    if member.size > _MAX_BYTES[Path(member.name).suffix]:
        raise _refused(archive, f"{member.name} claims {member.size} bytes")
    require_space(folder, member.size)


def _members(tar: tarfile.TarFile, stream: _Metered) -> Iterator[tarfile.TarInfo]:
    """The members, the stream allowed no more than each needs: a long-name header is read into
    memory whole, so a hostile one must not be believed."""
    while member := tar.next():
        # A sparse file's size is not what the stream holds of it; none was published.
        if member.issparse() or not 0 <= member.size <= _MAX_TOTAL_BYTES:
            raise tarfile.ReadError(f"{member.name} has no plain size")
        stream.allow(member.size + _HEADER_ALLOWANCE)
        yield member


@contextmanager
def _open_stream(archive: Path, progress: Progress) -> Iterator[tuple[_Metered, tarfile.TarFile]]:
    import lz4.frame

    try:
        with archive.open("rb") as file:
            progress.begin(f"unpacking {archive.name}", archive.stat().st_size)
            with lz4.frame.LZ4FrameFile(_Counted(file, progress), mode="rb") as frames:
                stream = _Metered(frames)
                with tarfile.open(fileobj=stream, mode="r|") as tar:  # type: ignore[call-overload]
                    yield stream, tar
    except (RuntimeError, EOFError, tarfile.TarError, OSError) as error:
        raise _refused(archive, f"the archive is damaged ({error})") from error


def _refused(archive: Path, what: str) -> ArchiveError:
    return ArchiveError(what, where=archive, do=_AGAIN)


class _Counted:
    """The compressed file, telling `progress` how far it has been read."""

    def __init__(self, file: IO[bytes], progress: Progress) -> None:
        self._file, self._progress = file, progress

    def read(self, size: int = -1) -> bytes:
        block = self._file.read(size)
        self._progress.advance(len(block))
        return block

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


class _Metered:
    """The decompressed stream, giving no more bytes than were allowed."""

    def __init__(self, source: Any) -> None:
        self._source = source
        self._left = _HEADER_ALLOWANCE  # the first header is read on opening
        self.total = 0

    def allow(self, size: int) -> None:
        self._left = size

    def read(self, size: int) -> bytes:
        block: bytes = self._source.read(size)
        self._left -= len(block)
        self.total += len(block)
        if self._left < 0:
            raise tarfile.ReadError("a header is longer than any published one")
        return block
