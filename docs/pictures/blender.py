"""Makes the pictures of docs/blender.md: the panel in a real window, and two rendered answers.

    python docs/pictures/blender.py [--field NAME.lexel] [--only window|heat|labels ...]

The figures need `bpy`; the window needs Debian's `blender` (3.4), `xvfb`, `xdotool` and
`imagemagick`. Without --field, the sample scan is built first with the embedded weights.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "core")]

import build_addon  # noqa: E402

INSIDE = HERE / "blender_inside.py"
HEAT, LABELS = "house plant", "house plant; pink sofa; black piano; red bookcase; green lamp"
LEAST = "0.65"
_LEXEL = "from lexel.cli import main; main()"
_SIZE_PX = (1440, 900)
_TAB, _QUERY = (1176, 198), (1063, 153)  # in the window, pixels
_READY_S, _PAUSE_S = 120, 6  # drawing in software takes seconds


def main() -> None:
    given = _arguments()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        field = given.field or _build_field(folder)
        package = build_addon.build_folder(folder / "lexel_addon", words=True)
        for name in given.only or ("heat", "labels", "window"):
            _PICTURES[name](package, field.resolve())


def heat(package: Path, field: Path) -> None:
    _render(package, field, "blender-heat.png", HEAT)


def labels(package: Path, field: Path) -> None:
    _render(package, field, "blender-labels.png", LABELS, LEAST)


def window(package: Path, field: Path) -> None:
    """A person opens the tab Lexel and types a query."""
    ready = package.parent / "ready"
    with _display() as environment, _blender(package, field, ready, environment):
        until = time.monotonic() + _READY_S
        while not ready.exists():
            assert time.monotonic() < until, "Blender does not get ready"
            time.sleep(1)
        press = ("xdotool", "mousemove")
        for work in (
            (*press, *map(str, _TAB), "click", "1"),
            (*press, *map(str, _QUERY), "click", "--repeat", "2", "--delay", "60", "1"),
            ("xdotool", "type", "--delay", "150", HEAT),
            ("true",),
            ("import", "-window", "root", str(HERE / "blender-panel.png")),
        ):
            time.sleep(_PAUSE_S)
            subprocess.run(work, env=environment, check=True)


def _render(package: Path, field: Path, name: str, *asked: str) -> None:
    command = (sys.executable, INSIDE, "figure", package, field, HERE / name, *asked)
    subprocess.run([str(word) for word in command], check=True)


@contextmanager
def _display() -> Iterator[dict[str, str]]:
    """The environment of programs that draw on a screen of their own."""
    reader, writer = os.pipe()
    screen = f"{_SIZE_PX[0]}x{_SIZE_PX[1]}x24"
    command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", screen]
    server = subprocess.Popen(command, pass_fds=[writer])
    try:
        number = os.read(reader, 16).decode().strip()
        yield {**os.environ, "DISPLAY": f":{number}"}
    finally:
        server.terminate()
        server.wait()


@contextmanager
def _blender(
    package: Path, field: Path, ready: Path, environment: dict[str, str]
) -> Iterator[None]:
    blender = shutil.which("blender")
    assert blender, "Debian's blender is not installed"
    size = ("--window-geometry", "0", "0", *map(str, _SIZE_PX))
    command = [blender, "--factory-startup", *size, "-P", INSIDE, "--", "window"]
    running = subprocess.Popen(
        [*map(str, command), str(package), str(field), str(ready)],
        env={**environment, "BLENDER_USER_RESOURCES": str(package.parent / "resources")},
    )
    try:
        yield
    finally:
        running.terminate()
        running.wait()


def _build_field(folder: Path) -> Path:
    out = folder / "scan.lexel"
    scan = ROOT / "sample_scenes" / "scan"
    command = [sys.executable, "-c", _LEXEL, "build", scan, "--encoder", "embedded"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "core")}
    subprocess.run([*map(str, command), "--out", str(out)], check=True, env=environment)
    return out


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--field", type=Path, help="one of the sample scan")
    parser.add_argument("--only", action="append", choices=_PICTURES)
    return parser.parse_args()


_PICTURES = {"heat": heat, "labels": labels, "window": window}


if __name__ == "__main__":
    main()
