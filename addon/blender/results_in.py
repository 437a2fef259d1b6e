"""Results of Lexel and of others as objects: meshes and clouds, each with its colour.

What nobody saw – a network says that it is there – is translucent, marked as `lexel_inferred`, and
hidden or shown by one switch.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import bpy
import numpy as np
import numpy.typing as npt

from lexel.scene import AnswerKind, Colour
from lexel.scene.palette import label_colours

from ..results import Results, Thing, open_results
from .clouds import fitting_radius, get_radius, new_cloud, set_column, set_radius
from .colouring import give_material
from .legend_objects import linear_of
from .names import COLOUR, INFERRED, ORIGIN, RADIUS, ROW
from .nodes import node_material

MANIFEST = "result.json"
_INFERRED_ALPHA = 0.55


def place_of(path: Path) -> Path:
    """What is opened when somebody chose a file: its folder, if the file tells of one."""
    return path.parent if path.name == MANIFEST else path


def add_results(path: Path, kind: AnswerKind | None = None) -> tuple[Any, Results]:
    """Everything at a path, in a collection of its own; of Lexel's results perhaps one kind alone.

    Raises:
        LexelError: there is nothing that can be shown.
    """
    results = open_results(path, kind)
    group = bpy.data.collections.new(results.name)
    bpy.context.scene.collection.children.link(group)
    spare = iter(label_colours(len(results.things)))
    for thing in results.things:
        colour = thing.colour or next(spare)
        made = _cloud(thing, colour) if thing.faces is None else _mesh(thing, colour)
        for other in made.users_collection:
            other.objects.unlink(made)
        group.objects.link(made)
        made[INFERRED] = thing.inferred
    return group, results


def told(group: Any, results: Results) -> str:
    """What the user should know of results that were added."""
    warning = ("MEANINGLESS: made with random weights.",) if results.meaningless else ()
    return " ".join((f"{len(group.objects)} objects.", *warning, *results.notes))


def show_inferred(scene: Any, shown: bool) -> None:
    """Show or hide all that was inferred: whole objects, and points of fields."""
    for thing in scene.objects:
        if thing.get(INFERRED):
            thing.hide_viewport = thing.hide_render = not shown
        elif ORIGIN in getattr(thing.data, "attributes", ()) and RADIUS in thing.data.attributes:
            set_radius(thing.data, get_radius(thing.data), inferred=shown)


def _cloud(thing: Thing, colour: Colour) -> Any:
    points = thing.points_m
    rgb = np.full((len(points), 3), colour, np.uint8) if thing.rgb is None else thing.rgb
    columns = {**thing.columns, ROW: np.zeros(len(points), np.int32)}
    cloud = new_cloud(thing.name, points, rgb, columns, fitting_radius(points))
    give_material(cloud, 1)
    return cloud


def _mesh(thing: Thing, colour: Colour) -> Any:
    mesh = bpy.data.meshes.new(thing.name)
    _fill(mesh, thing.points_m, thing.faces)
    for name, values in thing.columns.items():
        set_column(mesh, name, values)
    if thing.rgb is not None:
        rgba = np.ones((len(thing.rgb), 4), np.float32)
        rgba[:, :3] = thing.rgb / np.float32(255)
        held = mesh.color_attributes.new(COLOUR, "BYTE_COLOR", "POINT")
        held.data.foreach_set("color_srgb", rgba.reshape(-1))
    mesh.materials.append(_material(thing, colour))
    mesh.validate()
    made = bpy.data.objects.new(thing.name, mesh)
    bpy.context.collection.objects.link(made)
    return made


def _fill(mesh: Any, points_m: npt.NDArray[np.float32], faces: Any) -> None:
    mesh.vertices.add(len(points_m))
    mesh.attributes["position"].data.foreach_set("vector", points_m.reshape(-1))
    mesh.loops.add(3 * len(faces))
    mesh.loops.foreach_set("vertex_index", np.ascontiguousarray(faces, np.int32).reshape(-1))
    mesh.polygons.add(len(faces))
    mesh.polygons.foreach_set("loop_start", np.arange(0, 3 * len(faces), 3, dtype=np.int32))
    mesh.update(calc_edges=True)


def _material(thing: Thing, colour: Colour) -> Any:
    """Lit, in its colour or its vertices'; translucent where it was inferred."""
    material = node_material(thing.name)
    alpha = _INFERRED_ALPHA if thing.inferred else 1.0
    rgba = (*map(float, linear_of(colour)), 1.0)
    material.diffuse_color = (*rgba[:3], alpha)
    material.surface_render_method = "BLENDED" if thing.inferred else "DITHERED"
    nodes, links = material.node_tree.nodes, material.node_tree.links
    shader = nodes["Principled BSDF"]
    shader.inputs["Base Color"].default_value = rgba
    shader.inputs["Alpha"].default_value = alpha
    shader.inputs["Roughness"].default_value = 0.8
    if thing.rgb is not None:
        own = nodes.new("ShaderNodeAttribute")
        own.attribute_name = COLOUR
        links.new(own.outputs["Color"], shader.inputs["Base Color"])
    return material
