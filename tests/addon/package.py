"""The assembled extension, and a Python that has numpy and nothing else, as Blender has."""

from __future__ import annotations

from pathlib import Path

import build_addon
from tools.bare_python import run_bare

NAME = "lexel_extension"


def build(folder: Path) -> Path:
    """The package without the 22 MB of words, in a folder whose parent can be imported from."""
    return build_addon.build_folder(folder / NAME, words=False)


def run(package: Path, code: str, **environment: str) -> str:
    """What code prints beside the package."""
    return run_bare(package, code, timeout_s=120, **environment)
