"""One point for every voxel that a surface passes, from a sparse TSDF.

Gibson's surface nets: a cell whose corners differ in sign gets the mean of the crossings on its
twelve edges. Unlike the crossings themselves, the points are about as dense as the voxels, and a
point is known by its cell, which makes neighbours a look-up.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lexel.geometry.sparse_tsdf import EDGE, SparseTsdf, pack, unpack

Floats = npt.NDArray[np.float32]

_BLOCKS_AT_ONCE = 512
_NEARLY_CLIPPED = 0.98  # a value beyond is no distance: the far side of something else
_SEEN_WELL = 1.0  # weight, as one view from a metre straight on has it, for half confidence


@dataclass(frozen=True, eq=False)
class SurfacePoints:
    """Points of a surface, in the order of their cells.

    Attributes:
        cell: (N, 3) int64, the voxel each point lies in.
        xyz_m: (N, 3) float32, world frame.
        normal: (N, 3) float32 unit vectors, towards where the surface was seen from.
        rgb: (N, 3) uint8.
        confidence: (N,) float32, 0..1, of being there: how often and how well it was seen.
    """

    cell: npt.NDArray[np.int64]
    xyz_m: Floats
    normal: Floats
    rgb: npt.NDArray[np.uint8]
    confidence: Floats

    def __len__(self) -> int:
        return len(self.cell)

    def __getitem__(self, chosen: npt.NDArray[np.int64]) -> SurfacePoints:
        return SurfacePoints(
            self.cell[chosen],
            self.xyz_m[chosen],
            self.normal[chosen],
            self.rgb[chosen],
            self.confidence[chosen],
        )


def find_surface(tsdf: SparseTsdf) -> SurfacePoints:
    """The points of all blocks."""
    rows = np.argsort(tsdf.keys, kind="stable")
    parts = [
        _surface_of(tsdf, rows[start : start + _BLOCKS_AT_ONCE])
        for start in range(0, len(rows), _BLOCKS_AT_ONCE)
    ]
    if not parts:
        parts = [_surface_of(tsdf, rows)]
    columns = ("cell", "xyz_m", "normal", "rgb", "confidence")
    return SurfacePoints(*(np.concatenate([getattr(p, c) for p in parts]) for c in columns))


def _surface_of(tsdf: SparseTsdf, rows: npt.NDArray[np.int64]) -> SurfacePoints:
    distance, weight, colour = _padded(tsdf, rows)
    corners = _corners(distance)
    known = (_corners(weight) > 0) & (np.abs(corners) < _NEARLY_CLIPPED)
    crossing, offset = _mean_crossing(corners, known)
    at = np.flatnonzero(crossing)
    corners, known = corners.reshape(-1, 8)[at], known.reshape(-1, 8)[at]
    cell = (unpack(tsdf.keys[rows])[:, None] * EDGE + _CELLS).reshape(-1, 3)[at]
    xyz = (cell + offset.reshape(-1, 3)[at]) * tsdf.voxel_size_m
    each = np.where(known, _corners(weight).reshape(-1, 8)[at], 0)
    total = each.sum(1)
    rgb = (_corners(colour).reshape(-1, 8, 3)[at] * each[..., None]).sum(1) / total[:, None]
    mean = total / known.sum(1)
    return SurfacePoints(
        cell,
        xyz.astype(np.float32),
        _normals(corners, known),
        np.rint(rgb).clip(0, 255).astype(np.uint8),
        (mean / (mean + _SEEN_WELL)).astype(np.float32),
    )


def _padded(tsdf: SparseTsdf, rows: npt.NDArray[np.int64]) -> tuple[Floats, Floats, Floats]:
    """Blocks with the first layer of their upper neighbours: (b, 9, 9, 9) twice, (…, 3)."""
    n = EDGE + 1
    distance = np.ones((len(rows), n, n, n), np.float32)
    weight, colour = np.zeros_like(distance), np.zeros((len(rows), n, n, n, 3), np.float32)
    shape = (-1, EDGE, EDGE, EDGE)
    blocks = unpack(tsdf.keys[rows])
    for step in np.ndindex(2, 2, 2):
        neighbour = tsdf.find(pack(blocks + step))
        own, its = np.flatnonzero(neighbour >= 0), neighbour[neighbour >= 0]
        to = tuple(slice(EDGE, n) if s else slice(0, EDGE) for s in step)
        of = tuple(slice(0, 1) if s else slice(0, EDGE) for s in step)
        distance[(own, *to)] = tsdf.distance[its].reshape(shape)[(slice(None), *of)]
        weight[(own, *to)] = tsdf.weight[its].reshape(shape)[(slice(None), *of)]
        colour[(own, *to)] = tsdf.colour[its].reshape(*shape, 3)[(slice(None), *of)]
    return distance, weight, colour


def _corners(padded: Floats) -> Floats:
    """(b, 8, 8, 8, 8[, 3]): each cell's corners, in the order of `_STEPS`."""
    return np.stack(
        [padded[:, i : i + EDGE, j : j + EDGE, k : k + EDGE] for i, j, k in np.ndindex(2, 2, 2)],
        axis=4,
    )


def _mean_crossing(
    corners: Floats, known: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[np.bool_], Floats]:
    """Which cells a surface passes, and the mean of its crossings (…, 3) from the first corner."""
    count = np.zeros(corners.shape[:4], np.float32)
    total = np.zeros((*corners.shape[:4], 3), np.float32)
    for low, high in _EDGES:
        a, b = corners[..., low], corners[..., high]
        crosses = known[..., low] & known[..., high] & ((a >= 0) != (b >= 0))
        with np.errstate(divide="ignore", invalid="ignore"):
            t = np.where(crosses, a / (a - b), 0)
        count += crosses
        total += np.where(
            crosses[..., None],
            _STEPS[low] + t[..., None] * (_STEPS[high] - _STEPS[low]),
            np.float32(0),
        )
    return count > 0, total / np.maximum(count, 1)[..., None]


def _normals(corners: Floats, known: npt.NDArray[np.bool_]) -> Floats:
    """(N, 3) unit gradients of the distance over the known edges of each cell."""
    gradient = np.zeros((len(corners), 3), np.float32)
    count = np.zeros_like(gradient)
    for low, high in _EDGES:
        axis = int(np.flatnonzero(_STEPS[high] - _STEPS[low])[0])
        both = known[:, low] & known[:, high]
        gradient[:, axis] += np.where(both, corners[:, high] - corners[:, low], 0)
        count[:, axis] += both
    gradient /= np.maximum(count, 1)
    length = np.linalg.norm(gradient, axis=1, keepdims=True)
    upright = np.array([0, 0, 1], np.float32)  # where nothing is known of the slope
    return np.where(length > 0, gradient / np.maximum(length, 1e-12), upright).astype(np.float32)


_STEPS = np.array(list(np.ndindex(2, 2, 2)), np.float32)
_EDGES = [
    (a, b) for a in range(8) for b in range(a + 1, 8) if np.abs(_STEPS[a] - _STEPS[b]).sum() == 1
]
_CELLS = np.stack(np.meshgrid(*[np.arange(EDGE)] * 3, indexing="ij"), -1).reshape(-1, 3)
