"""Start-up is quick because nothing heavy is imported before it is needed."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = (
    "PyQt6",
    "bpy",
    "huggingface_hub",
    "imageio_ffmpeg",
    "matplotlib",
    "open3d",
    "open_clip",
    "pyvista",
    "scipy",
    "sentence_transformers",
    "skimage",
    "starlette",
    "torch",
    "torchvision",
    "transformers",
    "trimesh",
    "uvicorn",
)

# Runs the console script as the installed `lexel` does, then tells what that imported.
RUN = """
import importlib.metadata, json, sys
(script,) = importlib.metadata.entry_points(group="console_scripts", name="lexel")
sys.argv = ["lexel", *json.loads(sys.argv[1])]
try:
    code = script.load()()
except SystemExit as exit:
    code = exit.code
print(json.dumps(sorted(sys.modules)), file=sys.stderr)
sys.exit(code)
"""

COMMANDS = (
    *("ask", "build", "complete", "demo", "doctor", "figure", "locate", "object-views", "pack"),
    *("relevancy", "serve", "view", "weights"),
)


def test_import_lexel_loads_nothing_heavy() -> None:
    code = "import json, sys, lexel; print(json.dumps(sorted(sys.modules)))"
    _assert_light(_run(code).stdout)


@pytest.mark.parametrize("arguments", [["--help"], *([name, "--help"] for name in COMMANDS)])
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    done = _run(RUN, json.dumps(arguments))
    assert "Usage" in done.stdout
    _assert_light(done.stderr.splitlines()[-1])


def _run(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, encoding="utf-8", timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done


def _assert_light(modules_json: str) -> None:
    loaded = {name.partition(".")[0] for name in json.loads(modules_json)}
    assert "lexel" in loaded
    assert not loaded & set(HEAVY)
