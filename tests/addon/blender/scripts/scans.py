"""A scan completed and searched through the service that the extension starts itself."""

from __future__ import annotations

from pathlib import Path

import bpy
from extension import MODULE, facts, installed, part, settle, traces


def main(folder: Path, given: dict) -> dict:
    bpy.ops.wm.read_factory_settings(use_empty=True)
    before = traces()
    with installed(given["archive"]):
        preferences = bpy.context.preferences.addons[MODULE].preferences
        preferences.command, preferences.data_path = given["command"], str(folder)
        choices = bpy.context.scene.lexel
        unchosen = refused(bpy.ops.lexel.complete)
        choices.scan, choices.embedded = given["scan"], True
        choices.labels, choices.descriptions = "chair; plant", "the plant behind the chair"
        bpy.ops.mesh.primitive_cube_add()
        bpy.ops.object.mode_set(mode="EDIT")  # somebody goes on working meanwhile
        completed, said = added(bpy.ops.lexel.complete)
        assert bpy.context.object.mode == "EDIT"
        located, _ = added(bpy.ops.lexel.locate)
        choices.labels = "; ".join(["chair"] * 9)
        bpy.ops.lexel.complete()
        assert not bpy.ops.lexel.locate.poll()
        bpy.ops.lexel.cancel()
        settle()
        cancelled = facts()["message"]
        choices.scan = str(folder / "nowhere")
        nowhere = added(bpy.ops.lexel.locate)
    return {
        "unchosen": unchosen,
        "completed": completed,
        "said": said["message"],
        "located": located,
        "cancelled": cancelled,
        "nowhere": nowhere,
        "before": before,
        "after": traces(),
    }


def added(operator) -> tuple[dict, dict]:
    """The objects that came, by name, and what the panel says."""
    before = set(bpy.data.objects)
    operator()
    settle()
    places = part("blender.clouds").get_places
    told = {
        thing.name: {
            "type": thing.type,
            "count": len(places(thing.data)),
            "inferred": bool(thing["lexel_inferred"]),
        }
        for thing in set(bpy.data.objects) - before
    }
    return told, facts()


def refused(operator) -> str:
    try:
        operator()
    except RuntimeError as error:
        return str(error)
    return ""
