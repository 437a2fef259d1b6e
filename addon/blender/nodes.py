"""Materials made of nodes."""

from __future__ import annotations

from typing import Any

import bpy


def node_material(name: str) -> Any:
    """A new material with Blender's default nodes."""
    material = bpy.data.materials.new(name)
    if material.node_tree is None:  # before Blender 5
        material.use_nodes = True
    return material


def shining_material(name: str) -> tuple[Any, Any]:
    """A new material that shines and is not lit, and the node whose colour it is."""
    material = node_material(name)
    tree = material.node_tree
    tree.nodes.clear()
    shine = tree.nodes.new("ShaderNodeEmission")
    tree.links.new(shine.outputs[0], tree.nodes.new("ShaderNodeOutputMaterial").inputs[0])
    return material, shine
