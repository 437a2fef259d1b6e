"""Lenses: where the pixels of a straight (pinhole) image lie in the image a camera took.

Images here are made straight by asking, for each pixel of the straight image, where it lies in the
bent one: that direction has a closed form in every model read, so nothing is iterated.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Float = npt.NDArray[np.float64]

_NEGLIGIBLE_PX = 0.25
_BORDER_SAMPLES = 65
_RADIUS_SAMPLES = 4096
_FARTHEST_RADIUS = 1e3  # of any direction in front of a camera


@dataclass(frozen=True)
class Lens:
    """How a lens bends directions x = X / Z, y = Y / Z (Brown 1971; Kannala and Brandt 2006).

    Attributes:
        radial: k1, k2, ... of 1 + k1 t² + k2 t⁴ + ..., t the radius, or the angle of a fisheye.
        tangential: p1, p2.
        denominator: the same powers as `radial`, dividing it (OpenCV's k4, k5, k6).
        fisheye: t is the angle to the optical axis instead of its tangent.
    """

    radial: tuple[float, ...] = ()
    tangential: tuple[float, float] = (0.0, 0.0)
    denominator: tuple[float, ...] = ()
    fisheye: bool = False

    def bend(self, xy: Float) -> Float:
        """(..., 2) where the lens shows directions (..., 2)."""
        x, y = xy[..., 0], xy[..., 1]
        p1, p2 = self.tangential
        with np.errstate(all="ignore"):  # what diverges is past the usable radius
            r = np.hypot(x, y)
            scale = np.where(r > 0, self.radius(r) / np.where(r > 0, r, 1.0), 1.0)
            sideways = 2 * p1 * x * y + p2 * (r**2 + 2 * x**2)
            upwards = 2 * p2 * x * y + p1 * (r**2 + 2 * y**2)
            return np.stack([x * scale + sideways, y * scale + upwards], axis=-1)

    def radius(self, r: Float) -> Float:
        """(N,) the bent radius of directions with radius r, without the tangential part."""
        with np.errstate(all="ignore"):
            t = np.arctan(r) if self.fisheye else r
            return np.asarray(t * _even(self.radial, t) / _even(self.denominator, t))


STRAIGHT = Lens()


def usable_radius(lens: Lens, intrinsics: Float, size_px: tuple[int, int]) -> float:
    """The radius of directions beyond which the lens model folds back over itself.

    At most that of the farthest corner of a straight image with K (3, 3), `size_px` wide and high.
    """
    corner = corner_radius(intrinsics, size_px)
    r = np.linspace(0.0, corner, _RADIUS_SAMPLES)
    with np.errstate(all="ignore"):
        folds = np.flatnonzero(~(np.diff(lens.radius(r)) > 0))
    return float(r[folds[0]]) if len(folds) else corner


def corner_radius(intrinsics: Float, size_px: tuple[int, int]) -> float:
    """The radius of the farthest corner's direction in an image with K (3, 3)."""
    corners = np.array([[x, y] for x in (0, size_px[0]) for y in (0, size_px[1])], np.float64)
    with np.errstate(over="ignore"):  # of focal lengths next to nothing
        x, y = ((corners - intrinsics[:2, 2]) / intrinsics[[0, 1], [0, 1]]).T
    return min(float(np.hypot(x, y).max()), _FARTHEST_RADIUS)


def shift_px(lens: Lens, intrinsics: Float, size_px: tuple[int, int]) -> float:
    """How far, at most, the lens moves a pixel at the border of an image (width, height)."""
    if lens == STRAIGHT:
        return 0.0
    along = np.linspace(0.0, 1.0, _BORDER_SAMPLES)
    edges = [np.stack([along, np.full_like(along, end)], -1) for end in (0.0, 1.0)]
    border = np.concatenate([*edges, *(edge[:, ::-1] for edge in edges)]) * size_px
    with np.errstate(all="ignore"):
        moved = np.abs(bent_pixels(border, intrinsics, intrinsics, lens) - border)
    return float(np.nan_to_num(moved, nan=np.inf).max())


def is_straight(lens: Lens, intrinsics: Float, size_px: tuple[int, int]) -> bool:
    """Whether nobody would see the lens in an image of `size_px` (width, height)."""
    return shift_px(lens, intrinsics, size_px) < _NEGLIGIBLE_PX


def bent_pixels(pixels: Float, straight: Float, intrinsics: Float, lens: Lens) -> Float:
    """(..., 2) where pixels (..., 2) of a straight image with K `straight` (3, 3) were taken.

    `intrinsics` (3, 3) and `lens` are of the camera that took them, from the same place.
    """
    xy = (pixels - straight[:2, 2]) / straight[[0, 1], [0, 1]]
    with np.errstate(over="ignore", invalid="ignore"):
        return lens.bend(xy) * intrinsics[[0, 1], [0, 1]] + intrinsics[:2, 2]


def _even(coefficients: tuple[float, ...], t: Float) -> Float:
    """1 + k1 t² + k2 t⁴ + ..."""
    total, square, power = np.ones_like(t), t * t, np.ones_like(t)
    for k in coefficients:
        power = power * square
        total = total + k * power
    return total
