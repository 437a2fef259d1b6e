"""The one folder that holds downloaded weights, and the record kept beside each file.

    CACHE/encoders/ARCH/TAG/FILE          image-text encoders
    CACHE/semabs/APPROACH/TASK/FILE       Semantic Abstraction's checkpoints
    CACHE/downloads/*.part                downloads not yet whole, kept to be resumed
    .../FILE.record.json                  what FILE is: source, sha256, bytes, date

A file without its record does not count as present: the record is written last.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import json
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lexel.errors import WeightsError
from lexel.io.atomic import replacing_file
from lexel.io.locks import take_lock

RECORD_SUFFIX = ".record.json"
SHA256 = re.compile(r"[0-9a-f]{64}")
_SPARE_BYTES = 64 << 20


@dataclass(frozen=True)
class Record:
    """What is known of one stored file."""

    name: str  # what `lexel weights get` calls it
    source: str  # address or path it came from
    sha256: str  # lower-case hex of the whole file
    bytes: int
    date: str  # ISO 8601, UTC

    @staticmethod
    def now(name: str, source: str, sha256: str, size: int) -> Record:
        date = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        return Record(name, source, sha256, size, date)


@dataclass(frozen=True)
class StoredFile:
    """A file of the cache and its record."""

    path: Path
    record: Record

    def require_size(self) -> StoredFile:
        """Itself, or a `WeightsError` when the file is no longer as long as recorded."""
        size = self.path.stat().st_size
        if size != self.record.bytes:
            raise WeightsError(
                f"the file should have {self.record.bytes} bytes",
                where=self.path,
                got=size,
                do=f"Delete it and run: lexel weights get {self.record.name}",
            )
        return self

    def require_sha256(self, got: str) -> None:
        """A `WeightsError` when the file, of sha256 `got`, is not the recorded one."""
        if got != self.record.sha256:
            raise WeightsError(
                f"the file is not what was fetched: its sha256 should be {self.record.sha256}",
                where=self.path,
                got=got,
                do=f"Delete it and run: lexel weights get {self.record.name}",
            )


def cache_folder() -> Path:
    """The folder named by LEXEL_CACHE, or the user's cache folder `lexel/weights`."""
    chosen = os.environ.get("LEXEL_CACHE")
    if chosen:
        return Path(chosen).expanduser().absolute()
    import platformdirs

    return Path(platformdirs.user_cache_dir("lexel", appauthor=False)) / "weights"


def write_record(path: Path, record: Record) -> StoredFile:
    """Store `record` beside `path`."""
    with replacing_file(record_path(path)) as temporary:
        text = json.dumps(dataclasses.asdict(record), indent=1) + "\n"
        temporary.write_text(text, encoding="utf-8")
    return StoredFile(path, record)


def read_stored(path: Path) -> StoredFile | None:
    """`path` with its record; None when either is missing or the record is no record."""
    try:
        if not path.is_file():
            return None
        fields = json.loads(record_path(path).read_text(encoding="utf-8"))
        record = Record(**fields)
    except (OSError, ValueError, TypeError):
        return None
    sound = SHA256.fullmatch(str(record.sha256)) and isinstance(record.bytes, int)
    return StoredFile(path, record) if sound else None


def record_path(path: Path) -> Path:
    return path.with_name(path.name + RECORD_SUFFIX)


def stored_files(folder: Path) -> list[StoredFile]:
    """Every recorded file under `folder`, sorted by path."""
    records = sorted(folder.rglob("*" + RECORD_SUFFIX)) if folder.is_dir() else []
    found = (read_stored(r.with_name(r.name.removesuffix(RECORD_SUFFIX))) for r in records)
    return [file for file in found if file is not None]


def orphaned_records(folder: Path) -> list[Path]:
    """Paths that a record speaks of but that are gone, or whose record cannot be read."""
    records = sorted(folder.rglob("*" + RECORD_SUFFIX)) if folder.is_dir() else []
    paths = [r.with_name(r.name.removesuffix(RECORD_SUFFIX)) for r in records]
    return [path for path in paths if read_stored(path) is None]


def parse_sha256(text: str) -> str:
    """`text` as a lower-case sha256, or a `WeightsError`."""
    lowered = text.strip().lower()
    if not SHA256.fullmatch(lowered):
        raise WeightsError(
            "a sha256 is 64 hexadecimal digits", where="--sha256", got=text, do="Check the option."
        )
    return lowered


def require_space(folder: Path, needed: int) -> None:
    """A `WeightsError` unless `needed` bytes, and some more, fit on the disk of `folder`."""
    free = shutil.disk_usage(folder).free
    if free < needed + _SPARE_BYTES:
        raise WeightsError(
            f"the disk has {free >> 20} MB free and {(needed >> 20) + 1} MB more are needed",
            where=folder,
            do="Free some space, or point LEXEL_CACHE to a larger disk.",
        )


@contextlib.contextmanager
def sole_user(path: Path) -> Iterator[None]:
    """Hold the lock file `path`; a `WeightsError` when another process holds it.

    The empty file stays, see `lexel.io.locks`.
    """
    file = take_lock(path)
    if file is None:
        raise WeightsError(
            "another Lexel is fetching the same file",
            where=path.with_suffix(""),
            do="Wait until it is done, or stop it.",
        )
    with file:
        yield
