"""Lexel's extension, installed from its archive into a repository of its own, and switched on."""

from __future__ import annotations

import importlib
import threading
import time
from contextlib import contextmanager
from typing import Any

import bpy
from stopwatch import held_up_s

MODULE = "bl_ext.user_default.lexel"
_WAIT_S = 240


@contextmanager
def installed(archive: str):
    """Empty Blender with the extension switched on; afterwards it is off again."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    bpy.ops.extensions.package_install_files(
        repo="user_default", filepath=archive, enable_on_install=True
    )
    assert MODULE in bpy.context.preferences.addons
    try:
        yield
    finally:
        bpy.ops.preferences.addon_disable(module=MODULE)


def part(name: str) -> Any:
    """A module of the extension, such as `blender.session`."""
    return importlib.import_module(f"{MODULE}.{name}")


def settle() -> float:
    """Tick as Blender's timer would, until nothing is to come; the longest tick in seconds."""
    session, longest = part("blender.session"), 0.0
    until = time.perf_counter() + _WAIT_S
    while True:
        began = held_up_s()
        again = session.tick()
        longest = max(longest, held_up_s() - began)
        if again is None:
            return longest
        assert time.perf_counter() < until, f"nothing came; the panel says {facts()}"
        time.sleep(again)


def facts() -> dict[str, Any]:
    """What the panel says."""
    held = bpy.context.window_manager.lexel
    return {
        "message": held.message,
        "is_error": held.is_error,
        "entries": [(entry.text, entry.said) for entry in held.entries],
        "bar": f"{held.bar_title}: {held.bar_ends}",
        "suggested": held.suggested,
    }


def traces() -> dict[str, Any]:
    """What an extension could leave behind in a Blender it was switched on in."""
    return {
        # By name: loading factory settings has Blender add some of its own twice.
        "handlers": {
            name: sorted({f"{call.__module__}.{call.__qualname__}" for call in calls})
            for name in dir(bpy.app.handlers)
            if isinstance(calls := getattr(bpy.app.handlers, name), list)
        },
        "threads": sorted(thread.name for thread in threading.enumerate()),
        "images": sorted(image.name for image in bpy.data.images),
        "properties": sorted(
            f"{kind.__name__}.lexel"
            for kind in (bpy.types.Object, bpy.types.Scene, bpy.types.WindowManager)
            if hasattr(kind, "lexel")
        ),
        "classes": sorted(name for name in dir(bpy.types) if "lexel" in name.lower()),
        "operators": sorted(name for name in dir(bpy.ops.lexel)),
        "menu": len(bpy.types.TOPBAR_MT_file_import._dyn_ui_initialize()),
    }
