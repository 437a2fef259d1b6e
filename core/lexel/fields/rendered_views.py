"""Lexel's own photographs of meshes and clouds that come without images."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from lexel.geometry.cameras import PIXEL_CENTRE_PX
from lexel.geometry.transforms import invert
from lexel.geometry.triangles import spread_over
from lexel.scene import Geometry, View

if TYPE_CHECKING:
    import open3d

Float = npt.NDArray[np.float64]
Rgb = npt.NDArray[np.uint8]
Photographer = Callable[[Float], View]

SIZE_PX = (320, 240)
INTRINSICS = np.array([[200.0, 0, 160], [0, 200, 120], [0, 0, 1]])
_GREY = 200
_DIMMEST = 0.35  # of a grey surface seen from the side: its shape is all there is to see
_SPLAT_PX = 2  # reach of a point of a cloud
_SURFACE_POINTS = 200_000


def photographer_of(geometry: Geometry) -> Photographer:
    """A function from a camera's (4, 4) pose in the world to what it sees."""
    if geometry.faces is None or not len(geometry.faces):
        return lambda pose: _splat(geometry, pose)
    caster = _caster(geometry)
    return lambda pose: _cast(geometry, caster, pose)


def surface_sample(geometry: Geometry) -> npt.NDArray[np.float32]:
    """(N, 3) points all over its surfaces; large triangles have corners only far away."""
    points, faces = geometry.points_m, geometry.faces
    if faces is None or not len(faces):
        return points
    spread = spread_over(points[faces], _SURFACE_POINTS)
    return spread if len(spread) else points


def _caster(geometry: Geometry) -> open3d.t.geometry.RaycastingScene:
    import open3d

    assert geometry.faces is not None
    scene = open3d.t.geometry.RaycastingScene()
    vertices, triangles = geometry.points_m, geometry.faces.astype(np.uint32)
    scene.add_triangles(
        open3d.core.Tensor.from_numpy(vertices), open3d.core.Tensor.from_numpy(triangles)
    )
    return scene


def _cast(geometry: Geometry, caster: open3d.t.geometry.RaycastingScene, pose: Float) -> View:
    import open3d

    width, height = SIZE_PX
    u, v = np.meshgrid(np.arange(width) + PIXEL_CENTRE_PX, np.arange(height) + PIXEL_CENTRE_PX)
    pixels = np.stack([u, v, np.ones_like(u)], axis=-1).reshape(-1, 3)
    rays = np.empty((len(pixels), 6), np.float32)
    rays[:, :3] = pose[:3, 3]
    # Of length one along the camera's axis: what the ray says it travelled is z-depth.
    rays[:, 3:] = pixels @ np.linalg.inv(INTRINSICS).T @ pose[:3, :3].T
    answer = caster.cast_rays(open3d.core.Tensor.from_numpy(rays))
    t, face = answer["t_hit"].numpy(), answer["primitive_ids"].numpy().astype(np.int64)
    hit = np.isfinite(t)
    rgb = np.full((len(t), 3), 255, np.uint8)
    normals, second = answer["primitive_normals"].numpy(), answer["primitive_uvs"].numpy()
    weights = np.stack([1 - second.sum(axis=1), second[:, 0], second[:, 1]], axis=1)
    rgb[hit] = _colours(geometry, face[hit], weights[hit], normals[hit], rays[hit, 3:])
    depth = np.where(hit, t, 0).astype(np.float32).reshape(height, width)
    return View(rgb.reshape(height, width, 3), depth, INTRINSICS, pose)


def _colours(
    geometry: Geometry,
    face: npt.NDArray[np.int64],
    weights: npt.NDArray[np.float32],
    normals: npt.NDArray[np.float32],
    rays: npt.NDArray[np.float32],
) -> Rgb:
    if geometry.rgb is not None:
        return geometry.rgb_at(face, weights)
    lengths = np.linalg.norm(normals, axis=1) * np.linalg.norm(rays, axis=1)
    facing = np.abs((normals * rays).sum(axis=1)) / np.maximum(lengths, 1e-9)
    shade = _GREY * (_DIMMEST + (1 - _DIMMEST) * facing)
    return np.repeat(np.rint(shade)[:, None], 3, axis=1).astype(np.uint8)


def _splat(geometry: Geometry, pose: Float) -> View:
    """Points as small squares, nearer ones over farther ones."""
    width, height = SIZE_PX
    matrix = INTRINSICS @ invert(pose)[:3]
    uvz = geometry.points_m.astype(np.float64) @ matrix[:, :3].T + matrix[:, 3]
    at = np.flatnonzero(uvz[:, 2] > 0.05)
    at = at[np.argsort(-uvz[at, 2], kind="stable")]
    z = uvz[at, 2]
    column, row = (np.floor(uvz[at, axis] / z).astype(np.int64) for axis in (0, 1))
    depth, rgb = np.zeros((height, width), np.float32), np.full((height, width, 3), 255, np.uint8)
    colours = np.full((len(at), 3), _GREY, np.uint8) if geometry.rgb is None else geometry.rgb[at]
    offsets = sorted(np.ndindex(2 * _SPLAT_PX + 1, 2 * _SPLAT_PX + 1), key=_from_middle)
    for step in reversed(offsets):  # a point's own pixel last: it knows it best
        r, c = row + step[0] - _SPLAT_PX, column + step[1] - _SPLAT_PX
        inside = (r >= 0) & (r < height) & (c >= 0) & (c < width)
        new, far = np.zeros_like(depth), rgb.copy()
        new[r[inside], c[inside]] = z[inside]  # the nearest comes last and stays
        far[r[inside], c[inside]] = colours[inside]
        over = (new > 0) & ((depth == 0) | (new < depth))
        depth[over], rgb[over] = new[over], far[over]
    return View(rgb, depth, INTRINSICS, pose)


def _from_middle(step: tuple[int, ...]) -> int:
    return sum((n - _SPLAT_PX) ** 2 for n in step)
