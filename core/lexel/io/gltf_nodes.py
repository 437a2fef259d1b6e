"""The tree of a glTF scene: which mesh stands where."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from lexel.geometry.transforms import from_quaternion, from_rotation
from lexel.io.gltf_container import Gltf

Float = npt.NDArray[np.float64]
_MAX_NODES = 1 << 20


def placed_meshes(gltf: Gltf) -> Iterator[tuple[dict[str, Any], Float]]:
    """Each mesh of the scene and (4, 4) scene from mesh; all meshes when there is no scene."""
    scenes = gltf.document.get("scenes")
    if not isinstance(scenes, list) or not scenes:
        for index in range(len(gltf.document.get("meshes") or [])):
            yield gltf.item("meshes", index), np.eye(4)
        return
    scene = gltf.item("scenes", gltf.document.get("scene", 0))
    waiting = [(node, np.eye(4)) for node in _list(gltf, scene, "nodes")]
    seen: set[int] = set()
    while waiting:
        index, parent = waiting.pop()
        node = gltf.item("nodes", index)
        if index in seen or len(seen) > _MAX_NODES:
            raise gltf.wrong("has a node below itself, or twice in the scene", index)
        seen.add(index)
        placed = parent @ _transform(gltf, node)
        if "mesh" in node:
            yield gltf.item("meshes", node["mesh"]), placed
        waiting += [(child, placed) for child in _list(gltf, node, "children")]


def _transform(gltf: Gltf, node: dict[str, Any]) -> Float:
    """(4, 4) parent from node."""
    if "matrix" in node:
        return _numbers(gltf, node, "matrix", (0.0,) * 16).reshape(4, 4).T
    x, y, z, w = _numbers(gltf, node, "rotation", (0.0, 0.0, 0.0, 1.0))
    scale = _numbers(gltf, node, "scale", (1.0, 1.0, 1.0))
    turned = from_quaternion((w, x, y, z)) * scale
    return from_rotation(turned, _numbers(gltf, node, "translation", (0.0, 0.0, 0.0)))


def _numbers(gltf: Gltf, entry: dict[str, Any], key: str, otherwise: tuple[float, ...]) -> Float:
    value = entry.get(key, otherwise)
    try:
        values = np.array(value, np.float64)
    except (TypeError, ValueError, OverflowError):
        values = np.empty(0)
    if values.shape != (len(otherwise),) or not np.isfinite(values).all():
        raise gltf.wrong(f"has a {key} that is not {len(otherwise)} numbers", value)
    return values


def _list(gltf: Gltf, entry: dict[str, Any], key: str) -> list[Any]:
    value = entry.get(key, [])
    if not isinstance(value, list) or not all(type(index) is int for index in value):
        raise gltf.wrong(f"has {key} that are no list of numbers", value)
    return value
