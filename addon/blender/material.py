"""The material of points: their own colour, covered by their row of the colour table.

It shines and is not lit, so that a colour is the same in Material Preview, EEVEE and Cycles, under
any light. Covering is done on sRGB numbers, as `lexel.query.paint` does it; what shines is linear.
"""

from __future__ import annotations

from typing import Any

import bpy

from .names import COLOUR, MATERIAL, ORIGIN, ROW
from .nodes import shining_material
from .table import WIDTH

_LINES, _TABLE = "lines", "table"  # names of nodes
_TO_SRGB, _TO_LINEAR = "Lexel linear to sRGB", "Lexel sRGB to linear"
_GREY, _WHITE = (0.5, 0.5, 0.5, 1.0), (1.0, 1.0, 1.0, 1.0)
HATCH = 0.45  # how white a stripe of what was inferred is
_STRIPES = 60.0  # across the picture


def new_material(image: Any) -> Any:
    """The material that reads its colours from a table."""
    material, shine = shining_material(MATERIAL)
    material.diffuse_color = _GREY
    tree = material.node_tree
    own = _new(tree, "ShaderNodeAttribute", attribute_name=COLOUR).outputs["Color"]
    texel = _texel(tree, image)
    mix = _new(tree, "ShaderNodeMix", data_type="RGBA", clamp_result=False)
    sockets = {socket.identifier: socket for socket in mix.inputs}
    tree.links.new(texel.outputs["Alpha"], sockets["Factor_Float"])
    tree.links.new(_curve(tree, _TO_SRGB, own), sockets["A_Color"])
    tree.links.new(texel.outputs["Color"], sockets["B_Color"])
    covered = next(s for s in mix.outputs if s.identifier == "Result_Color")
    hatched = _hatched(tree, covered)
    tree.links.new(_curve(tree, _TO_LINEAR, hatched), shine.inputs["Color"])
    fit_material(material)
    return material


def table_of(material: Any) -> Any:
    """The image that a material reads; None where it is not ours."""
    tree = material.node_tree if material else None
    node = tree.nodes.get(_TABLE) if tree else None
    return node.image if node else None


def fit_material(material: Any) -> None:
    """Tell the material how many lines its image has; needed when the image has grown."""
    lines = material.node_tree.nodes[_LINES]
    lines.outputs[0].default_value = table_of(material).size[1]


def _texel(tree: Any, image: Any) -> Any:
    """The node that reads the image at the middle of the texel of the point's row."""
    row = _new(tree, "ShaderNodeAttribute", attribute_name=ROW).outputs["Fac"]
    lines = _new(tree, "ShaderNodeValue")
    lines.name = _LINES
    column = _math(tree, "MODULO", row, float(WIDTH))
    line = _math(tree, "FLOOR", _math(tree, "DIVIDE", row, float(WIDTH)))
    place = _new(tree, "ShaderNodeCombineXYZ")
    across = _math(tree, "DIVIDE", _math(tree, "ADD", column, 0.5), float(WIDTH))
    up = _math(tree, "DIVIDE", _math(tree, "ADD", line, 0.5), lines.outputs[0])
    tree.links.new(across, place.inputs[0])
    tree.links.new(up, place.inputs[1])
    texel = _new(
        tree, "ShaderNodeTexImage", image=image, interpolation="Closest", extension="EXTEND"
    )
    texel.name = _TABLE
    tree.links.new(place.outputs[0], texel.inputs["Vector"])
    return texel


def _hatched(tree: Any, colour: Any) -> Any:
    """The colour of points that somebody saw; others have white stripes, as in the viewer."""
    origin = _new(tree, "ShaderNodeAttribute", attribute_name=ORIGIN).outputs["Fac"]
    window = _new(tree, "ShaderNodeSeparateXYZ")
    tree.links.new(_new(tree, "ShaderNodeTexCoord").outputs["Window"], window.inputs[0])
    across = _math(tree, "ADD", window.outputs[0], window.outputs[1])
    stripe = _math(tree, "FRACT", _math(tree, "MULTIPLY", across, _STRIPES))
    share = _math(tree, "MULTIPLY", _math(tree, "GREATER_THAN", stripe, 0.5), HATCH)
    mix = _new(tree, "ShaderNodeMix", data_type="RGBA", clamp_result=False)
    sockets = {socket.identifier: socket for socket in mix.inputs}
    tree.links.new(_math(tree, "MULTIPLY", share, origin), sockets["Factor_Float"])
    tree.links.new(colour, sockets["A_Color"])
    sockets["B_Color"].default_value = _WHITE
    return next(s for s in mix.outputs if s.identifier == "Result_Color")


def _curve(tree: Any, name: str, colour: Any) -> Any:
    """A colour after one of the two groups."""
    node = _new(tree, "ShaderNodeGroup", node_tree=_group(name))
    tree.links.new(colour, node.inputs[0])
    return node.outputs[0]


def _group(name: str) -> Any:
    """IEC 61966-2-1 or its inverse, channel by channel; made once for a file."""
    group = bpy.data.node_groups.get(name)
    if group is not None:
        return group
    group = bpy.data.node_groups.new(name, "ShaderNodeTree")
    group.interface.new_socket("Color", in_out="INPUT", socket_type="NodeSocketColor")
    group.interface.new_socket("Color", in_out="OUTPUT", socket_type="NodeSocketColor")
    apart = _new(group, "ShaderNodeSeparateColor")
    again = _new(group, "ShaderNodeCombineColor")
    group.links.new(_new(group, "NodeGroupInput").outputs[0], apart.inputs[0])
    curve = _to_srgb if name == _TO_SRGB else _to_linear
    for channel in range(3):
        group.links.new(curve(group, apart.outputs[channel]), again.inputs[channel])
    group.links.new(again.outputs[0], _new(group, "NodeGroupOutput").inputs[0])
    return group


def _to_srgb(tree: Any, value: Any) -> Any:
    root = _math(tree, "POWER", value, 1 / 2.4)
    steep = _math(tree, "SUBTRACT", _math(tree, "MULTIPLY", root, 1.055), 0.055)
    return _either(tree, value, 0.0031308, _math(tree, "MULTIPLY", value, 12.92), steep)


def _to_linear(tree: Any, value: Any) -> Any:
    base = _math(tree, "DIVIDE", _math(tree, "ADD", value, 0.055), 1.055)
    steep = _math(tree, "POWER", base, 2.4)
    return _either(tree, value, 0.04045, _math(tree, "DIVIDE", value, 12.92), steep)


def _either(tree: Any, value: Any, limit: float, below: Any, above: Any) -> Any:
    mix = _new(tree, "ShaderNodeMix", data_type="FLOAT")
    sockets = {socket.identifier: socket for socket in mix.inputs}
    tree.links.new(_math(tree, "GREATER_THAN", value, limit), sockets["Factor_Float"])
    tree.links.new(below, sockets["A_Float"])
    tree.links.new(above, sockets["B_Float"])
    return next(s for s in mix.outputs if s.identifier == "Result_Float")


def _math(tree: Any, operation: str, first: Any, second: Any = 0.0) -> Any:
    node = _new(tree, "ShaderNodeMath", operation=operation)
    for value, socket in zip((first, second), node.inputs, strict=False):
        if isinstance(value, float):
            socket.default_value = value
        else:
            tree.links.new(value, socket)
    return node.outputs[0]


def _new(tree: Any, kind: str, **settings: Any) -> Any:
    node = tree.nodes.new(kind)
    for name, value in settings.items():
        setattr(node, name, value)
    return node
