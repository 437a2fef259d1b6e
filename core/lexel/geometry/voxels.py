"""Voxel grids and lattices inside an axis-aligned box."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

# The 2 m box the published networks live in, metres: forward is +x, the floor is near z = 0.
BOX_LOWER_M = (-1.0, -1.0, -0.1)
BOX_UPPER_M = (1.0, 1.0, 1.9)


@dataclass(frozen=True)
class VoxelGrid:
    """A box cut into cells.

    Attributes:
        lower_m, upper_m: corners of the box, metres.
        shape: number of samples along x, y, z, at least 2 each.
    """

    lower_m: tuple[float, float, float] = BOX_LOWER_M
    upper_m: tuple[float, float, float] = BOX_UPPER_M
    shape: tuple[int, int, int] = (128, 128, 128)

    @property
    def num_voxels(self) -> int:
        return self.shape[0] * self.shape[1] * self.shape[2]

    @property
    def lattice_step_m(self) -> npt.NDArray[np.float64]:
        """(3,) distance of neighbouring `lattice` points: extent / (shape - 1)."""
        return (np.array(self.upper_m) - self.lower_m) / (np.array(self.shape) - 1)

    @property
    def voxel_size_m(self) -> npt.NDArray[np.float64]:
        """(3,) edge of a cell: extent / shape."""
        return (np.array(self.upper_m) - self.lower_m) / np.array(self.shape)

    def lattice_axes(self) -> tuple[npt.NDArray[np.float64], ...]:
        """x, y and z coordinates of the lattice whose end points lie on the bounds."""
        return tuple(
            np.linspace(lo, hi, n)
            for lo, hi, n in zip(self.lower_m, self.upper_m, self.shape, strict=True)
        )

    def lattice(self) -> npt.NDArray[np.float64]:
        """(X, Y, Z, 3) lattice points, end points on the bounds."""
        return np.stack(np.meshgrid(*self.lattice_axes(), indexing="ij"), axis=-1)

    def lattice_points(self, indices: npt.NDArray[np.integer]) -> npt.NDArray[np.float32]:
        """(N, 3) float32 positions of flat (C order) lattice indices (N,)."""
        ijk = np.stack(np.unravel_index(indices, self.shape), axis=-1)
        return (np.array(self.lower_m) + ijk * self.lattice_step_m).astype(np.float32)

    def contains(self, points: npt.ArrayLike) -> npt.NDArray[np.bool_]:
        """Whether points (..., 3) lie in the box, bounds included."""
        p = np.asarray(points)
        return np.asarray(((p >= self.lower_m) & (p <= self.upper_m)).all(axis=-1))
