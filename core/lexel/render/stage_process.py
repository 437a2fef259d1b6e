"""Drawing a stage in a process of its own.

Blender as a module takes over what it is imported into: standard output, signals, one scene for
all, and a render cannot be stopped from within. A process can be ended at any time.
"""

from __future__ import annotations

import contextlib
import json
import queue
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from lexel.errors import InputError, LexelError
from lexel.progress import Progress, Silent
from lexel.render.blender import check_blender
from lexel.render.stage import Stage, save_stage
from lexel.render.stage_worker import shot_file

_WORKER = "lexel.render.stage_worker"
_STEPS = 100  # of progress, a shot
_POLL_S = 0.2
_LAST_WORDS = 600  # bytes of what Blender said, when it dies


def draw_stage(stage: Stage, progress: Progress | None = None) -> Iterator[npt.NDArray[np.uint8]]:
    """Yield a picture (H, W, 4) for each shot: sRGB and opacity, not premultiplied.

    Args:
        stage: what is drawn.
        progress: is asked several times a second, and may cancel.

    Raises:
        InputError: Blender is missing, or has not what the style needs.
        LexelError: it failed.
    """
    check_blender()
    progress = progress or Silent()
    progress.begin("drawing", _STEPS * len(stage.shots))
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        save_stage(folder, stage)
        with (folder / "said").open("w+b") as said, _started(folder, said) as told:
            for number in range(len(stage.shots)):
                _wait_for(number, told, said, progress)
                yield _load(shot_file(folder, number))


@contextlib.contextmanager
def _started(folder: Path, said: IO[bytes]) -> Iterator[queue.Queue[dict[str, Any] | None]]:
    """What the worker tells, None at its end; it is ended with the block."""
    command = [sys.executable, "-m", _WORKER, str(folder)]
    worker = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=said, bufsize=0
    )
    told: queue.Queue[dict[str, Any] | None] = queue.Queue()
    assert worker.stdout is not None
    listener = threading.Thread(target=_listen, args=(worker.stdout, told), daemon=True)
    listener.start()
    try:
        yield told
    finally:
        worker.kill()
        worker.wait()
        listener.join()
        worker.stdout.close()


def _listen(stream: IO[bytes], told: queue.Queue[dict[str, Any] | None]) -> None:
    with contextlib.suppress(ValueError, OSError):
        for line in iter(stream.readline, b""):
            told.put(json.loads(line))
    told.put(None)


def _wait_for(
    number: int,
    told: queue.Queue[dict[str, Any] | None],
    said: IO[bytes],
    progress: Progress,
) -> None:
    """Return once the shot is drawn."""
    steps = 0
    while True:
        try:
            facts = told.get(timeout=_POLL_S)
        except queue.Empty:
            progress.advance(0)  # may cancel
            continue
        if facts is None:
            raise LexelError("Blender ended before the picture was done", got=_tail(said))
        if "what" in facts:
            raise InputError(facts["what"], do=facts["do"])
        done = facts.get("done") == number + 1
        now = _STEPS if done else max(steps, int(_STEPS * facts.get("share", 0)))
        progress.advance(now - steps)
        steps = now
        if done:
            return


def _tail(said: IO[bytes]) -> str:
    said.seek(max(0, said.seek(0, 2) - _LAST_WORDS))
    return said.read().decode("utf-8", "replace")


def _load(path: Path) -> npt.NDArray[np.uint8]:
    from PIL import Image

    with Image.open(path) as image:
        return np.asarray(image.convert("RGBA"))
