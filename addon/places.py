"""Where Lexel keeps things on this computer, told without any package but Python's own."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path


def cache_folder(
    environment: Mapping[str, str] = os.environ,
    platform: str = sys.platform,
    home: Path | None = None,
) -> Path:
    """Lexel's folder of weights: the rules of `lexel.encoders.weights.cache_folder` once more.

    Args:
        environment: of the process.
        platform: as `sys.platform` has it.
        home: the user's own folder.
    """
    if chosen := environment.get("LEXEL_CACHE"):
        return Path(chosen).expanduser().absolute()
    return _user_cache(environment, platform, home or Path.home()) / "weights"


def _user_cache(environment: Mapping[str, str], platform: str, home: Path) -> Path:
    if platform == "win32":
        local = environment.get("LOCALAPPDATA") or home / "AppData" / "Local"
        return Path(local) / "lexel" / "Cache"
    if Path(chosen := environment.get("XDG_CACHE_HOME", "").strip()).is_absolute():
        return Path(chosen) / "lexel"
    own = Path("Library", "Caches") if platform == "darwin" else Path(".cache")
    return home / own / "lexel"
