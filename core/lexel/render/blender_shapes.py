"""Clouds and meshes as Blender's objects."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from lexel.render.blender_materials import COLOUR, INFERRED, NORMAL
from lexel.render.stage import Cloud, PaintedMesh, PointShape

_CORNERS = 8  # of a disc
_DISC = 1.25  # a disc's radius over a sphere's: neighbours must overlap
# sRGB to linear light, exactly (IEC 61966-2-1).
_UNIT = np.arange(256) / 255
_LINEAR = np.where(_UNIT <= 0.04045, _UNIT / 12.92, ((_UNIT + 0.055) / 1.055) ** 2.4)


def add_cloud(bpy: Any, cloud: Cloud, shape: PointShape, material: Any) -> Any:
    """The cloud as an object of the scene."""
    make = _spheres if shape is PointShape.SPHERES else _discs
    holder = make(bpy, cloud)
    holder.data.materials.append(material)
    return holder


def add_mesh(bpy: Any, painted: PaintedMesh, material: Any) -> Any:
    """The mesh as an object of the scene."""
    mesh = polygons(bpy, painted.vertices_m, painted.faces)
    _set_colours(mesh, painted.rgb, "POINT")
    inferred = mesh.attributes.new(INFERRED, "FLOAT", "POINT")
    inferred.data.foreach_set("value", painted.inferred.astype(np.float32))
    mesh.polygons.foreach_set("use_smooth", np.ones(len(painted.faces), np.bool_))
    mesh.materials.append(material)
    return link(bpy, mesh)


def remove(bpy: Any, holder: Any) -> None:
    """Take an object and its data out of Blender."""
    data = holder.data
    bpy.data.objects.remove(holder)
    store = bpy.data.meshes if data.id_type == "MESH" else bpy.data.pointclouds
    store.remove(data)


def _spheres(bpy: Any, cloud: Cloud) -> Any:
    """A point cloud, which Blender makes of a mesh only."""
    mesh = bpy.data.meshes.new("cloud")
    mesh.vertices.add(len(cloud.points_m))
    _set_vectors(mesh.attributes["position"], cloud.points_m)
    _set_colours(mesh, cloud.rgb, "POINT")
    radius = np.full(len(cloud.points_m), cloud.radius_m, np.float32)
    mesh.attributes.new("radius", "FLOAT", "POINT").data.foreach_set("value", radius)
    if cloud.normals is not None:
        _set_vectors(mesh.attributes.new(NORMAL, "FLOAT_VECTOR", "POINT"), cloud.normals)
    holder = link(bpy, mesh)
    bpy.context.view_layer.objects.active = holder
    holder.select_set(True)
    bpy.ops.object.convert(target="POINTCLOUD")
    return bpy.context.object


def _discs(bpy: Any, cloud: Cloud) -> Any:
    """A mesh with a polygon for each point."""
    up = np.array([0, 0, 1], np.float32)
    normals = np.broadcast_to(up, cloud.points_m.shape) if cloud.normals is None else cloud.normals
    normals = np.where(normals.any(axis=1, keepdims=True), normals, up)
    corners = _disc_corners(cloud.points_m, normals, _DISC * cloud.radius_m)
    faces = np.arange(len(corners) * _CORNERS, dtype=np.int32).reshape(-1, _CORNERS)
    mesh = polygons(bpy, corners.reshape(-1, 3), faces)
    _set_colours(mesh, cloud.rgb, "FACE")
    _set_vectors(mesh.attributes.new(NORMAL, "FLOAT_VECTOR", "FACE"), normals)
    return link(bpy, mesh)


def _disc_corners(
    points_m: npt.NDArray[np.float32], normals: npt.NDArray[np.float32], radius_m: float
) -> npt.NDArray[np.float32]:
    """(N, `_CORNERS`, 3) around each point, across its normal."""
    steep = np.abs(normals[:, 2:]) > 0.9
    right = np.cross(np.where(steep, [1.0, 0, 0], [0, 0, 1.0]), normals)
    right /= np.linalg.norm(right, axis=1, keepdims=True)
    ahead = np.cross(normals, right)
    turn = np.linspace(0, 2 * np.pi, _CORNERS, endpoint=False)[None, :, None]
    around = np.cos(turn) * right[:, None] + np.sin(turn) * ahead[:, None]
    return np.asarray(points_m[:, None] + radius_m * around, np.float32)


def polygons(bpy: Any, vertices_m: npt.NDArray[np.float32], faces: npt.NDArray[np.int32]) -> Any:
    """A mesh of (F, C) faces."""
    mesh, (count, corners) = bpy.data.meshes.new("mesh"), faces.shape
    mesh.vertices.add(len(vertices_m))
    mesh.loops.add(count * corners)
    mesh.polygons.add(count)
    _set_vectors(mesh.attributes["position"], vertices_m)
    mesh.loops.foreach_set("vertex_index", np.ascontiguousarray(faces, np.int32).ravel())
    starts = np.arange(0, count * corners, corners, dtype=np.int32)
    mesh.polygons.foreach_set("loop_start", starts)
    mesh.update()
    return mesh


def _set_vectors(attribute: Any, values: npt.NDArray[np.floating]) -> None:
    attribute.data.foreach_set("vector", np.ascontiguousarray(values, np.float32).ravel())


def _set_colours(mesh: Any, rgb: npt.NDArray[np.uint8], domain: str) -> None:
    colour = np.ones((len(rgb), 4), np.float32)
    colour[:, :3] = _LINEAR[rgb]
    mesh.attributes.new(COLOUR, "FLOAT_COLOR", domain).data.foreach_set("color", colour.ravel())


def link(bpy: Any, mesh: Any) -> Any:
    """The mesh as an object of the scene."""
    holder = bpy.data.objects.new(mesh.name, mesh)
    bpy.context.scene.collection.objects.link(holder)
    return holder
