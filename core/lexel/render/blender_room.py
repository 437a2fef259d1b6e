"""A room of the synthetic world as a Blender scene: shapes, materials and light.

Plain colours are faces' attributes. Patterns (wood's rings, a carpet's threads) are the ray
caster's, laid on as the camera sees them; light that bounces meets the plain colours.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lexel.synthetic.materials import MATERIALS
from lexel.synthetic.render import Surfaces
from lexel.synthetic.room import Room

PATTERNS = "patterns"  # name of the image
_COLOUR = "colour"  # name of the faces' attribute

# Roughness and how metallic a material is; (0.9, 0) where it is not told.
_SHEEN = {
    "metal": (0.35, 0.6),
    "plastic": (0.4, 0.0),
    "ceramic": (0.2, 0.0),
    "glass": (0.08, 0.0),
    "leather": (0.5, 0.0),
    "screen": (0.2, 0.0),
    "planks": (0.45, 0.0),
    "wood": (0.5, 0.0),
    "tile": (0.3, 0.0),
    "marble": (0.25, 0.0),
}
_GLOW = 1.2  # of lampshades, as the ray caster has it
# Strengths that make walls and floors as bright as the ray caster's lamp, daylight and ambient
# light do, which fade and fill differently: found by comparing pictures.
_LAMP_W, _SUN_W_M2, _AMBIENT_W_M2 = 120.0, np.pi, 4.0
_LAMP_RADIUS_M, _SUN_ANGLE_RAD = 0.08, 0.02
_APART_M, _GOLDEN = 1e-3, 0.618034  # its multiples, modulo 1, never come close to each other


def furnish_scene(bpy: Any, surfaces: Surfaces, room: Room) -> Any:
    """Blender's scene, emptied, with the room and its light in it."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    materials = [_material(bpy, name) for name in MATERIALS]
    for is_shell in (False, True):
        chosen = (surfaces.instance == 0) == is_shell
        shape = _shape(bpy, surfaces, chosen, materials)
        scene.collection.objects.link(shape)
        # Daylight is not stopped by the room's own walls: they would shut all of it out.
        shape.visible_shadow = not is_shell
    _light(bpy, scene, room)
    return scene


def show_patterns(bpy: Any, factor: NDArray[np.float32]) -> None:
    """Lay patterns [H, W] (linear factors, first row on top) on what the camera sees."""
    height, width = factor.shape
    image = bpy.data.images.get(PATTERNS)
    if image is not None:
        bpy.data.images.remove(image)
    image = bpy.data.images.new(PATTERNS, width, height, float_buffer=True, is_data=True)
    pixels = np.ones((height, width, 4), np.float32)
    pixels[..., :3] = factor[::-1, :, None]
    image.pixels.foreach_set(pixels.ravel())
    for material in bpy.data.materials:
        material.node_tree.nodes[PATTERNS].image = image


def _shape(bpy: Any, surfaces: Surfaces, chosen: NDArray[np.bool_], materials: list[Any]) -> Any:
    """An object of some of the triangles; corners are not shared."""
    corners = _apart(surfaces.vertices[surfaces.triangles[chosen]], surfaces.part[chosen])
    corners = corners.reshape(-1, 3)
    count = len(corners) // 3
    mesh = bpy.data.meshes.new("room")
    mesh.vertices.add(len(corners))
    mesh.loops.add(len(corners))
    mesh.polygons.add(count)
    mesh.vertices.foreach_set("co", np.ascontiguousarray(corners, np.float32).ravel())
    mesh.loops.foreach_set("vertex_index", np.arange(len(corners), dtype=np.int32))
    mesh.polygons.foreach_set("loop_start", np.arange(0, len(corners), 3, dtype=np.int32))
    for material in materials:
        mesh.materials.append(material)
    mesh.polygons.foreach_set("material_index", surfaces.material[chosen].astype(np.int32))
    colour = np.ones((count, 4), np.float32)
    colour[:, :3] = surfaces.rgb[chosen]
    mesh.attributes.new(_COLOUR, "FLOAT_COLOR", "FACE").data.foreach_set("color", colour.ravel())
    mesh.update()
    return bpy.data.objects.new("room", mesh)


def _apart(corners: NDArray[np.float32], part: NDArray[np.int64]) -> NDArray[np.float32]:
    """Triangles [T, 3, 3] grown a little, each piece otherwise: no two faces in one plane.

    Where they were, a path that starts on one would meet the other at once, and end in the dark.
    """
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-12)
    by = _APART_M * np.mod(part * _GOLDEN, 1)
    return np.asarray(corners + (normal * by[:, None])[:, None], np.float32)


def _material(bpy: Any, name: str) -> Any:
    material = bpy.data.materials.new(name)
    if material.node_tree is None:  # before Blender 5
        material.use_nodes = True
    nodes, links = material.node_tree.nodes, material.node_tree.links
    shader = nodes["Principled BSDF"]
    shader.inputs["Roughness"].default_value, shader.inputs["Metallic"].default_value = _SHEEN.get(
        name, (0.9, 0.0)
    )
    colour = _patterned(nodes, links)
    links.new(colour, shader.inputs["Base Color"])
    if name == "glow":
        links.new(colour, shader.inputs["Emission Color"])
        shader.inputs["Emission Strength"].default_value = _GLOW
    return material


def _patterned(nodes: Any, links: Any) -> Any:
    """The socket of a face's colour, times the pattern where the camera itself looks."""
    plain, place = nodes.new("ShaderNodeAttribute"), nodes.new("ShaderNodeTexCoord")
    plain.attribute_name = _COLOUR
    pattern, path = nodes.new("ShaderNodeTexImage"), nodes.new("ShaderNodeLightPath")
    pattern.name, pattern.extension = PATTERNS, "EXTEND"
    mix = nodes.new("ShaderNodeMix")
    mix.data_type, mix.blend_type, mix.clamp_result = "RGBA", "MULTIPLY", False
    inputs = {s.identifier: s for s in mix.inputs}
    links.new(place.outputs["Window"], pattern.inputs["Vector"])
    links.new(path.outputs["Is Camera Ray"], inputs["Factor_Float"])
    links.new(plain.outputs["Color"], inputs["A_Color"])
    links.new(pattern.outputs["Color"], inputs["B_Color"])
    return next(s for s in mix.outputs if s.identifier == "Result_Color")


def _light(bpy: Any, scene: Any, room: Room) -> None:
    """The lamp, daylight, and the sky's light as the whole ceiling shining faintly."""
    from mathutils import Vector

    light = room.light
    lamp = _new_light(bpy, scene, "POINT", light.lamp_rgb, _LAMP_W)
    lamp.location, lamp.data.shadow_soft_size = light.lamp, _LAMP_RADIUS_M
    sun = _new_light(bpy, scene, "SUN", light.sun_rgb, _SUN_W_M2)
    sun.rotation_euler = Vector(light.sun).to_track_quat("Z", "Y").to_euler()
    sun.data.angle = _SUN_ANGLE_RAD
    width, depth, height = room.size
    sky = _new_light(bpy, scene, "AREA", light.ambient_rgb, _AMBIENT_W_M2 * width * depth)
    sky.data.shape, sky.data.size, sky.data.size_y = "RECTANGLE", width, depth
    sky.location, sky.visible_camera = (0, 0, height - 0.01), False


def _new_light(bpy: Any, scene: Any, kind: str, rgb: tuple[float, ...], power: float) -> Any:
    data = bpy.data.lights.new(kind, kind)
    strength = max(*rgb, 1e-6)
    data.color, data.energy = [v / strength for v in rgb], power * strength
    holder = bpy.data.objects.new(kind, data)
    scene.collection.objects.link(holder)
    return holder
