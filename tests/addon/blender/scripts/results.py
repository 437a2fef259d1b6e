"""Results as objects, and the legend as one."""

from __future__ import annotations

from pathlib import Path

import bpy
import numpy as np
from extension import facts, installed, part, settle


def main(folder: Path, given: dict) -> dict:
    with installed(given["archive"]):
        bpy.ops.lexel.open_results(filepath=str(Path(given["results"]) / "result.json"))
        group = bpy.data.collections["My Kitchen"]
        things = {thing.name: thing_of(thing) for thing in group.objects}
        choices = bpy.context.scene.lexel
        choices.show_inferred = False
        hidden = sorted(thing.name for thing in group.objects if thing.hide_render)
        choices.show_inferred = True
        note = facts()["message"]
        legends = explain(given["field"])
        weighted = weigh()
        copied = copy_found()
    return {
        "things": things,
        "hidden": hidden,
        "note": note,
        "legends": legends,
        "weighted": weighted,
        "copied": copied,
    }


def thing_of(thing) -> dict:
    material = thing.data.materials[0]
    places = part("blender.clouds").get_places(thing.data)
    return {
        "type": thing.type,
        "count": len(places),
        "middle": places.mean(axis=0).tolist(),
        "colour": list(material.diffuse_color),
        "inferred": bool(thing["lexel_inferred"]),
        "columns": sorted(thing.data.attributes.keys()),
    }


def explain(field: str) -> dict:
    """The legend in either mode; the second takes the first one's place."""
    scene = bpy.context.scene
    scene.camera = bpy.data.objects.new("camera", bpy.data.cameras.new("camera"))
    scene.collection.objects.link(scene.camera)
    bpy.ops.lexel.open_field(filepath=field)
    scene.lexel.text = "mug; table"
    told = {}
    for mode in ("heat", "label"):
        scene.lexel.mode = mode
        settle()
        bpy.ops.lexel.add_legend()
        told[mode] = legend_of(scene)
    return told


def legend_of(scene) -> dict:
    bpy.context.view_layer.update()
    things = bpy.data.collections["Lexel legend"].objects
    frame = np.array(scene.camera.data.view_frame(scene=scene))
    seen = []
    for thing in things:
        if thing.type != "EMPTY":
            corners = np.array([thing.matrix_world @ _vector(c) for c in thing.bound_box])
            seen.append(corners[:, :2] / -corners[:, 2:] * -frame[0, 2])
    inside = np.concatenate(seen)
    return {
        "texts": sorted(thing.data.body for thing in things if thing.type == "FONT"),
        "inside": bool((np.abs(inside) <= np.abs(frame[:, :2]).max(axis=0) + 1e-4).all()),
        "images": sorted(image.name for image in bpy.data.images if "cividis" in image.name),
    }


def _vector(corner):
    from mathutils import Vector

    return Vector(corner)


def weigh() -> list[float]:
    """A mesh over the first mug and the floor is weighted by what is near."""
    mesh = bpy.data.meshes.new("probe")
    mesh.from_pydata([(0.5, 0, 0.8), (3.5, 3.5, 0)], [], [])
    probe = bpy.data.objects.new("probe", mesh)
    bpy.context.scene.collection.objects.link(probe)
    bpy.context.scene.lexel.mode, bpy.context.scene.lexel.query = "heat", 0
    settle()
    bpy.ops.object.select_all(action="DESELECT")
    probe.select_set(True)
    bpy.ops.lexel.vertex_group()
    group = probe.vertex_groups["lexel"].index
    return [sum(g.weight for g in v.groups if g.group == group) for v in mesh.vertices]


def copy_found() -> list[list[float]]:
    before = set(bpy.data.objects)
    bpy.ops.lexel.separate_points()
    (made,) = set(bpy.data.objects) - before
    return part("blender.clouds").get_places(made.data).tolist()
