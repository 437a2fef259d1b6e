"""The affine map that moves a sample's points and positions together.

Source: Ha & Song, "Semantic Abstraction" (CoRL 2022): shift randn · box · 0.05, turn by
U(-0.15, 0.15) about each axis, stretch by 1 + U(0, 0.1) along each.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lexel.geometry.transforms import from_rotation, translation
from lexel.geometry.voxels import BOX_LOWER_M, BOX_UPPER_M

_BOX_M = BOX_UPPER_M[0] - BOX_LOWER_M[0]


@dataclass(frozen=True)
class Augmentation:
    """How far samples are moved.

    Attributes:
        shift: standard deviation of the shift along each axis, in boxes (2 m).
        turn_rad: largest angle about each axis.
        stretch: largest further scale along each axis.
    """

    shift: float = 0.05
    turn_rad: float = 0.15
    stretch: float = 0.1


def draw_affine(augmentation: Augmentation, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """A (4, 4) affine map: stretch, then turn about x, y and z, then shift."""
    angles = rng.uniform(-augmentation.turn_rad, augmentation.turn_rad, 3)
    stretch = np.diag(1 + rng.uniform(0, augmentation.stretch, 3))
    shift = rng.normal(0, augmentation.shift * _BOX_M, 3)
    x, y, z = (_turn(axis, angle) for axis, angle in enumerate(angles))
    return translation(shift) @ from_rotation(z @ y @ x @ stretch)


def _turn(axis: int, angle_rad: float) -> npt.NDArray[np.float64]:
    """(3, 3) rotation about x (0), y (1) or z (2)."""
    c, s = np.cos(angle_rad), np.sin(angle_rad)
    one, two = [(1, 2), (2, 0), (0, 1)][axis]
    matrix = np.eye(3)
    matrix[[one, one, two, two], [one, two, one, two]] = c, -s, s, c
    return matrix
