"""A truncated signed distance over a whole scan: blocks of voxels wherever a surface was near.

Curless and Levoy's running mean (SIGGRAPH 1996). Memory follows the surface, not the length of
the recording, and a voxel's value depends on the views and their order only, so the same views
give the same bytes wherever the work was interrupted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from lexel.geometry.cameras import back_project
from lexel.geometry.depth_camera import DepthCamera
from lexel.geometry.transforms import apply, invert

Floats = npt.NDArray[np.float32]
Keys = npt.NDArray[np.int64]

EDGE = 8  # voxels along the edge of a block
VOXELS = EDGE**3
_TRUNCATION_VOXELS = 4.0
_BLOCKS_AT_ONCE = 1024
_FINDING_STRIDE_PX = 3  # a pixel in nine is enough to meet every block at any usable distance
_BITS, _OFFSET = 21, 1 << 20  # of one coordinate of a block in its key


class SparseTsdf:
    """Blocks of 8³ voxels with signed distance, weight and colour; grows as views come in.

    Voxel (i, j, k) of the world lies at `voxel_size_m * (i, j, k)`.

    Attributes:
        voxel_size_m: edge of a voxel.
        keys: (B,) int64, which block each row is, in the order they were met.
        distance, weight: (B, 512) float32; distance is in -1..1, positive in front.
        colour: (B, 512, 3) float32, 0..255.
    """

    def __init__(self, voxel_size_m: float) -> None:
        self.voxel_size_m = voxel_size_m
        self._count = 0
        self._allocate(256)
        self._sort()

    @classmethod
    def from_state(cls, state: Mapping[str, npt.NDArray[Any]]) -> SparseTsdf:
        """What `state` told."""
        tsdf = cls(float(state["voxel_size_m"]))
        tsdf._count = len(state["keys"])
        tsdf._keys, tsdf._distance = state["keys"], state["distance"]
        tsdf._weight, tsdf._colour = state["weight"], state["colour"]
        tsdf._sort()
        return tsdf

    def state(self) -> dict[str, npt.NDArray[Any]]:
        """Everything it knows, as arrays."""
        return {
            "voxel_size_m": np.array(self.voxel_size_m),
            "keys": self.keys,
            "distance": self.distance,
            "weight": self.weight,
            "colour": self.colour,
        }

    def __len__(self) -> int:
        return self._count

    @property
    def truncation_m(self) -> float:
        return _TRUNCATION_VOXELS * self.voxel_size_m

    @property
    def keys(self) -> Keys:
        return self._keys[: self._count]

    @property
    def distance(self) -> Floats:
        return self._distance[: self._count]

    @property
    def weight(self) -> Floats:
        return self._weight[: self._count]

    @property
    def colour(self) -> Floats:
        return self._colour[: self._count]

    def find(self, keys: Keys) -> npt.NDArray[np.int64]:
        """Row of each block, -1 where there is none."""
        if not self._count:
            return np.full(keys.shape, -1)
        place = np.searchsorted(self._sorted, keys).clip(0, self._count - 1)
        return np.where(self._sorted[place] == keys, self._order[place], -1)

    def integrate(
        self,
        rgb: npt.NDArray[np.uint8],
        depth_m: Floats,
        intrinsics: npt.NDArray[np.float64],
        world_from_camera: npt.NDArray[np.float64],
    ) -> None:
        """Take in one view: (H, W, 3) colours, (H, W) z-depth with 0 where there is none."""
        rows = self._rows_for(self._near(depth_m, intrinsics, world_from_camera))
        camera = DepthCamera(rgb, depth_m, intrinsics, invert(world_from_camera))
        for start in range(0, len(rows), _BLOCKS_AT_ONCE):
            self._update(rows[start : start + _BLOCKS_AT_ONCE], camera)

    def _near(
        self,
        depth_m: Floats,
        intrinsics: npt.NDArray[np.float64],
        world_from_camera: npt.NDArray[np.float64],
    ) -> Keys:
        """Blocks that the rays of a view cross within the truncation of what they hit."""
        step = _FINDING_STRIDE_PX
        points = back_project(depth_m, intrinsics)[::step, ::step]
        points = points[points[..., 2] > 0]
        lengths = np.linalg.norm(points, axis=1, keepdims=True)
        keys = []
        for shift in (-1.0, -0.5, 0.0, 0.5, 1.0):
            moved = points * (1 + shift * self.truncation_m / lengths)
            blocks = apply(world_from_camera, moved) / (self.voxel_size_m * EDGE)
            keys.append(np.unique(pack(np.floor(blocks).astype(np.int64))))
        return np.unique(np.concatenate(keys))

    def _rows_for(self, keys: Keys) -> npt.NDArray[np.int64]:
        """Rows of blocks, made where there are none."""
        new = keys[self.find(keys) < 0]
        if len(new):
            end = self._count + len(new)
            if end > len(self._keys):
                self._allocate(max(end, len(self._keys) * 3 // 2))
            self._keys[self._count : end] = new
            self._count = end
            self._sort()
        return self.find(keys)

    def _update(self, rows: npt.NDArray[np.int64], camera: DepthCamera) -> None:
        corner = unpack(self.keys[rows])[:, None] * EDGE + _INSIDE
        distance, weight, rgb = camera.look(corner.reshape(-1, 3) * self.voxel_size_m)
        seen = (weight > 0) & (distance >= -self.truncation_m)
        at = np.repeat(rows, VOXELS)[seen] * VOXELS + np.tile(np.arange(VOXELS), len(rows))[seen]
        new = weight[seen]
        flat_weight = self._weight.reshape(-1)
        total = flat_weight[at] + new
        share = new / total
        flat_weight[at] = total
        flat = self._distance.reshape(-1)
        flat[at] += share * (np.minimum(distance[seen] / self.truncation_m, 1) - flat[at])
        colour = self._colour.reshape(-1, 3)
        colour[at] += share[:, None] * (rgb[seen] - colour[at])

    def _allocate(self, rows: int) -> None:
        old = self._count
        keys, distance = np.zeros(rows, np.int64), np.zeros((rows, VOXELS), np.float32)
        weight, colour = np.zeros_like(distance), np.zeros((rows, VOXELS, 3), np.float32)
        if old:
            keys[:old], distance[:old] = self.keys, self.distance
            weight[:old], colour[:old] = self.weight, self.colour
        self._keys, self._distance, self._weight, self._colour = keys, distance, weight, colour

    def _sort(self) -> None:
        self._order = np.argsort(self.keys, kind="stable")
        self._sorted = self.keys[self._order]


def pack(blocks: npt.NDArray[np.integer]) -> Keys:
    """(...,) one number for block coordinates (..., 3), each in ±2²⁰; in the order of i, j, k."""
    b = blocks.astype(np.int64) + _OFFSET
    return np.asarray((b[..., 0] << 2 * _BITS) | (b[..., 1] << _BITS) | b[..., 2])


def unpack(keys: Keys) -> npt.NDArray[np.int64]:
    """(..., 3) block coordinates."""
    mask = (1 << _BITS) - 1
    parts = (keys >> 2 * _BITS, (keys >> _BITS) & mask, keys & mask)
    return np.stack(parts, axis=-1) - _OFFSET


_INSIDE = np.stack(np.meshgrid(*[np.arange(EDGE)] * 3, indexing="ij"), -1).reshape(-1, 3)
