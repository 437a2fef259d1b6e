"""Points above the threshold: selected, copied, or handed to meshes as a vertex group.

Letters: N points, V vertices.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from lexel.errors import InputError
from lexel.geometry.transforms import apply

from ..asking import Reply
from .clouds import get_column, get_places, get_radius, new_cloud
from .colouring import mark_found
from .names import CODE, COLOUR, GROUP, ORIGIN, ROW, SCORE


def select_points(cloud: Any, reply: Reply) -> int:
    """Select them for Edit Mode, and mark them as `lexel_found`; how many there are."""
    return mark_found(cloud, reply.shown)


def copy_points(cloud: Any, reply: Reply) -> Any:
    """A cloud of them alone, where the other one stands, in the same colours.

    Raises:
        InputError: there are none.
    """
    found = reply.shown.found.take(reply.shown.index, mode="wrap")
    if not found.any():
        raise InputError("no point is above the threshold", do="Lower it.")
    data = cloud.data
    names = [name for name in (CODE, ORIGIN, ROW, SCORE) if name in data.attributes]
    columns = {name: get_column(data, name)[found] for name in names}
    name = reply.queries[reply.query].text if reply.queries else cloud.name
    places, rgb = get_places(data)[found], _photo(data)[found]
    copy = new_cloud(name, places, rgb, columns, get_radius(data))
    copy.data.materials.append(cloud.data.materials[0])
    copy.matrix_world = cloud.matrix_world
    return copy


def weight_vertices(cloud: Any, reply: Reply, meshes: Sequence[Any]) -> int:
    """Give meshes the vertex group `lexel`: the score of the nearest point, where it is found.

    Returns:
        How many vertices are in it.
    """
    index = reply.shown.index
    places = apply(np.array(cloud.matrix_world), get_places(cloud.data))
    score = reply.shown.score.take(index, mode="wrap")
    found = reply.shown.found.take(index, mode="wrap")
    return sum(_weight(mesh, places, np.where(found, score, 0)) for mesh in meshes)


def _weight(mesh: Any, places: npt.NDArray[np.float32], weight: npt.NDArray[np.float32]) -> int:
    vertices = apply(np.array(mesh.matrix_world), get_places(mesh.data))
    weights = weight[nearest(vertices, places)]
    group = mesh.vertex_groups.get(GROUP) or mesh.vertex_groups.new(name=GROUP)
    group.remove(range(len(vertices)))
    for value in np.unique(weights[weights > 0]).tolist():  # as many as codes, at most
        group.add(np.flatnonzero(weights == value).tolist(), value, "REPLACE")
    return int(np.count_nonzero(weights))


def nearest(
    vertices: npt.NDArray[np.float32], places: npt.NDArray[np.float32]
) -> npt.NDArray[np.intp]:
    """(V,) number of the point that is nearest to each vertex, by a tree of Blender's."""
    from mathutils.kdtree import KDTree

    tree = KDTree(len(places))
    for number, place in enumerate(places.tolist()):
        tree.insert(place, number)
    tree.balance()
    return np.array([tree.find(vertex)[1] for vertex in vertices.tolist()], np.intp)


def _photo(data: Any) -> npt.NDArray[np.uint8]:
    """(N, 3) sRGB, the points' own colours."""
    held = data.attributes[COLOUR].data
    rgba = np.empty((len(held), 4), np.float32)
    held.foreach_get("color_srgb", rgba.reshape(-1))
    return np.floor(rgba[:, :3] * 255 + 0.5).astype(np.uint8)
