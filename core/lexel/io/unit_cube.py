"""Semantic Abstraction's published completion meshes: brought from their unit cube to their scene.

The published program writes each label's surface as v = (index - 120) / 240 over its lattice of
240 places along each edge of the 2 m box, so all its meshes lie in [-0.5, 0.5]; its clouds (`.ply`)
lie in the scene's own frame. Marching cubes of a binary volume puts every vertex half-way between
two places of the lattice, or on one where the volume ends; nobody's own model is so.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from lexel.geometry.voxels import BOX_LOWER_M, BOX_UPPER_M
from lexel.io.notes import Notes
from lexel.io.raw_geometry import RawGeometry
from lexel.io.recording import Up

LATTICE = 240
_HALF = 0.5 + 1e-6
_CLOSE = 0.02  # of half a step of the lattice; the files have plenty of digits
_FEWEST = 6  # vertices: the surface of one place


def placed(raw: RawGeometry, where: str, notes: Notes) -> RawGeometry:
    """A published mesh in its scene's frame, aloud; anything else as it is."""
    if raw.faces is None or raw.rgb is not None or not is_unit_cube(raw.points):
        return raw
    notes.repaired(
        where, "it lies in the unit cube of Semantic Abstraction's meshes; it was put in its scene"
    )
    return replace(raw, points=scene_from_unit_cube(raw.points), up=Up.Z)


def is_unit_cube(points: npt.NDArray[np.floating]) -> bool:
    """Whether vertices (N, 3) stand on the lattice of a published mesh."""
    if len(points) < _FEWEST or np.abs(points).max() > _HALF:
        return False
    halves = 2 * _index(points)
    if not (np.abs(halves - np.rint(halves)) < _CLOSE).all():
        return False
    between = (np.rint(halves) % 2 == 1).sum(axis=1)  # axes along which a vertex is half-way
    return bool((between <= 1).all()) and bool((between == 1).any())


def scene_from_unit_cube(points: npt.NDArray[np.floating]) -> npt.NDArray[np.float32]:
    """(N, 3) vertices in the frame of the scene that the published program was given, metres.

    The first and last place of the lattice lie on the faces of the box.
    """
    lower, upper = np.array(BOX_LOWER_M), np.array(BOX_UPPER_M)
    placed = lower + _index(points) * (upper - lower) / (LATTICE - 1)
    return np.asarray(placed, np.float32)


def _index(points: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    return LATTICE * points.astype(np.float64) + LATTICE / 2
