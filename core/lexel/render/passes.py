"""Drawing into a colour and a depth buffer: meshes by ray casting, points as small discs."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lexel.render.mesh_model import MeshModel
from lexel.render.orbit import Camera

_AMBIENT, _KEY, _HEAD = 0.60, 0.44, 0.30  # shares of light; see `_lit`
_MAX_DISC_PX = 6.0
_BORDER_PX = 6  # discs may reach over the picture's edge
_NEAR_M = 0.02
_NOTHING = np.iinfo(np.uint64).max


@dataclass(frozen=True, eq=False)
class Points:
    """`points_m` (N, 3) float32, `rgb` (N, 3) uint8 sRGB, drawn as discs of `radius_m`.

    `behind_m` moves them away from the eye: observed points lie on the very surfaces that meshes
    complete, and would flicker through them. `glow` (0..1) is how strongly they shine through what
    hides them: a hidden thing that was found should be seen.
    """

    points_m: npt.NDArray[np.float32]
    rgb: npt.NDArray[np.uint8]
    radius_m: float
    behind_m: float = 0.0
    glow: float = 0.0


@dataclass(frozen=True, eq=False)
class Canvas:
    """`rgb` (H, W, 3) float32 in 0..255, `depth_m` (H, W) float32, infinite where nothing is."""

    rgb: npt.NDArray[np.float32]
    depth_m: npt.NDArray[np.float32]


def blank_canvas(size_px: tuple[int, int]) -> Canvas:
    width, height = size_px
    depth_m = np.full((height, width), np.inf, np.float32)
    return Canvas(np.zeros((height, width, 3), np.float32), depth_m)


def draw_meshes(canvas: Canvas, model: MeshModel, camera: Camera) -> None:
    """Cast one ray per pixel that can meet a mesh, and shade what it meets."""
    import open3d

    part = _window(model, camera)
    canvas_depth_m, canvas_rgb = canvas.depth_m[part], canvas.rgb[part]  # views: drawn into
    rays = _rays(camera, part)
    answer = model.raycaster.cast_rays(open3d.core.Tensor.from_numpy(rays))
    depth_m = answer["t_hit"].numpy()  # directions have z = 1 in the camera, so t is the depth
    hit = depth_m < canvas_depth_m
    face = answer["primitive_ids"].numpy()[hit].astype(np.int64)
    colour = _lit(model, face, answer["primitive_uvs"].numpy()[hit], rays[hit, 3:], camera)
    canvas_depth_m[hit] = depth_m[hit]
    canvas_rgb[hit] = 255 * np.clip(colour, 0, 1) ** np.float32(1 / 2.2)


def draw_points(canvas: Canvas, points: Points, camera: Camera) -> None:
    """Draw each point as a disc facing the eye; nearer ones win."""
    pixel, depth_m, kept = _project(points, camera)
    radius_px = np.clip(camera.focal_px * points.radius_m / depth_m, 0.7, _MAX_DISC_PX)
    order = np.argsort(-radius_px)  # then the discs that reach an offset are the first so many
    pixel, radius_px = pixel[order], radius_px[order]
    # Depth in the high half and the row in the low half: one `minimum` keeps the nearest point.
    depth_bits = (depth_m + np.float32(points.behind_m))[order].view(np.uint32)
    key = (depth_bits.astype(np.uint64) << np.uint64(32)) | kept[order].astype(np.uint64)
    width, height = camera.size_px
    row_px = width + 2 * _BORDER_PX
    nearest = np.full((height + 2 * _BORDER_PX) * row_px, _NOTHING, np.uint64)
    for down, right in itertools.product(range(-_BORDER_PX, _BORDER_PX + 1), repeat=2):
        count = np.searchsorted(-radius_px, -np.hypot(down, right), side="right")
        np.minimum.at(nearest, pixel[:count] + (down * row_px + right), key[:count])
    inner = nearest.reshape(-1, row_px)[_BORDER_PX:-_BORDER_PX, _BORDER_PX:-_BORDER_PX]
    _paint(canvas, points, inner.ravel())


def _paint(canvas: Canvas, points: Points, nearest: npt.NDArray[np.uint64]) -> None:
    drawn = np.flatnonzero(nearest != _NOTHING)
    key = nearest[drawn]
    depth_m = (key >> np.uint64(32)).astype(np.uint32).view(np.float32)
    shown = depth_m < canvas.depth_m.ravel()[drawn]
    row = (key & np.uint64(0xFFFFFFFF)).astype(np.int64)
    canvas.depth_m.ravel()[drawn[shown]] = depth_m[shown]
    pixels = canvas.rgb.reshape(-1, 3)
    pixels[drawn[shown]] = points.rgb[row[shown]]
    if points.glow:
        hidden = drawn[~shown]
        pixels[hidden] += points.glow * (points.rgb[row[~shown]] - pixels[hidden])


def _project(
    points: Points, camera: Camera
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32], npt.NDArray[np.int64]]:
    """Pixel (of the picture with its border), depth and row of the points that are in it."""
    rotation = camera.world_from_camera[:3, :3].astype(np.float32)
    local = (points.points_m - camera.eye_m.astype(np.float32)) @ rotation
    ahead = np.flatnonzero(local[:, 2] > _NEAR_M)
    x, y, depth_m = local[ahead].T
    width, height = camera.size_px
    column = np.floor(camera.focal_px * x / depth_m + camera.centre_px[0]).astype(np.int64)
    row = np.floor(camera.focal_px * y / depth_m + camera.centre_px[1]).astype(np.int64)
    inside = (column >= 0) & (column < width) & (row >= 0) & (row < height)
    pixel = (row + _BORDER_PX) * (width + 2 * _BORDER_PX) + column + _BORDER_PX
    return pixel[inside], np.ascontiguousarray(depth_m[inside]), ahead[inside]


def _window(model: MeshModel, camera: Camera) -> tuple[slice, slice]:
    """Rows and columns within which the meshes lie."""
    width, height = camera.size_px
    local = (model.corners_m - camera.eye_m) @ camera.world_from_camera[:3, :3]
    if local[:, 2].min() < _NEAR_M:
        return slice(0, height), slice(0, width)
    pixels = camera.focal_px * local[:, :2] / local[:, 2:] + camera.centre_px
    low = np.clip(np.floor(pixels.min(0)), 0, camera.size_px).astype(int)
    high = np.clip(np.ceil(pixels.max(0)), 0, camera.size_px).astype(int)
    return slice(low[1], high[1]), slice(low[0], high[0])


def _rays(camera: Camera, part: tuple[slice, slice]) -> npt.NDArray[np.float32]:
    """(h, w, 6) for a part of the picture: the eye, and directions with z = 1 in the camera."""
    row = np.arange(part[0].start, part[0].stop) + 0.5
    column = np.arange(part[1].start, part[1].stop) + 0.5
    local = np.ones((len(row), len(column), 3), np.float32)
    local[..., 0] = (column - camera.centre_px[0]) / camera.focal_px
    local[..., 1] = ((row - camera.centre_px[1]) / camera.focal_px)[:, None]
    rays = np.empty((len(row), len(column), 6), np.float32)
    rays[..., :3] = camera.eye_m
    rays[..., 3:] = local @ camera.world_from_camera[:3, :3].T.astype(np.float32)
    return rays


def _lit(
    model: MeshModel,
    face: npt.NDArray[np.int64],
    along: npt.NDArray[np.float32],
    direction: npt.NDArray[np.float32],
    camera: Camera,
) -> npt.NDArray[np.float32]:
    """Linear light: ambient from above, a key light over the left shoulder, a light at the eye."""
    a, b, c = model.faces[face].T
    u, v = along[:, :1], along[:, 1:]
    w = 1 - u - v
    normal = w * model.normals[a] + u * model.normals[b] + v * model.normals[c]
    openness = (
        model.openness[a] * w[:, 0] + model.openness[b] * u[:, 0] + model.openness[c] * v[:, 0]
    )
    normal /= np.maximum(_length(normal), 1e-9)[:, None]
    facing = -np.einsum("nd,nd->n", normal, direction) / _length(direction)
    normal *= np.where(facing < 0, np.float32(-1), np.float32(1))[:, None]
    right, down, ahead = camera.world_from_camera[:3, :3].T.astype(np.float32)
    key_light = -0.55 * right - 0.65 * down - 0.55 * ahead
    key_light /= np.linalg.norm(key_light)
    key = np.maximum(normal @ key_light, 0)
    ambient = openness * (0.75 + 0.25 * normal[:, 2])
    light = _AMBIENT * ambient + (0.35 + 0.65 * openness) * (_KEY * key + _HEAD * np.abs(facing))
    lit: npt.NDArray[np.float32] = model.face_colour[face] * light[:, None]
    return lit


def _length(vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    length: npt.NDArray[np.float32] = np.sqrt(np.einsum("nd,nd->n", vectors, vectors))
    return length
