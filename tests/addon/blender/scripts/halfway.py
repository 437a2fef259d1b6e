"""Switching the extension on where one of its classes is refused by Blender."""

from __future__ import annotations

from pathlib import Path

import bpy
from extension import MODULE, installed, part, traces


class Refused(bpy.types.Panel):
    """A panel that says neither where it stands nor what it is called."""


def main(folder: Path, given: dict) -> dict:
    bpy.ops.wm.read_factory_settings(use_empty=True)
    with installed(given["archive"]):
        working = traces()
    before = traces()
    panel = part("blender.panel")
    whole, panel.CLASSES = panel.CLASSES, (*panel.CLASSES, Refused)
    try:
        bpy.ops.preferences.addon_enable(module=MODULE)
        said = ""
    except RuntimeError as error:
        said = str(error)
    enabled, failed = MODULE in bpy.context.preferences.addons, traces()
    panel.CLASSES = whole
    bpy.ops.preferences.addon_enable(module=MODULE)
    again = traces()
    bpy.ops.preferences.addon_disable(module=MODULE)
    return {
        "working": working,
        "before": before,
        "said": said,
        "enabled": enabled,
        "failed": failed,
        "again": again,
        "after": traces(),
    }
