"""The meshes that are to be seen in a scene, instances included: which they are, where they lie."""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from lexel.geometry.transforms import apply
from lexel.geometry.triangles import spread_over

_SOLID = {"MESH", "CURVE", "SURFACE", "META", "FONT"}


def solid_objects(context: Any) -> list[Any]:
    """Objects with surfaces that are seen and rendered; of these the selected ones, if any are."""
    seen = [
        thing
        for thing in context.view_layer.objects
        if thing.type in _SOLID and thing.visible_get() and not thing.hide_render
    ]
    chosen = [thing for thing in seen if thing.select_get()]
    return chosen or seen


def surface_points(depsgraph: Any, things: Container[Any], count: int) -> npt.NDArray[np.float32]:
    """(count, 3) float32, metres, world: spread evenly over the surfaces of some objects.

    No points where they have no surface.
    """
    triangles = [*_triangles(depsgraph, things)]
    return spread_over(np.concatenate(triangles or [np.zeros((0, 3, 3), np.float32)]), count)


def _triangles(depsgraph: Any, things: Container[Any]) -> Iterator[npt.NDArray[np.float32]]:
    """(F, 3, 3) corners of each instance's mesh, world."""
    for instance in depsgraph.object_instances:
        owner = (instance.parent if instance.is_instance else instance.object).original
        if owner not in things or instance.object.type not in _SOLID:
            continue
        mesh = instance.object.to_mesh()
        if mesh is None:
            continue
        mesh.calc_loop_triangles()
        places = np.empty((len(mesh.vertices), 3), np.float32)
        mesh.vertices.foreach_get("co", places.reshape(-1))
        corners = np.empty((len(mesh.loop_triangles), 3), np.int32)
        mesh.loop_triangles.foreach_get("vertices", corners.reshape(-1))
        matrix = np.array(instance.matrix_world)
        instance.object.to_mesh_clear()
        yield apply(matrix, places)[corners]
