"""Materials that show the colours of points and vertices."""

from __future__ import annotations

from typing import Any

COLOUR, NORMAL, INFERRED = "lexel_colour", "lexel_normal", "lexel_inferred"  # attributes

_LIT = 0.7  # share of light that comes from the lamps; the rest is the colour's own
_PALE, _STRIPE = 0.25, 0.72  # share of white in what is inferred, and in its hatching's lines
_STRIPE_WIDTH = 0.32  # of their distance
_LINES = "hatching"  # name of the node that counts lines across the picture


def cloud_material(bpy: Any, soft: bool, shaded: bool) -> Any:
    """For points. `shaded`: by their normals, so that a wall of small balls looks like a wall."""
    material = _new(bpy, "cloud")
    colour = _attribute(material, COLOUR).outputs["Color"]
    normal = _attribute(material, NORMAL).outputs["Vector"] if shaded else None
    _finish(material, colour, soft, normal)
    return material


def mesh_material(bpy: Any, soft: bool) -> Any:
    """For meshes; what is inferred is pale and hatched."""
    material = _new(bpy, "mesh")
    nodes, links = material.node_tree.nodes, material.node_tree.links
    colour = _attribute(material, COLOUR).outputs["Color"]
    inferred = _attribute(material, INFERRED).outputs["Fac"]
    is_inferred = _maths(material, "GREATER_THAN", inferred, 0.5)
    place, lines = nodes.new("ShaderNodeTexCoord"), nodes.new("ShaderNodeVectorMath")
    lines.name, lines.operation = _LINES, "DOT_PRODUCT"
    links.new(place.outputs["Window"], lines.inputs[0])
    on_line = _maths(
        material, "LESS_THAN", _maths(material, "FRACT", lines.outputs["Value"]), _STRIPE_WIDTH
    )
    more = _maths(material, "MULTIPLY_ADD", on_line, _STRIPE - _PALE, _PALE)
    white = _maths(material, "MULTIPLY", more, is_inferred)
    mix = nodes.new("ShaderNodeMix")
    mix.data_type = "RGBA"
    inputs = {socket.identifier: socket for socket in mix.inputs}
    links.new(white, inputs["Factor_Float"])
    links.new(colour, inputs["A_Color"])
    inputs["B_Color"].default_value = (1, 1, 1, 1)
    result = next(socket for socket in mix.outputs if socket.identifier == "Result_Color")
    _finish(material, result, soft, None)
    return material


def set_hatching(material: Any, size_px: tuple[int, int], distance_px: float) -> None:
    """Let the lines of `mesh_material` be `distance_px` apart in a picture of this size."""
    across = 2**0.5 * distance_px  # they fall at 45 degrees
    per_picture = (size_px[0] / across, size_px[1] / across, 0)
    material.node_tree.nodes[_LINES].inputs[1].default_value = per_picture


def _new(bpy: Any, name: str) -> Any:
    material = bpy.data.materials.new(name)
    if material.node_tree is None:  # before Blender 5
        material.use_nodes = True
    material.node_tree.nodes.clear()
    return material


def _finish(material: Any, colour: Any, soft: bool, normal: Any) -> None:
    """Show `colour` as it is, or partly lit."""
    nodes, links = material.node_tree.nodes, material.node_tree.links
    out, glow = nodes.new("ShaderNodeOutputMaterial"), nodes.new("ShaderNodeEmission")
    links.new(colour, glow.inputs["Color"])
    if not soft:
        links.new(glow.outputs[0], out.inputs["Surface"])
        return
    matt, mix = nodes.new("ShaderNodeBsdfDiffuse"), nodes.new("ShaderNodeMixShader")
    links.new(colour, matt.inputs["Color"])
    if normal is not None:
        links.new(_own_or(material, normal), matt.inputs["Normal"])
    mix.inputs[0].default_value = _LIT
    links.new(glow.outputs[0], mix.inputs[1])
    links.new(matt.outputs[0], mix.inputs[2])
    links.new(mix.outputs[0], out.inputs["Surface"])


def _own_or(material: Any, normal: Any) -> Any:
    """The attribute's normal, or the shape's where it is zero."""
    nodes, links = material.node_tree.nodes, material.node_tree.links
    length, mix = nodes.new("ShaderNodeVectorMath"), nodes.new("ShaderNodeMix")
    length.operation, mix.data_type = "LENGTH", "VECTOR"
    links.new(normal, length.inputs[0])
    known = _maths(material, "GREATER_THAN", length.outputs["Value"], 0.5)
    inputs = {socket.identifier: socket for socket in mix.inputs}
    links.new(known, inputs["Factor_Float"])
    links.new(nodes.new("ShaderNodeNewGeometry").outputs["Normal"], inputs["A_Vector"])
    links.new(normal, inputs["B_Vector"])
    return next(socket for socket in mix.outputs if socket.identifier == "Result_Vector")


def _attribute(material: Any, name: str) -> Any:
    node = material.node_tree.nodes.new("ShaderNodeAttribute")
    node.attribute_name = name
    return node


def _maths(material: Any, operation: str, *values: Any) -> Any:
    """The output of a maths node on sockets and numbers."""
    node = material.node_tree.nodes.new("ShaderNodeMath")
    node.operation = operation
    for socket, value in zip(node.inputs, values, strict=False):
        if isinstance(value, int | float):
            socket.default_value = value
        else:
            material.node_tree.links.new(value, socket)
    return node.outputs[0]
