"""Pixels of a z-buffer grown to discs: the second half of the id pass."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from lexel.viewer.drawing.bands import in_bands
from lexel.viewer.drawing.camera import Camera

Keys = npt.NDArray[np.int64]
# Infinitely deep, id -1: what stands where no point is.
NOTHING = int(np.int64(np.float32(np.inf).view(np.int32)) << 32 | 0xFFFFFFFF)
MOST_PX = 24  # radius of a disc
_SPARSE = 16  # fewer than every 16th pixel reaches further: those are grown one by one


@dataclass(frozen=True)
class Discs:
    """How large points are drawn; never less than a pixel.

    Attributes:
        radius_px: on the picture, wherever they are.
        radius_m: in the world, in place of `radius_px`: nearer ones look greater.
    """

    radius_px: float = 1.5
    radius_m: float | None = None

    @property
    def border_px(self) -> int:
        """How far outside the picture points are kept: their discs may reach into it."""
        return MOST_PX if self.radius_m is not None else min(3 * math.ceil(self.radius_px), MOST_PX)


@dataclass(frozen=True)
class Growth:
    """Discs as one camera sees them. At a depth d their radius is `radius_px` · d^-`power`, and
    `more_px`: a point stands in the middle of its pixel now, up to half a pixel from its place.

    A pixel at a distance of r pixels from the middle lies deeper by `curve` · r² · d^`curve_power`.
    """

    radius_px: float
    power: int
    curve: float
    curve_power: int
    more_px: float = 0.0

    @classmethod
    def of(cls, discs: Discs, camera: Camera, wider: float = 1.0) -> Growth:
        """A disc of radius R metres is a paraboloid that is R / 2 deep at its rim."""
        per_m = camera.pixels_per_m(1.0)
        seen = 0 if camera.orthographic else 1
        if discs.radius_m is None:
            radius_px = discs.radius_px * wider
            return cls(radius_px, 0, 0.5 / (max(radius_px, 0.5) * per_m), seen)
        radius_m = discs.radius_m * wider
        curve = 0.5 / (radius_m * per_m**2)
        return cls(radius_m * per_m, seen, curve, 2 * seen, more_px=0.5)

    def radius_at(self, depth_m: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Pixels; nothing, at infinity, has no radius."""
        if self.power == 0:
            radius = np.full_like(depth_m, self.radius_px + self.more_px)
        else:
            radius = np.float32(self.radius_px) / depth_m + np.float32(self.more_px)
        radius[np.isinf(depth_m)] = 0
        return radius

    def deeper(
        self, depth_m: npt.NDArray[np.float32], distance_squared: int
    ) -> npt.NDArray[np.float32]:
        curve = np.float32(self.curve * distance_squared)
        if self.curve_power == 0:
            return depth_m + curve
        if self.curve_power == 1:
            return depth_m * (1 + curve)
        return depth_m * (1 + curve * depth_m)


def grow(nearest: Keys, growth: Growth, border_px: int, size_px: tuple[int, int]) -> Keys:
    """(H, W) keys of what is seen, from (H + 2b, W + 2b) keys of points of one pixel each."""
    width, height = size_px
    grown = np.empty((height, width), np.int64)

    def one_band(first: int, end: int) -> None:
        around = nearest[first : end + 2 * border_px]
        grown[first:end] = _grow_band(around, growth, border_px)

    in_bands(height, one_band)
    return grown


def _grow_band(around: Keys, growth: Growth, border_px: int) -> Keys:
    """A band's keys, without its border, from those with it."""
    depth_m = _depth(around)
    radius_px = growth.radius_at(depth_m)
    inner = slice(border_px, around.shape[0] - border_px), slice(border_px, -border_px)
    out = around[inner].copy()
    for squared, offsets in _rings(border_px):
        reaching = radius_px * radius_px >= squared
        count = np.count_nonzero(reaching)
        if count == 0:
            break
        if count * _SPARSE < reaching.size:
            return _grow_few(out, around, growth, border_px, squared)
        moved = _deeper_keys(around, growth.deeper(depth_m, squared))
        if count < reaching.size:
            moved[~reaching] = NOTHING
        for down, right in offsets:
            rows = slice(border_px + down, border_px + down + out.shape[0])
            np.minimum(out, moved[rows, border_px + right :][:, : out.shape[1]], out=out)
    return out


def _grow_few(out: Keys, around: Keys, growth: Growth, border_px: int, begin: int) -> Keys:
    """The rings from `begin` on, for the few pixels that reach so far."""
    height, width = around.shape
    wide = np.full((height + 2 * border_px, width), NOTHING, np.int64)  # room to write past it
    wide[2 * border_px : 2 * border_px + out.shape[0], border_px:-border_px] = out
    flat = around.reshape(-1)
    radius_squared = (growth.radius_at(_depth(around)) ** 2).reshape(-1)
    pixel = np.flatnonzero(radius_squared >= begin)
    pixel = pixel[np.argsort(-radius_squared[pixel])]
    key, reach = flat[pixel], -radius_squared[pixel]
    depth_m = _depth(key)
    for squared, offsets in _rings(border_px):
        count = int(np.searchsorted(reach, -squared, side="right")) if squared >= begin else 0
        if count == 0 and squared >= begin:
            break
        if count:
            moved = _deeper_keys(key[:count], growth.deeper(depth_m[:count], squared))
            for down, right in offsets:
                place = pixel[:count] + ((down + border_px) * width + right)
                np.minimum.at(wide.reshape(-1), place, moved)
    return wide[2 * border_px : 2 * border_px + out.shape[0], border_px:-border_px]


def _depth(key: Keys) -> npt.NDArray[np.float32]:
    halves = key.view(np.int32).reshape(*key.shape, 2)
    return np.ascontiguousarray(halves[..., 1]).view(np.float32)


def _deeper_keys(key: Keys, depth_m: npt.NDArray[np.float32]) -> Keys:
    moved = key.copy()
    moved.view(np.int32).reshape(*key.shape, 2)[..., 1] = depth_m.view(np.int32)
    return moved


@cache
def _rings(most_px: int) -> tuple[tuple[int, tuple[tuple[int, int], ...]], ...]:
    """Squared distances within a radius, ascending, and the offsets (down, right) at each."""
    rings: dict[int, list[tuple[int, int]]] = {}
    for down in range(-most_px, most_px + 1):
        for right in range(-most_px, most_px + 1):
            squared = down * down + right * right
            if 0 < squared <= most_px * most_px:
                rings.setdefault(squared, []).append((down, right))
    return tuple((squared, tuple(rings[squared])) for squared in sorted(rings))
