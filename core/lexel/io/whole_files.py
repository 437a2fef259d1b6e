"""Files that are read whole, up to a size that each kind of file has its own idea of."""

from __future__ import annotations

from pathlib import Path

from lexel.errors import SceneError


def read_bytes(file: Path, max_bytes: int, kind: str, do: str | None = None) -> bytes:
    """The content of a file, unless it is larger than such a file ever is.

    Args:
        file: may be missing or somebody else's; every fault is a `SceneError` that names it.
        max_bytes: more are refused before any are read.
        kind: what it should be, with its article ("an image").
        do: what helps when it is too large.
    """
    try:
        if (size := file.stat().st_size) > max_bytes:
            raise SceneError(f"is too large for {kind}", where=file, got=f"{size:,} bytes", do=do)
        return file.read_bytes()
    except FileNotFoundError:
        raise SceneError("does not exist", where=file, do="Check the path.") from None
    except (OSError, ValueError) as cause:
        raise SceneError("cannot be read", where=file, got=cause) from cause
