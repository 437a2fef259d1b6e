"""Size and sha256 of a file, as manifests list them."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any


def file_facts(path: Path) -> dict[str, Any]:
    """`{"bytes": ..., "sha256": ...}` of a file."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"bytes": path.stat().st_size, "sha256": digest}
