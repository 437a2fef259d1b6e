"""Things as meshes to draw: what no camera saw stands apart, places become small solids."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt

from lexel.viewer.drawing.meshes import Mesh
from lexel.viewer.things import Thing

MOST_SOLIDS = 60_000  # points drawn as solids; larger clouds are points of the scene
_UNSEEN_OPACITY = 0.55
_GAP_SAMPLE = 2000
_SMALLEST_M, _LARGEST_M = 0.002, 0.05

# An octahedron: its corners and faces.
_CORNERS = np.array([[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1]], float)
_FACES = np.array(
    [[0, 2, 4], [2, 1, 4], [1, 3, 4], [3, 0, 4], [2, 0, 5], [1, 2, 5], [3, 1, 5], [0, 3, 5]],
    np.int32,
)


def meshes_of(things: Iterable[Thing], *, show_inferred: bool = True) -> tuple[Mesh, ...]:
    """What is drawn of things, without or with what no camera saw."""
    solid = (_with_faces(thing) for thing in things if len(thing.points_m))
    return tuple(
        mesh for thing in solid for mesh in _parts(thing, show_inferred) if len(mesh.faces)
    )


def _parts(thing: Thing, show_inferred: bool) -> Iterator[Mesh]:
    """The seen part, and the inferred one apart."""
    assert thing.faces is not None
    colours = _face_colours(thing)
    if thing.inferred is None:
        yield _mesh(thing, slice(None), colours)
        return
    unseen = thing.inferred[thing.faces].sum(axis=1) >= 2
    yield _mesh(thing, np.flatnonzero(~unseen), colours)
    if show_inferred:
        yield _mesh(thing, np.flatnonzero(unseen), colours, inferred=True)


def _mesh(
    thing: Thing,
    faces: slice | npt.NDArray[np.intp],
    colours: npt.NDArray[np.uint8] | None,
    *,
    inferred: bool = False,
) -> Mesh:
    assert thing.faces is not None
    return Mesh(
        thing.points_m,
        thing.faces[faces],
        thing.colour if colours is None else colours[faces],
        _UNSEEN_OPACITY if inferred else 1.0,
        inferred,
    )


def _face_colours(thing: Thing) -> npt.NDArray[np.uint8] | None:
    """(F, 3) the mean of its corners' colours; None where one colour is enough."""
    if thing.rgb is None:
        return None
    assert thing.faces is not None
    return thing.rgb[thing.faces].mean(axis=1).round().astype(np.uint8)


def _with_faces(thing: Thing) -> Thing:
    """A cloud as a solid for each of its points."""
    if thing.faces is not None:
        return thing
    chosen = np.arange(0, len(thing.points_m), -(-len(thing.points_m) // MOST_SOLIDS))
    points, each = thing.points_m[chosen], len(_CORNERS)
    corners = points[:, None] + (_radius_m(points) * _CORNERS).astype(np.float32)
    faces = _FACES + each * np.arange(len(points), dtype=np.int32)[:, None, None]
    return Thing(
        thing.name,
        thing.text,
        thing.colour,
        corners.reshape(-1, 3),
        faces.reshape(-1, 3),
        None if thing.rgb is None else thing.rgb[chosen].repeat(each, axis=0),
        None if thing.inferred is None else thing.inferred[chosen].repeat(each),
    )


def _radius_m(points_m: npt.NDArray[np.float32]) -> float:
    """A little more than half of how far apart points are: neighbours touch."""
    from scipy.spatial import cKDTree

    if len(points_m) < 2:
        return _LARGEST_M / 2
    sample = points_m[:: max(1, len(points_m) // _GAP_SAMPLE)]
    distance, _ = cKDTree(points_m).query(sample, k=2)
    return float(np.clip(0.7 * np.median(distance[:, 1]), _SMALLEST_M, _LARGEST_M))
