"""A scene made askable through the service that the extension starts itself."""

from __future__ import annotations

from pathlib import Path

import bpy
import numpy as np
from extension import MODULE, facts, installed, part, settle, traces

THINGS = {"table": (0, 0, 0.4), "ball": (1.2, 0.4, 0.3), "block": (-1.1, -0.5, 0.25)}


def main(folder: Path, given: dict) -> dict:
    bpy.ops.wm.read_factory_settings(use_empty=True)
    before = traces()
    with installed(given["archive"]):
        preferences = bpy.context.preferences.addons[MODULE].preferences
        preferences.command, preferences.data_path = given["command"], str(folder)
        furnish()
        counts = {kind: len(getattr(bpy.data, kind)) for kind in ("scenes", "materials", "cameras")}
        choices = bpy.context.scene.lexel
        choices.engine, choices.most_views, choices.embedded = "BLENDER_WORKBENCH", 3, True
        bpy.ops.lexel.make_askable()
        bpy.data.objects.remove(bpy.data.objects["gone"])  # while the field is being built
        assert {kind: len(getattr(bpy.data, kind)) for kind in counts} == counts
        settle()
        told = facts()
        assert not told["is_error"], told["message"]
        cloud = choices.cloud
        codes = {
            item.thing.name: [(held.code, held.share) for held in item.codes]
            for item in cloud.lexel.things
        }
        choices.text = "ball"
        settle()
        choices.suggested, choices.threshold = False, between_the_best(cloud)
        settle()
        matched = act()
        clouds = part("blender.clouds")
        np.savez(
            folder / "seen.npz",
            places=clouds.get_places(cloud.data),
            code=clouds.get_column(cloud.data, "code"),
        )
        asked = {"field": cloud.lexel.path, "threshold": choices.threshold}
    return {"codes": codes, **asked, "before": before, "after": traces(), **matched}


def between_the_best(cloud) -> float:
    """A threshold that most of one object reaches, and no other."""
    score = part("blender.session").current().answer.shown.score
    middles = []
    for item in cloud.lexel.things:
        held = sorted(((score[c.code], c.share) for c in item.codes), reverse=True)
        half, total = sum(share for _, share in held) / 2, np.cumsum([s for _, s in held])
        middles.append(held[int(np.searchsorted(total, half))][0])
    best, second = sorted(middles, reverse=True)[:2]
    return float(best + second) / 2


def act() -> dict:
    """What each button does with the objects that match."""
    things = {name: bpy.data.objects[name] for name in (*THINGS, "floor")}
    bpy.ops.lexel.select_objects()
    selected = sorted(name for name, thing in things.items() if thing.select_get())
    bpy.ops.lexel.isolate_objects()
    isolated = sorted(name for name, thing in things.items() if not thing.hide_render)
    bpy.ops.lexel.show_objects()
    bpy.ops.lexel.hide_objects()
    hidden = sorted(name for name, thing in things.items() if thing.hide_render)
    bpy.ops.lexel.show_objects()
    shown = sorted(name for name, thing in things.items() if not thing.hide_viewport)
    own = bpy.data.collections.new("ball")  # the user's, and none of ours
    bpy.context.scene.collection.children.link(own)
    own.objects.link(things["floor"])
    for _ in range(2):
        bpy.ops.lexel.collect_objects()
    made = [group for group in bpy.data.collections if group.get("lexel_query") == "ball"]
    assert len(made) == 1 and [thing.name for thing in own.objects] == ["floor"]
    collected = sorted(thing.name for thing in made[0].objects)
    return {
        "selected": selected,
        "isolated": isolated,
        "hidden": hidden,
        "shown": shown,
        "collected": collected,
    }


def furnish() -> None:
    """A floor and three things, of plain colours."""
    add = bpy.ops.mesh
    add.primitive_plane_add(size=5)
    bpy.context.object.name = "floor"
    add.primitive_cube_add(size=0.8, location=THINGS["table"])
    bpy.context.object.name = "table"
    add.primitive_uv_sphere_add(radius=0.3, location=THINGS["ball"])
    bpy.context.object.name = "ball"
    add.primitive_cube_add(size=0.5, location=THINGS["block"])
    bpy.context.object.name = "block"
    add.primitive_cube_add(size=0.2, location=(0.9, -1.0, 0.1))
    bpy.context.object.name = "gone"
    colours = {"table": (0.5, 0.3, 0.1), "ball": (0.8, 0.1, 0.1), "block": (0.1, 0.2, 0.8)}
    for name, rgb in colours.items():
        material = bpy.data.materials.new(name)
        material.diffuse_color = (*rgb, 1)
        bpy.data.objects[name].data.materials.append(material)
    bpy.ops.object.select_all(action="DESELECT")
