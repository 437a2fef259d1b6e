"""Points in the order in which they are drawn. Letters: N points, M of them that can be drawn.

The order does two things. It consists of portions, each an even sample of the whole, so whatever
was drawn when the time is up is a picture of everything, only thinner. Within a portion
neighbours in space are neighbours in memory (Morton order), so a z-buffer is written near where
it was written last.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lexel.geometry.spacing import radius_that_closes
from lexel.progress import Progress, Silent

_PORTION = 1 << 18  # points
_BLOCK = 1 << 17  # points at a time, so that other threads get their turn in between
_AXIS_STEPS = 1023  # ten bits an axis
_WEAVE = ((16, 0x030000FF), (8, 0x0300F00F), (4, 0x030C30C3), (2, 0x09249249))
_GOLDEN = 0.6180339887498949


@dataclass(frozen=True, eq=False)
class Cloud:
    """Points to draw.

    Attributes:
        xyz_m: (N, 3) float32, world frame, as they came; not copied.
        ids: (M,) int32, which points, in drawing order; those that are not finite are left out.
        local_m: (3, M) float32, metres from `middle_m`, in drawing order.
        ends: where portions end in the drawing order, ascending; the last is M.
        middle_m: (3,) float64, world frame.
        box_m: (2, 3) float64, lower and upper corner, world frame.
        radius_m: of discs that close a surface.
    """

    xyz_m: npt.NDArray[np.float32]
    ids: npt.NDArray[np.int32]
    local_m: npt.NDArray[np.float32]
    ends: tuple[int, ...]
    middle_m: npt.NDArray[np.float64]
    box_m: npt.NDArray[np.float64]
    radius_m: float

    def __len__(self) -> int:
        return len(self.ids)

    def in_drawing_order(self, flags: npt.NDArray[np.bool_] | None) -> npt.NDArray[np.bool_] | None:
        """(N,) flags of points as (M,) flags of what is drawn; None where none is set."""
        if flags is None or not flags.any():
            return None
        ordered = np.empty(len(self.ids), np.bool_)
        for start in range(0, len(self.ids), _BLOCK):
            part = slice(start, start + _BLOCK)
            np.take(flags, self.ids[part], out=ordered[part], mode="clip")
        return ordered


def arrange(xyz_m: npt.NDArray[np.float32], progress: Progress | None = None) -> Cloud:
    """Bring (N, 3) points, metres, world frame, into drawing order; 16 bytes a point are kept."""
    progress = progress or Silent()
    progress.begin("arranging points", 4)
    box_m = _finite_box(xyz_m)
    keys = _morton_keys(xyz_m, box_m)
    progress.advance()
    keys.sort()
    progress.advance()
    ids, ends = _in_portions((keys & np.uint64(0xFFFFFFFF)).astype(np.int32))
    middle_m = box_m.mean(axis=0)
    local_m = np.empty((3, len(ids)), np.float32)
    for start in range(0, len(ids), _BLOCK):
        part = slice(start, start + _BLOCK)
        local_m[:, part] = (xyz_m[ids[part]] - middle_m).T
    progress.advance()
    radius_m = radius_that_closes(local_m.T)
    progress.advance()
    return Cloud(xyz_m, ids, local_m, ends, middle_m, box_m, radius_m)


def _finite_box(xyz_m: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    lower, upper = np.full(3, np.inf), np.full(3, -np.inf)
    for start in range(0, len(xyz_m), _BLOCK):
        part = xyz_m[start : start + _BLOCK]
        good = part[np.isfinite(part).all(axis=1)]
        if len(good):
            lower, upper = np.minimum(lower, good.min(axis=0)), np.maximum(upper, good.max(axis=0))
    if not np.isfinite(lower).all():
        return np.zeros((2, 3))
    return np.stack([lower, upper])


def _morton_keys(
    xyz_m: npt.NDArray[np.float32], box_m: npt.NDArray[np.float64]
) -> npt.NDArray[np.uint64]:
    """(M,) place in the high half, row in the low half: sorting them needs no second array."""
    step = _AXIS_STEPS / np.maximum(box_m[1] - box_m[0], 1e-9)
    keys, number = np.empty(len(xyz_m), np.uint64), 0
    for start in range(0, len(xyz_m), _BLOCK):
        part = xyz_m[start : start + _BLOCK]
        rows = np.flatnonzero(np.isfinite(part).all(axis=1))
        cell = ((part[rows] - box_m[0]) * step).astype(np.uint32).T
        x, y, z = (_every_third(axis) for axis in cell)
        code = (x | y << np.uint32(1) | z << np.uint32(2)).astype(np.uint64)
        keys[number : number + len(rows)] = code << np.uint64(32) | (rows + start).astype(np.uint64)
        number += len(rows)
    return keys[:number]


def _every_third(bits: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    """Ten bits moved three apart, so that three axes can be woven into one number."""
    for shift, mask in _WEAVE:
        bits = (bits | bits << np.uint32(shift)) & np.uint32(mask)
    return bits


def _in_portions(ids: npt.NDArray[np.int32]) -> tuple[npt.NDArray[np.int32], tuple[int, ...]]:
    """Every S-th point is a portion; portions follow each other by the golden ratio, so that
    the first few of them are spread evenly too."""
    number = max(1, len(ids) // _PORTION)
    starts = np.argsort(np.arange(number) * _GOLDEN % 1.0)
    portions = [ids[start::number] for start in starts]
    ends = np.cumsum([len(portion) for portion in portions])
    return np.concatenate(portions), tuple(ends.tolist())
