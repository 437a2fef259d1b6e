"""Blender's classes: added one after the other, taken away in reverse."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack

import bpy


def register_classes(kinds: Iterable[type], undo: ExitStack) -> None:
    """Add classes to Blender.

    Args:
        undo: is told how each is taken away.
    """
    for kind in kinds:
        bpy.utils.register_class(kind)
        undo.callback(bpy.utils.unregister_class, kind)
