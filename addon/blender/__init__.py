"""What Blender sees: properties, operators, the panel. All of bpy is used in here only."""

from __future__ import annotations

from contextlib import ExitStack

from . import choices, handlers, operators, panel, preferences, session

# Each has `register`, which adds to Blender and notes how that is taken away again.
_PARTS = (preferences, choices, session, operators, panel, handlers)
_registered: list[ExitStack] = []  # none, or the one that takes everything away


def register() -> None:
    """Add everything to Blender, or nothing where something fails."""
    with ExitStack() as undo:
        for part in _PARTS:
            part.register(undo)
        _registered.append(undo.pop_all())


def unregister() -> None:
    """Take everything away again; what fails keeps nothing else from going."""
    if _registered:
        _registered.pop().close()
