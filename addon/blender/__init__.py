"""What Blender sees: properties, operators, the panel. All of bpy is used in here only."""

from __future__ import annotations

from . import choices, handlers, operators, panel, preferences, session

_PARTS = (preferences, choices, session, operators, panel, handlers)


def register() -> None:
    """Add everything to Blender."""
    for part in _PARTS:
        part.register()


def unregister() -> None:
    """Take everything away again."""
    for part in reversed(_PARTS):
        part.unregister()
