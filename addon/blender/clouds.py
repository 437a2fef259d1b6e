"""Points as a PointCloud of Blender. Letter: N points."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import bpy
import numpy as np
import numpy.typing as npt

from lexel.scene.field import Origin

from .names import COLOUR, ORIGIN, RADIUS

_KINDS: dict[str, tuple[str, type[np.generic]]] = {
    "f": ("FLOAT", np.float32),
    "i": ("INT", np.int32),
    "u": ("INT", np.int32),
    "b": ("BOOLEAN", np.bool_),
}

_OVERLAP = 1.5  # of points that would just touch; they lie across a grid's diagonal, too


def new_cloud(
    name: str,
    xyz_m: npt.NDArray[np.float32],
    rgb: npt.NDArray[np.uint8],
    columns: Mapping[str, npt.NDArray[Any]],
    radius_m: float,
) -> Any:
    """An object with N points, linked to the current collection.

    Blender has no way to add points to a PointCloud. A mesh of bare vertices becomes one by a
    node, in every version from 4.2 on and in 40 ms for a million points.

    Args:
        name: of the object.
        xyz_m: (N, 3) metres, Z up.
        rgb: (N, 3) sRGB.
        columns: further attributes, (N,) each, by name.
        radius_m: of every point.
    """
    cloud = bpy.data.objects.new(name, bpy.data.pointclouds.new(name))
    bpy.context.collection.objects.link(cloud)
    vertices = _vertices(xyz_m, rgb, columns)
    source = bpy.data.objects.new(name, vertices)
    nodes = _points_of(source, radius_m)
    try:
        cloud.modifiers.new(name, "NODES").node_group = nodes
        empty = cloud.data
        made = cloud.evaluated_get(bpy.context.evaluated_depsgraph_get()).data
        cloud.data = made.copy()  # the operator that applies modifiers refuses in Edit Mode
        cloud.modifiers.clear()
        bpy.data.pointclouds.remove(empty)
        cloud.data.name = name
    finally:
        bpy.data.node_groups.remove(nodes)
        bpy.data.objects.remove(source)
        bpy.data.meshes.remove(vertices)
    return cloud


def set_column(data: Any, name: str, values: npt.NDArray[Any]) -> None:
    """Give points an attribute, or new values of it; seen after `data.update_tag()`."""
    kind, dtype = _KINDS[values.dtype.kind]
    held = data.attributes.get(name) or data.attributes.new(name, kind, "POINT")
    held.data.foreach_set("value", np.ascontiguousarray(values, dtype))


def get_column(data: Any, name: str) -> npt.NDArray[Any]:
    """(N,) the values of an attribute."""
    held = data.attributes[name]
    dtype = next(dtype for kind, dtype in _KINDS.values() if kind == held.data_type)
    values = np.empty(len(held.data), dtype)
    held.data.foreach_get("value", values)
    return values


def positions_of(data: Any) -> Any:
    """The attribute that holds where points are."""
    return data.attributes["position"].data


def get_places(data: Any) -> npt.NDArray[np.float32]:
    """(N, 3) metres, in the object's frame."""
    held = positions_of(data)
    values = np.empty((len(held), 3), np.float32)
    held.foreach_get("vector", values.reshape(-1))
    return values


def set_radius(data: Any, radius_m: float, *, inferred: bool) -> None:
    """Make all points as large; those that were inferred are hidden unless they are wanted."""
    radius = np.full(len(data.points), radius_m, np.float32)
    if not inferred and ORIGIN in data.attributes:
        radius[get_column(data, ORIGIN) == Origin.INFERRED] = 0
    set_column(data, RADIUS, radius)
    data.update_tag()


def get_radius(data: Any) -> float:
    """Metres, of those points that are not hidden."""
    return float(get_column(data, RADIUS).max())


def fitting_radius(xyz_m: npt.NDArray[np.float32]) -> float:
    """Metres at which points on surfaces of the cloud's size leave no gaps.

    A little more than half of what N points would be apart on the two largest sides of their box.
    """
    extent = np.sort(np.ptp(xyz_m, axis=0)) if len(xyz_m) else np.ones(3)
    area = 4 * max(float(extent[1] * extent[2]), 1e-12)
    return float(_OVERLAP / 2 * np.sqrt(area / max(len(xyz_m), 1)))


def _vertices(
    xyz_m: npt.NDArray[np.float32],
    rgb: npt.NDArray[np.uint8],
    columns: Mapping[str, npt.NDArray[Any]],
) -> Any:
    mesh = bpy.data.meshes.new("Lexel vertices")
    mesh.vertices.add(len(xyz_m))
    places = np.ascontiguousarray(xyz_m, np.float32).reshape(-1)
    # Ten times faster than through vertices.foreach_set("co").
    positions_of(mesh).foreach_set("vector", places)
    rgba = np.ones((len(rgb), 4), np.float32)
    np.divide(rgb, np.float32(255), out=rgba[:, :3])
    colour = mesh.attributes.new(COLOUR, "BYTE_COLOR", "POINT")
    colour.data.foreach_set("color_srgb", rgba.reshape(-1))
    for name, values in columns.items():
        set_column(mesh, name, values)
    return mesh


def _points_of(source: Any, radius_m: float) -> Any:
    """Nodes that put a point at every vertex of an object."""
    tree = bpy.data.node_groups.new("Lexel points", "GeometryNodeTree")
    tree.interface.new_socket("Geometry", in_out="OUTPUT", socket_type="NodeSocketGeometry")
    given = tree.nodes.new("GeometryNodeObjectInfo")
    given.inputs["Object"].default_value = source
    points = tree.nodes.new("GeometryNodeMeshToPoints")
    points.inputs["Radius"].default_value = radius_m
    out = tree.nodes.new("NodeGroupOutput")
    tree.links.new(given.outputs["Geometry"], points.inputs["Mesh"])
    tree.links.new(points.outputs[0], out.inputs[0])
    return tree
