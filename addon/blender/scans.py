"""Completing and locating in one view of a scan, by the service; what it finds becomes objects."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import bpy

from lexel.errors import InputError
from lexel.scene import AnswerKind

from ..jobs import COMPLETE, LOCATE, SceneQuestion, answer_scene
from . import results_in, session
from .preferences import data_place

_KINDS = {COMPLETE: AnswerKind.COMPLETION, LOCATE: AnswerKind.LOCALISATION}
_WHOLE = (".pkl", ".pickle", ".r3d")  # a scan in one file; any other file is one of a folder


def start(choices: Any, kind: str) -> None:
    """Have the service do it; its results are added to the open scene when they are there.

    Args:
        choices: the panel's.
        kind: `COMPLETE` or `LOCATE`.

    Raises:
        InputError: no scan was chosen.
    """
    scan = scan_of(choices.scan)
    typed = choices.labels if kind == COMPLETE else choices.descriptions
    question = SceneQuestion(
        kind=kind,
        scene=scan,
        out=data_place(scan.stem, str(scan)),
        texts=tuple(text.strip() for text in typed.split(";") if text.strip()),
        view=choices.view,
        weights="embedded" if choices.embedded else None,
        quick=choices.quick,
    )
    session.current().have_done(partial(answer_scene, question=question), partial(_add, kind))


def scan_of(chosen: str) -> Path:
    """The scan that somebody chose, or of whose folder he chose a file.

    Raises:
        InputError: there is none.
    """
    if not chosen:
        raise InputError("no scan is chosen", do="Choose a scan, or a file in its folder.")
    path = Path(bpy.path.abspath(chosen)).absolute()
    return path.parent if path.is_file() and path.suffix.lower() not in _WHOLE else path


def _add(kind: str, folder: Path) -> None:
    group, results = results_in.add_results(folder, _KINDS[kind])
    session.current().say(results_in.told(group, results))
