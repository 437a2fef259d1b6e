"""The process in which Blender draws: `python -m lexel.render.stage_worker FOLDER`.

It reads the stage from the folder, writes `shot-N.png` for each shot, and says on standard output
how far it is, a JSON object a line. It ends when nobody listens any more, so that it does not
outlive who started it. (Blender keeps Python to itself while it draws: no thread could watch.)
"""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from typing import Any, TextIO

from lexel.errors import LexelError
from lexel.io.atomic import replacing_file
from lexel.render.blender import import_bpy
from lexel.render.blender_stage import BlenderStage
from lexel.render.stage import load_stage

_SAMPLE = re.compile(r"Sample (\d+)/(\d+)")  # in what Cycles says of its progress


def main(folder: Path) -> int:
    """Draw all shots of the stage in the folder."""
    told = _only_for_us()
    try:
        stage, bpy = load_stage(folder), import_bpy()
        drawing = BlenderStage(bpy, stage)
        bpy.app.handlers.render_stats.append(lambda said: _tell_share(told, str(said)))
        for number, shot in enumerate(stage.shots):
            _save(shot_file(folder, number), drawing.render(shot))
            _tell(told, done=number + 1)
    except LexelError as error:
        _tell(told, what=error.what, do=error.do)
        return error.exit_code
    return 0


def shot_file(folder: Path, number: int) -> Path:
    """Where the picture of a shot is written."""
    return folder / f"shot-{number}.png"


def _only_for_us() -> TextIO:
    """Standard output for us alone: what Blender prints goes to standard error."""
    ours = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return ours


def _tell_share(told: TextIO, said: str) -> None:
    if found := _SAMPLE.search(said):
        _tell(told, share=int(found[1]) / int(found[2]))


def _tell(told: TextIO, **facts: Any) -> None:
    try:
        told.write(json.dumps(facts) + "\n")
        told.flush()
    except OSError:
        os._exit(1)


def _save(path: Path, picture: Any) -> None:
    from PIL import Image

    with replacing_file(path) as temporary:
        Image.fromarray(picture).save(temporary, format="png", compress_level=1)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
