"""The tree of a glTF scene: which mesh stands where."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from lexel.geometry.transforms import from_quaternion, from_rotation
from lexel.io.gltf_container import Gltf

Float = npt.NDArray[np.float64]
MAX_NODES = 1 << 20  # some 300 MB of places


def placed_meshes(gltf: Gltf) -> Iterator[tuple[dict[str, Any], Float]]:
    """Each mesh of the scene and (4, 4) scene from mesh; all meshes when there is no scene."""
    if not gltf.listed("scenes"):
        for index in range(len(gltf.listed("meshes"))):
            yield gltf.item("meshes", index), np.eye(4)
        return
    num_nodes = len(gltf.listed("nodes"))
    if num_nodes > MAX_NODES:
        raise gltf.wrong(f"has more than {MAX_NODES:,} nodes", f"{num_nodes:,}")
    scene, root = gltf.item("scenes", gltf.document.get("scene", 0)), np.eye(4)
    waiting = [(node, root) for node in _nodes(gltf, scene, "nodes")]
    seen: set[int] = set()
    while waiting:
        index, parent = waiting.pop()
        node = gltf.item("nodes", index)
        children = _nodes(gltf, node, "children")
        seen_twice = index in seen
        seen.add(index)
        # Each node stands once in a tree: no list that says otherwise is followed.
        if seen_twice or len(seen) + len(waiting) + len(children) > num_nodes:
            raise gltf.wrong("has a node below itself, or twice in the scene", index)
        placed = parent @ _transform(gltf, node)
        if "mesh" in node:
            yield gltf.item("meshes", node["mesh"]), placed
        waiting += [(child, placed) for child in children]


def _transform(gltf: Gltf, node: dict[str, Any]) -> Float:
    """(4, 4) parent from node."""
    if "matrix" in node:
        return gltf.numbers(node, "matrix", (0.0,) * 16).reshape(4, 4).T
    x, y, z, w = gltf.numbers(node, "rotation", (0.0, 0.0, 0.0, 1.0))
    scale = gltf.numbers(node, "scale", (1.0, 1.0, 1.0))
    turned = from_quaternion((w, x, y, z)) * scale
    return from_rotation(turned, gltf.numbers(node, "translation", (0.0, 0.0, 0.0)))


def _nodes(gltf: Gltf, entry: dict[str, Any], key: str) -> list[int]:
    value, count = entry.get(key, []), len(gltf.listed("nodes"))
    if not isinstance(value, list) or not all(type(i) is int and 0 <= i < count for i in value):
        raise gltf.wrong(f"has {key} that are no list of its nodes", value)
    return value
