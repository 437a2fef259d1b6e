"""Rigid and similarity transforms as (4, 4) arrays.

`a_from_b` takes coordinates in frame b to frame a, so `a_from_b @ b_from_c` cancels visibly.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Float = npt.NDArray[np.float64]
_TINY = 1e-12


def from_rotation(rotation: npt.ArrayLike, translation: npt.ArrayLike = (0.0, 0.0, 0.0)) -> Float:
    """(4, 4) from a (3, 3) linear part and a (3,) translation."""
    matrix = np.eye(4)
    matrix[:3, :3] = rotation
    matrix[:3, 3] = translation
    return matrix


def translation(offset: npt.ArrayLike) -> Float:
    """(4, 4) that moves points by `offset` (3,)."""
    return from_rotation(np.eye(3), offset)


def scaling(factor: float) -> Float:
    """(4, 4) that scales about the origin."""
    return from_rotation(np.eye(3) * factor)


def yaw(angle_rad: float) -> Float:
    """(4, 4) rotation about +z, counter-clockwise seen from above."""
    c, s = np.cos(angle_rad), np.sin(angle_rad)
    return from_rotation([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])


def from_quaternion(wxyz: npt.ArrayLike) -> Float:
    """(3, 3) rotation of a quaternion, normalised first. A zero quaternion gives NaN."""
    q = np.asarray(wxyz, np.float64)
    with np.errstate(all="ignore"):
        w, x, y, z = q / np.linalg.norm(q)
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )


def rotation_error(rotation: npt.ArrayLike) -> float:
    """How far a (3, 3) is from orthonormal: the largest entry of |RᵀR - 1|."""
    r = np.asarray(rotation, np.float64)
    return float(np.abs(r.T @ r - np.eye(3)).max())


def nearest_rotation(matrix: npt.ArrayLike) -> Float:
    """The rotation nearest to a (3, 3) in the Frobenius norm (Kabsch): U diag(1, 1, ±1) Vᵀ."""
    u, _, vt = np.linalg.svd(np.asarray(matrix, np.float64))
    signs = np.array([1.0, 1.0, np.sign(np.linalg.det(u @ vt))])
    return np.asarray((u * signs) @ vt)


def invert(matrix: npt.ArrayLike) -> Float:
    """Inverse of a similarity (rotation, uniform scale, translation), exact to rounding."""
    m = np.asarray(matrix, np.float64)
    scale_squared = float((m[:3, 0] ** 2).sum())
    linear = m[:3, :3].T / scale_squared
    return from_rotation(linear, -linear @ m[:3, 3])


def apply(matrix: npt.ArrayLike, points: npt.ArrayLike) -> npt.NDArray[np.floating]:
    """Transform points (..., 3); float32 points stay float32 (computed in float64)."""
    m = np.asarray(matrix, np.float64)
    p = np.asarray(points)
    moved = p @ m[:3, :3].T + m[:3, 3]
    return moved.astype(np.float32) if p.dtype == np.float32 else moved


def split_similarity(matrix: npt.ArrayLike) -> tuple[Float, float]:
    """(rigid, scale) with `matrix = rigid @ scaling(scale)`.

    So a camera with pose `matrix` and depth d is one with pose `rigid` and depth `scale * d`.
    """
    m = np.asarray(matrix, np.float64)
    scale = float(np.cbrt(np.linalg.det(m[:3, :3])))
    return from_rotation(m[:3, :3] / scale, m[:3, 3]), scale


def rotation_between(source: npt.ArrayLike, target: npt.ArrayLike) -> Float:
    """The smallest (3, 3) rotation that takes direction `source` to direction `target`."""
    a = np.asarray(source, np.float64) / np.linalg.norm(source)
    b = np.asarray(target, np.float64) / np.linalg.norm(target)
    axis, cosine = np.cross(a, b), float(a @ b)
    if cosine < -1.0 + _TINY:  # opposite: half a turn about any perpendicular
        other = np.eye(3)[int(np.argmin(np.abs(a)))]
        perpendicular = np.cross(a, other) / np.linalg.norm(np.cross(a, other))
        return np.asarray(2.0 * np.outer(perpendicular, perpendicular) - np.eye(3))
    x, y, z = axis
    cross = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    return np.asarray(np.eye(3) + cross + cross @ cross / (1.0 + cosine))


def level(up: npt.ArrayLike, floor_height_m: float = 0.0) -> Float:
    """(4, 4) rigid that turns `up` to +z and puts the plane `up · p = floor_height_m` at z = 0."""
    return translation((0.0, 0.0, -floor_height_m)) @ from_rotation(
        rotation_between(up, (0.0, 0.0, 1.0))
    )
