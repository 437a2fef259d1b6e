"""Finds weights that other programs already put in the Hugging Face hub's cache.

Layout: `HUB/models--OWNER--NAME/{refs/main, snapshots/REVISION/FILE, blobs/SHA256}`. Snapshot
files are links to blobs where the system has links, plain copies elsewhere.
"""

from __future__ import annotations

import os
from pathlib import Path

from lexel.encoders.weights.cache import SHA256
from lexel.io.hashing import sha256_of


def hub_folder() -> Path:
    """The hub's cache, found from the environment as huggingface_hub itself does."""
    for variable in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"):
        if os.environ.get(variable):
            return Path(os.environ[variable]).expanduser()
    if os.environ.get("HF_HOME"):
        return Path(os.environ["HF_HOME"]).expanduser() / "hub"
    cache = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser()
    return cache / "huggingface" / "hub"


def find_in_hub(repository: str, files: tuple[str, ...]) -> Path | None:
    """The first of `files` present in the cached `repository`, or None."""
    folder = hub_folder() / f"models--{repository.replace('/', '--')}"
    return find_in_repository(folder, files)


def find_in_repository(folder: Path, files: tuple[str, ...]) -> Path | None:
    """The same inside one `models--OWNER--NAME` folder: revision `main` first, then newest."""
    for file in files:
        for snapshot in _snapshots(folder):
            if (snapshot / file).is_file():
                return snapshot / file
    return None


def repository_of(path: Path) -> str | None:
    """`owner/name` when `path` lies in a hub cache."""
    for part in path.parts:
        if part.startswith("models--"):
            return part.removeprefix("models--").replace("--", "/", 1)
    return None


def hub_sha256(path: Path) -> str:
    """sha256 of a snapshot file: its blob's name, which the hub's client verified, or computed."""
    blob = path.resolve().name
    return blob if path.is_symlink() and SHA256.fullmatch(blob) else sha256_of(path)


def _snapshots(folder: Path) -> list[Path]:
    snapshots = folder / "snapshots"
    if not snapshots.is_dir():
        return []
    main = folder / "refs" / "main"
    chosen = main.read_text(encoding="utf-8").strip() if main.is_file() else ""
    found = [path for path in snapshots.iterdir() if path.is_dir()]
    return sorted(found, key=lambda p: (p.name == chosen, p.stat().st_mtime), reverse=True)
