"""Meshes made ready for drawing: joined, smoothed, and shaded where surfaces meet."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from lexel.scene import Colour, Mesh

MAX_TRIANGLES = 1_200_000
_TAUBIN_STEPS, _TAUBIN_IN, _TAUBIN_OUT = 14, 0.6, -0.62  # smooths steps of voxels, keeps volume
_NORMAL_STEPS = 8  # the terraces that voxels leave on slanted surfaces are wider than one triangle
_SHADE_RAYS = 14
_SHADE_REACH = 0.09  # of the scene's diagonal: how far away a surface still takes light away


@dataclass(frozen=True, eq=False)
class MeshModel:
    """All meshes of a picture in one.

    Attributes:
        corners_m: (8, 3) float32, of the box around all of it.
        raycaster: `open3d.t.geometry.RaycastingScene` holding them.
        faces: (F, 3) int64 into the vertex arrays.
        normals: (V, 3) float32, unit length, outwards.
        openness: (V,) float32 in 0..1, 1 where nothing near takes light away.
        face_colour: (F, 3) float32, linear light.
    """

    corners_m: npt.NDArray[np.float32]
    raycaster: Any
    faces: npt.NDArray[np.int64]
    normals: npt.NDArray[np.float32]
    openness: npt.NDArray[np.float32]
    face_colour: npt.NDArray[np.float32]


def prepare_meshes(meshes: Sequence[tuple[Mesh, Colour]]) -> MeshModel | None:
    """Join `meshes` for drawing; None when there is nothing to draw."""
    meshes = [(mesh, colour) for mesh, colour in meshes if len(mesh.faces)]
    if not meshes:
        return None
    meshes = [(_outward(mesh), colour) for mesh, colour in _thin_out(meshes)]
    vertices, faces, face_colour = _join(meshes)
    neighbours = _neighbour_mean(faces, len(vertices))
    vertices = _smooth(vertices, neighbours)
    normals = _vertex_normals(vertices, faces)
    for _ in range(_NORMAL_STEPS):
        normals = _unit(neighbours @ normals + normals)
    raycaster = _raycaster(vertices, faces)
    reach_m = _SHADE_REACH * float(np.linalg.norm(np.ptp(vertices, axis=0)))
    openness = neighbours @ (neighbours @ _openness(raycaster, vertices, normals, reach_m))
    corners_m = np.array(
        list(itertools.product(*zip(vertices.min(0), vertices.max(0), strict=True)))
    )
    return MeshModel(corners_m, raycaster, faces, normals, openness.astype(np.float32), face_colour)


def linear_light(srgb: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
    """sRGB 0..255 to linear light 0..1 (a gamma of 2.2 is near enough for pictures)."""
    return ((np.asarray(srgb, np.float32) / 255) ** np.float32(2.2)).astype(np.float32)


def _thin_out(meshes: Sequence[tuple[Mesh, Colour]]) -> Sequence[tuple[Mesh, Colour]]:
    """For drawing only: merge the vertices of a growing grid until the count is bearable."""
    edge = _median_edge(meshes[0][0])
    while sum(len(mesh.faces) for mesh, _ in meshes) > MAX_TRIANGLES:
        edge *= 1.6
        meshes = [(_cluster(mesh, edge), colour) for mesh, colour in meshes]
        meshes = [(mesh, colour) for mesh, colour in meshes if len(mesh.faces)]
    return meshes


def _median_edge(mesh: Mesh) -> float:
    corners = mesh.vertices_m[mesh.faces[:1000]]
    return float(np.median(np.linalg.norm(corners[:, 0] - corners[:, 1], axis=1))) or 1e-3


def _cluster(mesh: Mesh, cell_m: float) -> Mesh:
    cells = np.floor((mesh.vertices_m - mesh.vertices_m.min(0)) / cell_m).astype(np.int64)
    keys = (cells[:, 0] << 42) | (cells[:, 1] << 21) | cells[:, 2]
    _, cluster, counts = np.unique(keys, return_inverse=True, return_counts=True)
    sums = [np.bincount(cluster, mesh.vertices_m[:, axis]) for axis in range(3)]
    faces = cluster[mesh.faces]
    a, b, c = faces.T
    faces = faces[(a != b) & (b != c) & (c != a)]
    vertices_m = (np.stack(sums, axis=1) / counts[:, None]).astype(np.float32)
    return Mesh(vertices_m, faces.astype(np.int32))


def _outward(mesh: Mesh) -> Mesh:
    """`mesh` with normals outwards: the volume its faces enclose is positive then."""
    corners = (mesh.vertices_m - mesh.vertices_m.mean(0))[mesh.faces].astype(np.float64)
    volume = np.einsum("nd,nd->", corners[:, 0], np.cross(corners[:, 1], corners[:, 2]))
    return mesh if volume >= 0 else Mesh(mesh.vertices_m, mesh.faces[:, ::-1])


def _join(
    meshes: Sequence[tuple[Mesh, Colour]],
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int64], npt.NDArray[np.float32]]:
    starts = np.cumsum([0, *(len(mesh.vertices_m) for mesh, _ in meshes)])
    vertices = np.concatenate([mesh.vertices_m for mesh, _ in meshes]).astype(np.float32)
    faces = np.concatenate(
        [
            mesh.faces.astype(np.int64) + start
            for (mesh, _), start in zip(meshes, starts, strict=False)
        ]
    )
    colours = [np.tile(linear_light(np.array(colour)), (len(m.faces), 1)) for m, colour in meshes]
    return vertices, faces, np.concatenate(colours)


def _neighbour_mean(faces: npt.NDArray[np.int64], num_vertices: int) -> Any:
    """Sparse matrix that replaces a value at each vertex by the mean of its neighbours'."""
    from scipy.sparse import csr_array, diags_array

    start = np.concatenate([faces[:, 0], faces[:, 1], faces[:, 2]])
    end = np.concatenate([faces[:, 1], faces[:, 2], faces[:, 0]])
    weights = np.ones(2 * len(start), np.float32)
    pairs = (np.concatenate([start, end]), np.concatenate([end, start]))
    matrix = csr_array((weights, pairs), shape=(num_vertices, num_vertices))
    degree = np.maximum(np.asarray(matrix.sum(axis=1)).ravel(), 1)
    return (diags_array((1 / degree).astype(np.float32)) @ matrix).tocsr()


def _smooth(vertices: npt.NDArray[np.float32], neighbours: Any) -> npt.NDArray[np.float32]:
    for _ in range(_TAUBIN_STEPS):
        for factor in (_TAUBIN_IN, _TAUBIN_OUT):
            vertices = vertices + np.float32(factor) * (neighbours @ vertices - vertices)
    return vertices


def _vertex_normals(
    vertices: npt.NDArray[np.float32], faces: npt.NDArray[np.int64]
) -> npt.NDArray[np.float32]:
    corners = vertices[faces]
    across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normals = np.zeros_like(vertices)
    for axis in range(3):
        weights = np.repeat(across[:, axis], 3)  # face normals weighted by area
        normals[:, axis] = np.bincount(faces.ravel(), weights, len(vertices))
    return _unit(normals)


def _unit(vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / np.maximum(length, 1e-12)


def _raycaster(vertices: npt.NDArray[np.float32], faces: npt.NDArray[np.int64]) -> Any:
    import open3d

    raycaster = open3d.t.geometry.RaycastingScene()
    raycaster.add_triangles(
        open3d.core.Tensor.from_numpy(np.ascontiguousarray(vertices)),
        open3d.core.Tensor.from_numpy(faces.astype(np.uint32)),
    )
    return raycaster


def _openness(
    raycaster: Any,
    vertices: npt.NDArray[np.float32],
    normals: npt.NDArray[np.float32],
    reach_m: float,
) -> npt.NDArray[np.float32]:
    """Share of the hemisphere above each vertex from which light arrives (ambient occlusion)."""
    import open3d

    rng = np.random.default_rng(0)
    light = np.zeros(len(vertices), np.float32)
    rays = np.empty((len(vertices), 6), np.float32)
    rays[:, :3] = vertices + 0.05 * reach_m * normals
    for _ in range(_SHADE_RAYS):
        # A unit sphere sitting on the surface: directions to it are cosine-weighted.
        ball = rng.normal(size=vertices.shape).astype(np.float32)
        rays[:, 3:] = _unit(1.001 * normals + _unit(ball))
        hit = raycaster.test_occlusions(open3d.core.Tensor.from_numpy(rays), 0.0, reach_m).numpy()
        light += ~hit
    return light / _SHADE_RAYS
