"""Members of zip files, read without trusting the sizes they declare."""

from __future__ import annotations

import contextlib
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from lexel.errors import SceneError

BROKEN_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    EOFError,
    ValueError,
    RuntimeError,  # encrypted members
    NotImplementedError,  # unknown compression
    KeyError,
    IndexError,
    OverflowError,
    MemoryError,
)


def member_names(path: Path) -> frozenset[str]:
    """Names of everything in the zip file."""
    try:
        with zipfile.ZipFile(path) as archive:
            return frozenset(archive.namelist())
    except FileNotFoundError:
        raise SceneError("does not exist", where=path, do="Check the path.") from None
    except BROKEN_ZIP as cause:
        raise SceneError(
            "is damaged, cut short, or no zip file",
            where=path,
            got=cause,
            do="Copy or download it again.",
        ) from cause


def read_member(path: Path, name: str, max_bytes: int) -> bytes:
    """A member's content, refused when it is longer than `max_bytes`."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open(name) as member:
            content = member.read(max_bytes + 1)
    except KeyError:
        raise SceneError(f"lacks {name}", where=path, do="Record or export it again.") from None
    except BROKEN_ZIP as cause:
        raise SceneError(
            f"holds a damaged {name}", where=path, got=cause, do="Copy it again."
        ) from cause
    if len(content) > max_bytes:
        raise SceneError(f"holds a {name} of more than {max_bytes:,} bytes", where=path)
    return content


@contextlib.contextmanager
def open_only_array(path: Path) -> Iterator[IO[bytes]]:
    """The one `.npy` of a `.npz`, to be read as far as somebody trusts it."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if name.endswith(".npy")]
            if len(names) != 1:
                told = ", ".join(name.removesuffix(".npy") for name in names) or "none"
                raise SceneError(
                    "should hold one array",
                    where=path,
                    got=told,
                    do="Save it with numpy.savez(path, array).",
                )
            with archive.open(names[0]) as member:
                yield member
    except BROKEN_ZIP as cause:
        raise SceneError("is damaged", where=path, got=cause, do="Copy it again.") from cause
