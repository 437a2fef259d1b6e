"""Layers of a field as things of their own: a surface around the points that have a score."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lexel.errors import InputError
from lexel.io.fields import StoredField
from lexel.query.paint import LegendEntry
from lexel.render.stage import PaintedMesh
from lexel.scene import AnswerKind, Colour, Mesh

_LEVEL = 0.35  # of full density: low enough that a sheet one voxel thick stays
_SIGMA = 1.0  # voxels; lattices may stand askew in the world, and steps are not the answer
_MAX_CELLS = 30_000_000
_SAMPLE = 5000
_SEEN = 2.5  # voxels from a point that was seen
_STALE = 0.15  # how much seeing what was seen counts beside seeing what was filled in


@dataclass(frozen=True, eq=False)
class Overlay:
    """A layer, ready to be drawn.

    Attributes:
        mesh: None where its points make no surface.
        points_m: (M, 3) float32, the layer's points.
        news: (M,) float32 0..1, how much there is to see at each: less where it was seen anyway.
        reach_m: how near a seen point must be for a place to be seen.
        entry: for the legend.
        located: whether it is where something was located, which may be hidden.
    """

    mesh: PaintedMesh | None
    points_m: npt.NDArray[np.float32]
    news: npt.NDArray[np.float32]
    reach_m: float
    entry: LegendEntry
    located: bool


def make_overlay(
    field: StoredField, name: str, colour: Colour, seen_m: npt.NDArray[np.float32]
) -> Overlay:
    """The layer `name` in its colour.

    Args:
        seen_m: (S, 3) the points that were seen; what is not near them is marked as inferred.

    Raises:
        InputError: the layer has a score for every point, so it is no thing.
    """
    layer = field.layer(name)
    if layer.index is None:
        raise InputError(
            "the layer has a score for every point, so it has no surface",
            where=field.path,
            got=name,
            do='Show it as heat: "layer" instead of "overlays".',
        )
    points_m = np.ascontiguousarray(field.points.xyz_m[layer.index])
    spacing_m = _spacing(points_m)
    mesh = surface_around(points_m, spacing_m)
    located = name.startswith(f"{AnswerKind.LOCALISATION.value}/")
    entry = LegendEntry(field.layer_note(name).text, colour)
    reach_m = _SEEN * spacing_m
    located_or_unseen = located | _unseen(points_m, seen_m, reach_m)
    news = np.where(located_or_unseen, 1, _STALE).astype(np.float32)
    if mesh is None:
        return Overlay(None, points_m, news, reach_m, entry, located)
    inferred = ~located & _unseen(mesh.vertices_m, seen_m, reach_m)
    rgb = np.tile(np.array(colour, np.uint8), (len(inferred), 1))
    painted = PaintedMesh(mesh.vertices_m, mesh.faces, rgb, inferred.astype(np.float32))
    return Overlay(painted, points_m, news, reach_m, entry, located)


def _unseen(
    places_m: npt.NDArray[np.float32], seen_m: npt.NDArray[np.float32], reach_m: float
) -> npt.NDArray[np.bool_]:
    """Which places have no seen point near."""
    from scipy.spatial import KDTree

    if not len(seen_m):
        return np.ones(len(places_m), np.bool_)
    near, _ = KDTree(seen_m).query(places_m, distance_upper_bound=reach_m)
    return np.asarray(near == np.inf, np.bool_)


def surface_around(points_m: npt.NDArray[np.float32], spacing_m: float) -> Mesh | None:
    """A smooth surface around points of an even lattice, however it stands; None for too few."""
    from scipy.ndimage import gaussian_filter
    from skimage.measure import marching_cubes

    if not len(points_m):
        return None
    low, extent = points_m.min(axis=0), np.ptp(points_m, axis=0)
    cell_m = max(spacing_m, float(np.prod(extent + spacing_m) / _MAX_CELLS) ** (1 / 3))
    border = 4
    shape = np.ceil(extent / cell_m).astype(int) + 2 * border + 1
    density = gaussian_filter(_splat((points_m - low) / cell_m + border, shape), _SIGMA)
    density *= (spacing_m / cell_m) ** 3
    if density.max() <= _LEVEL:
        return None
    vertices, faces, _, _ = marching_cubes(density, _LEVEL, gradient_direction="ascent")
    vertices_m = low + (vertices - border) * cell_m
    return Mesh(vertices_m.astype(np.float32), np.ascontiguousarray(faces, np.int32))


def _splat(
    places: npt.NDArray[np.floating], shape: npt.NDArray[np.int_]
) -> npt.NDArray[np.float32]:
    """Each place's weight of 1 shared among the eight cells around it."""
    base = np.floor(places).astype(np.int64)
    part = places - base
    density = np.zeros(int(np.prod(shape)), np.float64)
    for corner in np.ndindex(2, 2, 2):
        weight = np.where(corner, part, 1 - part).prod(axis=1)
        flat = np.ravel_multi_index(tuple((base + corner).T), tuple(shape))
        density += np.bincount(flat, weight, len(density))
    return density.reshape(shape).astype(np.float32)


def _spacing(points_m: npt.NDArray[np.float32]) -> float:
    """Distance of neighbours."""
    from scipy.spatial import KDTree

    if len(points_m) < 2:
        return 0.02
    some = points_m[:: max(1, len(points_m) // _SAMPLE)]
    distance, _ = KDTree(points_m).query(some, k=2)
    return max(float(np.median(distance[:, 1])), 1e-4)
