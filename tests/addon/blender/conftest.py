"""The add-on inside real Blenders, each a Python of its own with the module `bpy`.

A test hands a script of `scripts/` to such a Python, with arrays in a folder, and gets arrays and
JSON back: so what Blender shows is compared with what Lexel computes, in this process.
`make blender` makes the environments; LEXEL_BLENDERS names others, as a list of interpreters.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import build_addon
from tests.pipelines.askable import make_field

ROOT = Path(__file__).resolve().parents[3]
SCRIPTS = Path(__file__).parent / "scripts"
_VERSIONS = ("4.2", "4.5", "5.0")
_LIMIT_S = 600  # of a script that waits for the service; seconds, where nothing else runs
COMMAND = Path(sys.executable).with_name("lexel.exe" if sys.platform == "win32" else "lexel")


@dataclass(frozen=True)
class Blender:
    """A Python with `bpy`."""

    python: Path

    def run(self, script: str, folder: Path, **given: Any) -> dict[str, Any]:
        """What `scripts/SCRIPT.py` returned from `main(folder, given)`.

        Its own resources (preferences, extensions) lie in the folder.
        """
        (folder / "given.json").write_text(json.dumps(given))
        ended = subprocess.run(
            [self.python, "-I", "-W", "error", SCRIPTS / "run.py", script, folder],
            cwd=ROOT,
            env=_environment(folder),
            capture_output=True,
            text=True,
            timeout=_LIMIT_S,
        )
        told = folder / "told.json"
        assert ended.returncode == 0 and told.is_file(), f"{ended.stdout}\n{ended.stderr}"
        return json.loads(told.read_text())


def _environment(folder: Path) -> dict[str, str]:
    return {
        **os.environ,
        "BLENDER_USER_RESOURCES": str(folder / "resources"),
        "OMP_NUM_THREADS": "1",
    }


def _interpreter(version: str) -> Path | None:
    """The Python of a version: named by LEXEL_BLENDERS, made by `make blender`, or this one."""
    named = [Path(p) for p in os.environ.get("LEXEL_BLENDERS", "").split(os.pathsep) if p]
    made = ROOT / f".venv-blender-{version}"
    made = made / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    candidates = [*named, made, Path(sys.executable)]
    return next((python for python in candidates if _version(python) == version), None)


def _version(python: Path) -> str:
    """`4.2` and the like by the packages beside an interpreter; empty if there is no Blender."""
    if python == Path(sys.executable):
        spec = importlib.util.find_spec("bpy")
        places = [Path(spec.origin).parents[1]] if spec and spec.origin else []
    else:
        places = list(python.parents[1].glob("[Ll]ib/**/site-packages"))
    found = [folder for place in places for folder in (place / "bpy").glob("[0-9].[0-9]")]
    return found[0].name if found else ""


@pytest.fixture(params=_VERSIONS)
def blender(request: pytest.FixtureRequest) -> Blender:
    """Each version of Blender in turn."""
    python = _interpreter(request.param)
    if python is None:
        pytest.skip(f"no Python with bpy {request.param} here: `make blender` makes one")
    return Blender(python)


@pytest.fixture
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A place of its own where a service says how to reach it; none runs there yet."""
    monkeypatch.setenv("LEXEL_RUNTIME", str(tmp_path / "runtime"))


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The extension as it is installed, without the 22 MB of words."""
    folder = tmp_path_factory.mktemp("archive")
    unpacked = build_addon.build_folder(folder / "lexel", words=False)
    return build_addon.build_zip(folder / "lexel.zip", unpacked)


@pytest.fixture(scope="module")
def field(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Two mugs, a table and a floor; the text tower lies in the cache beside it."""
    folder = tmp_path_factory.mktemp("kitchen")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LEXEL_CACHE", str(folder / "cache"))
        yield make_field(folder)
