"""A depth image asked about places in the world: how far behind or before them its surface is."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lexel.geometry.cameras import PIXEL_CENTRE_PX, back_project

Floats = npt.NDArray[np.float32]

_MIN_COSINE = 0.1  # surfaces seen at a flatter angle, and outlines, tell no distance
_NEAREST_M = 0.4  # nearer views count no more: depth errors grow with the square from there on
_SAME_SURFACE = 1.05  # neighbouring pixels whose depths differ by less may be mixed


class DepthCamera:
    """A view, ready to be asked what it knows of places in the world."""

    def __init__(
        self,
        rgb: npt.NDArray[np.uint8],
        depth_m: Floats,
        intrinsics: npt.NDArray[np.float64],
        camera_from_world: npt.NDArray[np.float64],
    ) -> None:
        self._rgb, self._depth = rgb.reshape(-1, 3), depth_m
        self._quality = _quality(depth_m, intrinsics).reshape(-1)
        self._matrix = intrinsics @ camera_from_world[:3]
        self._inverse = np.divide(1, depth_m, out=np.zeros_like(depth_m), where=depth_m > 0)

    def look(
        self, places: npt.NDArray[np.floating]
    ) -> tuple[Floats, Floats, npt.NDArray[np.uint8]]:
        """Of places (V, 3): distance to what is behind the pixel, weight (0: unseen), colour."""
        height, width = self._depth.shape
        m = self._matrix.astype(np.float32)
        uvz = places.astype(np.float32) @ m[:, :3].T + m[:, 3]
        z = uvz[:, 2]
        with np.errstate(divide="ignore", invalid="ignore"):
            u, v = uvz[:, 0] / z, uvz[:, 1] / z
            inside = (z > 0) & (u >= 0) & (u < width) & (v >= 0) & (v < height)
        pixel = np.where(inside, v, 0).astype(np.int64) * width
        pixel += np.where(inside, u, 0).astype(np.int64)
        depth = self._depth.reshape(-1)[pixel]
        at = np.flatnonzero(inside & (depth > 0))
        depth[at] = self._between(u[at], v[at], depth[at])
        weight = np.where(inside & (depth > 0), self._quality[pixel], np.float32(0))
        return depth - z, weight, self._rgb[pixel]

    def _between(self, u: Floats, v: Floats, nearest: Floats) -> Floats:
        """Depth between pixel centres; the nearest pixel's where its neighbours are of another
        surface, or none. Of a plane it is 1 / depth that is linear in the image."""
        height, width = self._depth.shape
        left = np.clip(u - PIXEL_CENTRE_PX, 0, width - 1.001)
        up = np.clip(v - PIXEL_CENTRE_PX, 0, height - 1.001)
        x, y = left.astype(np.int64), up.astype(np.int64)
        a, b = left - x, up - y
        corners = [self._inverse[y + j, x + i] for j in (0, 1) for i in (0, 1)]
        shares = ((1 - a) * (1 - b), a * (1 - b), (1 - a) * b, a * b)
        mixed = sum(c * s for c, s in zip(corners, shares, strict=True))
        low, high = np.minimum.reduce(corners), np.maximum.reduce(corners)
        one = (low > 0) & (high < low * _SAME_SURFACE)
        return np.where(one, 1 / np.where(one, mixed, 1), nearest)


def _quality(depth_m: Floats, intrinsics: npt.NDArray[np.float64]) -> Floats:
    """(H, W) how much each pixel counts: cosine of the angle of view over squared depth.

    Pixels on an outline have neighbours at another depth: they look like a surface seen edge-on
    and count nothing, as they should.
    """
    cosine = viewing_cosine(depth_m, intrinsics)
    cosine[cosine < _MIN_COSINE] = 0
    return np.asarray(cosine / np.maximum(depth_m, _NEAREST_M) ** 2)


def viewing_cosine(depth_m: Floats, intrinsics: npt.NDArray[np.float64]) -> Floats:
    """(H, W) float32: between a pixel's ray and the surface's normal there, from its neighbours."""
    points = back_project(depth_m, intrinsics)
    across, down = np.gradient(points, axis=1), np.gradient(points, axis=0)
    normal = np.cross(across, down)
    with np.errstate(divide="ignore", invalid="ignore"):
        cosine = np.abs((normal * points).sum(-1)) / (
            np.linalg.norm(normal, axis=-1) * np.linalg.norm(points, axis=-1)
        )
    return np.nan_to_num(cosine, nan=0, posinf=0).astype(np.float32)
