"""What Blender calls when a file is loaded or saved, and when something is undone."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

import bpy
from bpy.app.handlers import persistent

from . import session
from .material import table_of


@persistent  # type: ignore[untyped-decorator]
def _other_state(*_: Any) -> None:
    """Another file, or another step: what was asked there is asked again."""
    session.current().forget()
    scene = bpy.context.scene
    if scene is not None:
        session.current().ask(scene)


@persistent  # type: ignore[untyped-decorator]
def _before_saving(*_: Any) -> None:
    """Colour tables are saved within the file; Blender would drop what was only computed."""
    for material in bpy.data.materials:
        image = table_of(material)
        if image is not None and image.is_dirty:
            image.pack()


def _lists() -> tuple[tuple[list[Any], Any], ...]:
    handlers = bpy.app.handlers
    return (
        (handlers.load_post, _other_state),
        (handlers.undo_post, _other_state),
        (handlers.redo_post, _other_state),
        (handlers.save_pre, _before_saving),
    )


def register(undo: ExitStack) -> None:
    for calls, function in _lists():
        calls.append(function)
        undo.callback(calls.remove, function)
