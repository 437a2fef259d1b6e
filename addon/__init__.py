"""Lexel's Blender extension: ask 3D scenes questions in plain words, in the 3D View's sidebar."""

from __future__ import annotations


def register() -> None:
    """Called by Blender when the extension is switched on."""
    from .blender import register as register_all

    register_all()


def unregister() -> None:
    """Called by Blender when the extension is switched off."""
    from .blender import unregister as unregister_all

    unregister_all()
