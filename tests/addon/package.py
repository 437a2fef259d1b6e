"""The assembled extension, and a Python that has numpy and nothing else, as Blender has."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np

import build_addon

NAME = "lexel_extension"
_BLOCKED = ("lexel", "torch", "open3d", "PIL", "scipy", "safetensors", "platformdirs", "matplotlib")
_START = """
import sys

class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {blocked!r}:
            raise ImportError(name + " is not there")

sys.meta_path.insert(0, Blocked())
sys.path[:0] = {path!r}
"""


def build(folder: Path) -> Path:
    """The package without the 22 MB of words, in a folder whose parent can be imported from."""
    return build_addon.build_folder(folder / NAME, words=False)


def run(package: Path, code: str, **environment: str) -> str:
    """What a fresh, isolated Python prints that runs `code` beside the package.

    `-I` and `-S` leave out every path of ours; only the package and numpy's own folder are added.
    """
    numpy_only = package.parent / "numpy-only"
    numpy_only.mkdir(exist_ok=True)
    place = Path(np.__file__).parent
    for folder in (place, place.with_name("numpy.libs")):
        link = numpy_only / folder.name
        if folder.is_dir() and not link.exists():
            link.symlink_to(folder, target_is_directory=True)
    start = _START.format(blocked=_BLOCKED, path=[str(package.parent), str(numpy_only)])
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", start + code],
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        env={"PATH": "", **environment},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
