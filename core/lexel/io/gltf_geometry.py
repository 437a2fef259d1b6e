"""Meshes and clouds in glTF 2.0: triangles of the default scene, base colours and their pictures.

The frame is fixed by the format: metres, +Y up. Colours of vertices and factors are linear and
become sRGB; pictures are sRGB already. Light, shine and animation are passed over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from lexel.errors import SceneError
from lexel.geometry.transforms import apply
from lexel.io.gltf_container import Gltf
from lexel.io.gltf_materials import Materials, srgb_of_linear
from lexel.io.gltf_nodes import placed_meshes
from lexel.io.notes import Notes
from lexel.io.raw_geometry import MAX_POINTS, MAX_TRIANGLES, RawGeometry, checked_faces
from lexel.io.recording import Up
from lexel.io.textures import corner_colours, finite_uv
from lexel.scene import Texture

_POINTS, _TRIANGLES, _STRIP, _FAN = 0, 4, 5, 6


@dataclass(frozen=True, eq=False)
class _Part:
    """One primitive in the scene's frame; `faces` (F, 3) is None for points; `uv` (N, 2)."""

    points: npt.NDArray[np.float64]
    rgb: npt.NDArray[np.uint8] | None
    normals: npt.NDArray[np.float64] | None
    faces: npt.NDArray[np.int32] | None
    uv: npt.NDArray[np.float32] | None
    picture: int


def read_gltf_geometry(file: Path, notes: Notes) -> RawGeometry:
    """All triangles of the default scene in one mesh; its points when it has none."""
    gltf = Gltf(file)
    materials = Materials(gltf, notes)
    with np.errstate(all="ignore"):  # what is no number is left out later
        parts = _parts(gltf, materials)
    triangles = [part for part in parts if part.faces is not None]
    if not parts:
        raise SceneError("holds no triangles and no points", where=file, do="Export it again.")
    return _joined(triangles or parts, materials.pictures)


def _parts(gltf: Gltf, materials: Materials) -> list[_Part]:
    placed = list(placed_meshes(gltf))
    _check_total(gltf, [mesh for mesh, _ in placed])
    parts = [
        _part(gltf, primitive, pose, materials)
        for mesh, pose in placed
        for primitive in _primitives(gltf, mesh)
    ]
    return [part for part in parts if part is not None]


def _check_total(gltf: Gltf, meshes: Sequence[dict[str, Any]]) -> None:
    """Refuse too much before any of it is made: one mesh may stand in many nodes."""
    sizes: dict[int, tuple[int, int]] = {}
    points = triangles = 0
    for mesh in meshes:
        if id(mesh) not in sizes:
            sizes[id(mesh)] = _size(gltf, mesh)
        points += sizes[id(mesh)][0]
        triangles += sizes[id(mesh)][1]
        for count, limit, what in (
            (points, MAX_POINTS, "points"),
            (triangles, MAX_TRIANGLES, "triangles"),
        ):
            if count > limit:
                raise SceneError(
                    f"has more than {limit:,} {what}", where=gltf.file, do="Make it coarser."
                )


def _size(gltf: Gltf, mesh: dict[str, Any]) -> tuple[int, int]:
    """How many points and triangles a mesh has, at most."""
    points = triangles = 0
    for primitive in _primitives(gltf, mesh):
        attributes = primitive.get("attributes")
        if not isinstance(attributes, dict) or "POSITION" not in attributes:
            continue
        corners = gltf.count(attributes["POSITION"])
        points += corners
        if "indices" in primitive:
            corners = gltf.count(primitive["indices"])
        triangles += corners // 3 if primitive.get("mode", _TRIANGLES) == _TRIANGLES else corners
    return points, triangles


def _primitives(gltf: Gltf, mesh: dict[str, Any]) -> list[dict[str, Any]]:
    primitives = mesh.get("primitives")
    if not isinstance(primitives, list) or not all(isinstance(p, dict) for p in primitives):
        raise gltf.wrong("has a mesh without a list of primitives", primitives)
    return primitives


def _part(
    gltf: Gltf, primitive: dict[str, Any], placed: npt.NDArray[np.float64], materials: Materials
) -> _Part | None:
    attributes = primitive.get("attributes")
    mode = primitive.get("mode", _TRIANGLES)
    if not isinstance(attributes, dict) or mode not in (_POINTS, _TRIANGLES, _STRIP, _FAN):
        return None  # lines
    points = _attribute(gltf, attributes, "POSITION", 3)
    if points is None:
        return None
    count = len(points)
    normals = _attribute(gltf, attributes, "NORMAL", 3, count)
    faces = None
    if mode != _POINTS:
        faces = checked_faces(_triangles(gltf, primitive, mode, count), count, gltf.file)
        if np.linalg.det(placed[:3, :3]) < 0:  # mirrored: the other side is out
            faces = faces[:, ::-1]
    look = materials.of(primitive.get("material"))
    uv = None
    if look.picture >= 0:
        uv = look.place(_attribute(gltf, attributes, f"TEXCOORD_{look.coordinates}", 2, count))
    return _Part(
        apply(placed, points),
        _vertex_colours(_attribute(gltf, attributes, "COLOR_0", 0, count), look.factor, count),
        None if normals is None else _turned(normals, placed),
        faces,
        uv,
        look.picture if uv is not None else -1,
    )


def _attribute(
    gltf: Gltf, attributes: dict[str, Any], name: str, width: int, count: int | None = None
) -> npt.NDArray[np.float64] | None:
    """(count, width) numbers of the vertices; any width for 0; None when it is not there."""
    if name not in attributes:
        return None
    values = gltf.accessor(attributes[name])
    wrong_width = values.shape[1] != width if width else values.shape[1] not in (3, 4)
    if wrong_width or (count is not None and len(values) != count):
        raise gltf.wrong(f"has {name} of another shape than its points", values.shape)
    return values.astype(np.float64)


def _triangles(
    gltf: Gltf, primitive: dict[str, Any], mode: int, count: int
) -> npt.NDArray[np.int64]:
    """(F, 3) indices, from a list, a strip or a fan."""
    index = np.arange(count)
    if "indices" in primitive:
        index = gltf.accessor(primitive["indices"])[:, 0]
        if index.dtype.kind not in "iu":
            raise gltf.wrong("has indices that are no whole numbers", index.dtype)
    index = index.astype(np.int64)
    if mode == _TRIANGLES:
        return index[: len(index) // 3 * 3].reshape(-1, 3)
    step = np.arange(max(len(index) - 2, 0))
    if mode == _FAN:
        return index[np.stack([np.zeros_like(step), step + 1, step + 2], axis=1)]
    odd = step % 2  # every second triangle of a strip runs the other way round
    return index[np.stack([step, step + 1 + odd, step + 2 - odd], axis=1)]


def _vertex_colours(
    colours: npt.NDArray[np.float64] | None,
    factor: npt.NDArray[np.float64] | None,
    count: int,
) -> npt.NDArray[np.uint8] | None:
    """(N, 3) from linear colours and the material's factor; None when neither is given."""
    if colours is None:
        return None if factor is None else np.tile(srgb_of_linear(factor), (count, 1))
    return srgb_of_linear(colours[:, :3] * (1.0 if factor is None else factor))


def _turned(
    normals: npt.NDArray[np.float64], placed: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Normals go with the inverse transpose, here without its length but with its sign."""
    linear = placed[:3, :3]
    cofactors = np.stack([np.cross(linear[(i + 1) % 3], linear[(i + 2) % 3]) for i in range(3)])
    return np.asarray(normals @ cofactors.T * np.sign(np.linalg.det(linear)))


def _joined(parts: Sequence[_Part], pictures: Sequence[npt.NDArray[np.uint8]]) -> RawGeometry:
    points = np.concatenate([part.points for part in parts])
    starts = np.cumsum([0, *(len(part.points) for part in parts)])
    rgb = None
    if any(part.rgb is not None for part in parts):
        rgb = np.concatenate([_or_grey(part) for part in parts])
    normals = None
    if all(part.normals is not None for part in parts):
        normals = np.concatenate([part.normals for part in parts if part.normals is not None])
    if parts[0].faces is None:
        return RawGeometry("point cloud", points, rgb, normals, up=Up.Y)
    faces = np.concatenate(
        [
            part.faces + start
            for part, start in zip(parts, starts, strict=False)
            if part.faces is not None
        ]
    ).astype(np.int32)
    texture = _texture(parts, pictures)
    if texture is not None:
        rgb = corner_colours(rgb, faces, texture, len(points))
    return RawGeometry("mesh", points, rgb, normals, faces, texture, Up.Y)


def _or_grey(part: _Part) -> npt.NDArray[np.uint8]:
    return np.full((len(part.points), 3), 128, np.uint8) if part.rgb is None else part.rgb


def _texture(parts: Sequence[_Part], pictures: Sequence[npt.NDArray[np.uint8]]) -> Texture | None:
    if all(part.picture < 0 for part in parts):
        return None
    uv, picture = [], []
    for part in parts:
        assert part.faces is not None
        none = np.zeros((len(part.faces), 3, 2), np.float32)
        uv.append(none if part.uv is None else part.uv[part.faces])
        picture.append(np.full(len(part.faces), part.picture, np.int32))
    return Texture(finite_uv(np.concatenate(uv)), np.concatenate(picture), tuple(pictures))
