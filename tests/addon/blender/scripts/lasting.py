"""A question through saving, loading, undoing, and the loss of its field."""

from __future__ import annotations

import shutil
from pathlib import Path

import bpy
from extension import facts, installed, part, settle


def main(folder: Path, given: dict) -> dict:
    field = shutil.copytree(given["field"], folder / "moved.lexel")
    blend = str(folder / "scene.blend")
    with installed(given["archive"]):
        bpy.ops.lexel.open_field(filepath=str(field))
        choices = bpy.context.scene.lexel
        choices.text, choices.mode, choices.balance = "mug; table", "label", 0.25
        settle()
        first = shown()
        bpy.ops.wm.save_as_mainfile(filepath=blend)
        bpy.ops.wm.open_mainfile(filepath=blend)
        loaded = {**shown(), "text": bpy.context.scene.lexel.text}  # before anything is asked
        settle()
        again = shown()
        bpy.context.scene.lexel.text = "floor"
        settle()
        other = shown()
        undone = undo()
        other_version = ask_another_version()
        field.rename(folder / "away.lexel")
        part("blender.session").current().close_fields()
        bpy.context.scene.lexel.text = "table"
        settle()
        lost = facts()
        both = folder / "elsewhere"
        both.mkdir()
        (folder / "away.lexel").rename(both / "moved.lexel")
        bpy.ops.wm.open_mainfile(filepath=str(shutil.copy(blend, both)))
        part("blender.session").current().close_fields()
        bpy.context.scene.lexel.text = "mug; table "
        settle()
        linked = {**facts(), **shown()}
    bpy.ops.wm.open_mainfile(filepath=blend)  # the add-on is off: the colours stay
    material = next(m for m in bpy.data.materials if m.name.startswith("Lexel"))
    image = material.node_tree.nodes["table"].image
    return {
        "first": first,
        "loaded": loaded,
        "again": again,
        "other": other,
        "undone": undone,
        "other_version": other_version,
        "lost": lost,
        "linked": linked,
        "without": list(image.pixels)[: len(first["table"])],
    }


def shown() -> dict:
    """What stands in the attribute and in the table."""
    cloud = bpy.context.scene.lexel.cloud
    image = part("blender.material").table_of(cloud.data.materials[0])
    scores = part("blender.clouds").get_column(cloud.data, "lexel_score")
    return {"scores": scores.tolist(), "table": list(image.pixels)[:64]}


def ask_another_version() -> dict:
    """What is said while the cloud was made of a field that has been built anew since."""
    choices = bpy.context.scene.lexel
    kept, choices.cloud.lexel.points = choices.cloud.lexel.points, "0" * 64
    choices.text = "wall"
    settle()
    choices.cloud.lexel.points = kept
    return facts()


def undo() -> dict:
    """A step back over a change of the query."""
    choices = bpy.context.scene.lexel
    bpy.ops.ed.undo_push(message="before")
    choices.text = "mug"
    settle()
    bpy.ops.ed.undo_push(message="after")
    bpy.ops.ed.undo()
    settle()
    return {**shown(), "text": bpy.context.scene.lexel.text}
