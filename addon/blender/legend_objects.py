"""The legend as objects before the camera: a card with swatches and texts, or a colour bar.

They are parented to the camera and measured in heights of its picture, so that they look the same
through any lens, and are rendered with the scene. All of it shines: light does not change it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import bpy
import numpy as np

from lexel.errors import InputError
from lexel.query.paint import ColourBar, LegendEntry
from lexel.scene import Colour
from lexel.scene.colour_ramp import ramp_table

from ..asking import Reply
from .nodes import shining_material

COLLECTION = "Lexel legend"
_TEXT, _LINE, _PAD, _SWATCH = 0.026, 0.042, 0.02, 0.024  # heights of the picture
_BAR = (0.34, 0.026)
_INK, _CARD = (0.012, 0.013, 0.016), (1.0, 1.0, 1.0)
_BEFORE_CARD = 0.0005  # of the distance, so that nothing lies in one plane


def place(scene: Any, reply: Reply) -> Any:
    """The legend of an answer, in the lower left corner, in place of an older one.

    Returns:
        The collection.

    Raises:
        InputError: the scene has no camera, or the answer no legend.
    """
    if scene.camera is None:
        raise InputError("the scene has no camera", do="Add one: the legend stands before it.")
    _clear()
    group = bpy.data.collections.new(COLLECTION)
    scene.collection.children.link(group)
    root = _root(scene, group)
    pen = _Pen(group, root)
    if reply.bar is not None:
        height = pen.bar(reply.bar)
    elif reply.entries:
        height = pen.rows(reply.entries)
    else:
        raise InputError("there is nothing to explain", do="Ask something, as heat or label.")
    bpy.context.view_layer.update()  # texts know their size from now on
    pen.card(height)
    return group


class _Pen:
    """Draws on a plane: x right, y up, from the card's lower left corner."""

    def __init__(self, group: Any, root: Any) -> None:
        self._group, self._root = group, root
        self._texts: list[Any] = []

    def rows(self, entries: Sequence[LegendEntry]) -> float:
        """A line for each entry, the first on top; the card's height."""
        height = 2 * _PAD + len(entries) * _LINE
        for number, entry in enumerate(entries):
            y = height - _PAD - (number + 1) * _LINE + (_LINE - _SWATCH) / 2
            material = _shining(entry.text, linear_of(entry.colour))
            self._plane(entry.text, _PAD, y, _SWATCH, _SWATCH, material)
            self._text(entry.text, 2 * _PAD + _SWATCH, y + 0.004)
        return height

    def bar(self, bar: ColourBar) -> float:
        """A title, the colours, and the numbers at their ends; the card's height."""
        width, tall = _BAR
        self._text(bar.title, _PAD, 2 * _PAD + tall + _LINE)
        self._plane(bar.title, _PAD, _PAD + _LINE, width, tall, _ramp(bar.colour_map))
        self._text(f"{bar.low:.2f}", _PAD, _PAD + 0.01)
        self._text(bar.unit, _PAD + width / 2, _PAD + 0.01, align="CENTER")
        self._text(f"{bar.high:.2f}", _PAD + width, _PAD + 0.01, align="RIGHT")
        return 3 * _PAD + tall + 2 * _LINE

    def card(self, height: float) -> None:
        """What all of it stands on, as wide as the longest text."""
        ends = [text.location.x + text.dimensions.x for text in self._left()]
        width = max(*ends, _PAD + (_BAR[0] if len(ends) < len(self._texts) else 0), 0) + _PAD
        card = self._plane(COLLECTION, 0, 0, width, height, _shining(COLLECTION, _CARD))
        card.location.z = -_BEFORE_CARD

    def _left(self) -> list[Any]:
        return [text for text in self._texts if text.data.align_x == "LEFT"]

    def _text(self, body: str, x: float, y: float, align: str = "LEFT") -> None:
        curve = bpy.data.curves.new(body, "FONT")
        curve.body, curve.size, curve.align_x = body, _TEXT, align
        curve.materials.append(_shining("Lexel ink", _INK))
        self._texts.append(self._add(curve, x, y))

    def _plane(
        self, name: str, x: float, y: float, width: float, height: float, material: Any
    ) -> Any:
        mesh = bpy.data.meshes.new(name)
        corners = [(0, 0), (width, 0), (width, height), (0, height)]
        mesh.from_pydata([(a, b, 0) for a, b in corners], [], [(0, 1, 2, 3)])
        spread = mesh.uv_layers.new().data
        for corner, uv in zip(spread, ((0, 0), (1, 0), (1, 1), (0, 1)), strict=True):
            corner.uv = uv
        mesh.materials.append(material)
        return self._add(mesh, x, y)

    def _add(self, data: Any, x: float, y: float) -> Any:
        thing = bpy.data.objects.new(data.name, data)
        thing.parent, thing.location = self._root, (x, y, 0)
        thing.visible_shadow = thing.visible_diffuse = thing.visible_glossy = False
        self._group.objects.link(thing)
        return thing


def _root(scene: Any, group: Any) -> Any:
    """An empty in the lower left corner of the picture, as large as the picture is high."""
    lens = scene.camera.data
    corners = np.array([tuple(corner) for corner in lens.view_frame(scene=scene)])
    away = 2 * lens.clip_start
    if lens.type == "PERSP":
        corners *= away / -corners[0, 2]
    low, high = corners[:, :2].min(axis=0), corners[:, :2].max(axis=0)
    tall = high[1] - low[1]
    root = bpy.data.objects.new(COLLECTION, None)
    root.empty_display_size = 0.01
    root.parent = scene.camera
    root.location = (low[0] + _PAD * tall, low[1] + _PAD * tall, -away)
    root.scale = (tall, tall, tall)
    group.objects.link(root)
    return root


def _shining(name: str, linear: Sequence[float]) -> Any:
    """A material of one colour, made once."""
    colour = (*map(float, linear), 1.0)
    material = bpy.data.materials.get(name)
    if material is None or not np.allclose(material.diffuse_color, colour, atol=1e-6):
        material, shine = shining_material(name)
        material.diffuse_color = shine.inputs["Color"].default_value = colour
    return material


def _ramp(name: str) -> Any:
    """A material with a colour map from left to right."""
    title = f"Lexel {name}"
    image = bpy.data.images.new(title, 256, 1)
    texels = np.ones((256, 4), np.float32)
    texels[:, :3] = ramp_table(name) / np.float32(255)
    image.pixels.foreach_set(texels.reshape(-1))
    image.pack()
    material, shine = shining_material(title)
    nodes, links = material.node_tree.nodes, material.node_tree.links
    texel = nodes.new("ShaderNodeTexImage")
    texel.image, texel.interpolation, texel.extension = image, "Closest", "EXTEND"
    links.new(texel.outputs["Color"], shine.inputs["Color"])
    return material


def linear_of(colour: Colour) -> Any:
    """(3,) linear numbers 0..1 of an sRGB colour."""
    srgb = np.array(colour, np.float64) / 255
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def _clear() -> None:
    """Remove an older legend and all that only it used."""
    group = bpy.data.collections.get(COLLECTION)
    if group is None:
        return
    data = [thing.data for thing in group.objects if thing.data is not None]
    materials = {material for held in data for material in held.materials}
    for thing in list(group.objects):
        bpy.data.objects.remove(thing)
    for held in data:
        (bpy.data.meshes if isinstance(held, bpy.types.Mesh) else bpy.data.curves).remove(held)
    for material in materials:
        images = [node.image for node in material.node_tree.nodes if node.type == "TEX_IMAGE"]
        if not material.users:
            bpy.data.materials.remove(material)
            for image in images:
                bpy.data.images.remove(image)
    bpy.data.collections.remove(group)
