"""Size and sha256 of files."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from lexel.progress import Progress, Silent

_BLOCK = 1 << 22


def sha256_of(path: Path, progress: Progress | None = None) -> str:
    """Lower-case hex sha256 of a file; steps of `progress` are bytes."""
    progress = progress or Silent()
    progress.begin(f"checking {path.name}", path.stat().st_size)
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
            progress.advance(len(block))
    return digest.hexdigest()


def file_facts(path: Path) -> dict[str, Any]:
    """`{"bytes": ..., "sha256": ...}` of a file, as manifests list them."""
    return {"bytes": path.stat().st_size, "sha256": sha256_of(path)}
