"""Closed triangle meshes of simple solids, from which the world's objects are assembled.

Metres, Z up. Triangles wind counter-clockwise seen from outside, so that normals point outwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Vector = tuple[float, float, float]
Point2 = tuple[float, float]

_SIDES = 20


@dataclass(frozen=True, eq=False)
class Part:
    """One closed piece of an object, of one surface.

    Attributes:
        vertices: [V, 3] float64, metres.
        triangles: [T, 3] int64, outward winding.
        surface: what it is made of: `main` takes the object's own colour and material, any other
            name is one of `lexel.synthetic.materials.SURFACES`.
    """

    vertices: NDArray[np.float64]
    triangles: NDArray[np.int64]
    surface: str = "main"

    def moved(self, x: float = 0.0, y: float = 0.0, z: float = 0.0) -> Part:
        return replace(self, vertices=self.vertices + np.array([x, y, z]))

    def scaled(self, x: float, y: float, z: float) -> Part:
        """Scaled about the origin; factors must be positive."""
        return replace(self, vertices=self.vertices * np.array([x, y, z]))

    def turned(self, degrees: float, axis: str = "z") -> Part:
        """Rotated about an axis through the origin, right-handed."""
        angle, (i, j) = np.radians(degrees), {"x": (1, 2), "y": (2, 0), "z": (0, 1)}[axis]
        vertices = self.vertices.copy()
        vertices[:, i] = np.cos(angle) * self.vertices[:, i] - np.sin(angle) * self.vertices[:, j]
        vertices[:, j] = np.sin(angle) * self.vertices[:, i] + np.cos(angle) * self.vertices[:, j]
        return replace(self, vertices=vertices)

    def of(self, surface: str) -> Part:
        return replace(self, surface=surface)


def box(size: Vector, base: Vector = (0, 0, 0), surface: str = "main", bevel: float = 0.0) -> Part:
    """A box whose base centre is at `base`; `bevel` (m) rounds its four upright edges."""
    x, y, z = (s / 2 for s in size)
    if bevel > 0:
        return prism(rounded_rectangle(size[0], size[1], bevel), size[2], surface).moved(*base)
    return prism([(-x, -y), (x, -y), (x, y), (-x, y)], 2 * z, surface).moved(*base)


def rounded_rectangle(width: float, depth: float, radius: float) -> list[Point2]:
    """Outline of a rectangle about the origin with round corners, counter-clockwise."""
    radius = min(radius, width / 2 - 1e-4, depth / 2 - 1e-4)
    outline: list[Point2] = []
    for quarter, (sx, sy) in enumerate([(1, 1), (-1, 1), (-1, -1), (1, -1)]):
        for angle in np.linspace(quarter, quarter + 1, 4) * np.pi / 2:
            cx, cy = sx * (width / 2 - radius), sy * (depth / 2 - radius)
            outline.append((cx + radius * np.cos(angle), cy + radius * np.sin(angle)))
    return outline


def prism(outline: Sequence[Point2], height: float, surface: str = "main") -> Part:
    """A counter-clockwise outline about a point it is star-shaped from, raised from z = 0."""
    ring = np.asarray(outline, float)
    return _loft([ring, ring], [0.0, height], surface)


def tapered(
    lower: Sequence[Point2], upper: Sequence[Point2], height: float, surface: str = "main"
) -> Part:
    """Between two outlines of equally many points, at z = 0 and z = `height`."""
    return _loft([np.asarray(lower, float), np.asarray(upper, float)], [0.0, height], surface)


def cylinder(
    radius: float,
    height: float,
    base: Vector = (0, 0, 0),
    surface: str = "main",
    top_radius: float | None = None,
    sides: int = _SIDES,
) -> Part:
    """An upright cylinder or cone frustum on `base`."""
    top = radius if top_radius is None else top_radius
    return lathe([(radius, 0), (top, height)], surface, sides).moved(*base)


def lathe(profile: Sequence[Point2], surface: str = "main", sides: int = _SIDES) -> Part:
    """A profile of (radius, z), from bottom to top, turned about the z axis and capped.

    A hollow body is a profile that goes up outside and down inside: its last point is the bottom
    of the hollow, which the cap closes.
    """
    circle = _circle(sides)
    rings = [max(r, 1e-4) * circle for r, _ in profile]
    return _loft(rings, [z for _, z in profile], surface)


def ellipsoid(
    radii: Vector, centre: Vector = (0, 0, 0), surface: str = "main", sides: int = _SIDES
) -> Part:
    angles = np.linspace(-np.pi / 2, np.pi / 2, sides // 2 + 1)
    profile = [(float(np.cos(a)), float(np.sin(a))) for a in angles]
    return lathe(profile, surface, sides).scaled(*radii).moved(*centre)


def tube(
    path: Iterable[Vector],
    radius: float | Sequence[float],
    surface: str = "main",
    sides: int = 10,
    closed: bool = False,
) -> Part:
    """A round bar along a path; `closed` joins its end to its start (a ring)."""
    line = np.asarray(list(path), float)
    radii = np.broadcast_to(np.asarray(radius, float), (len(line),))
    if closed:
        tangents = np.roll(line, -1, 0) - np.roll(line, 1, 0)
    else:
        tangents = np.gradient(line, axis=0)
    tangents /= np.linalg.norm(tangents, axis=1, keepdims=True)
    side = _any_normal(tangents[0])
    circle = _circle(sides)
    vertices = []
    for point, tangent, r in zip(line, tangents, radii, strict=True):
        side = side - tangent * (side @ tangent)
        side /= np.linalg.norm(side)
        up = np.cross(tangent, side)
        vertices.append(point + r * (circle[:, :1] * side + circle[:, 1:] * up))
    return _skin(vertices, surface, closed)


def torus(
    radius: float, thickness: float, centre: Vector = (0, 0, 0), surface: str = "main"
) -> Part:
    """A ring lying flat, about the z axis."""
    ring = [(radius * x, radius * y, 0.0) for x, y in _circle(24)]
    return tube(ring, thickness, surface, closed=True).moved(*centre)


def _circle(sides: int) -> NDArray[np.float64]:
    angles = np.arange(sides) * 2 * np.pi / sides
    return np.stack([np.cos(angles), np.sin(angles)], 1)


def _any_normal(tangent: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.cross(tangent, np.eye(3)[np.argmin(np.abs(tangent))])


def _loft(rings: Sequence[NDArray[np.float64]], heights: Sequence[float], surface: str) -> Part:
    stacked = [
        np.column_stack([ring, np.full(len(ring), z)])
        for ring, z in zip(rings, heights, strict=True)
    ]
    return _skin(stacked, surface, closed=False)


def _skin(rings: Sequence[NDArray[np.float64]], surface: str, closed: bool) -> Part:
    """Walls between neighbouring rings [S, 3], and a fan over each open end."""
    count, sides = len(rings), len(rings[0])
    i, j = np.arange(sides), (np.arange(sides) + 1) % sides
    triangles = []
    for k in range(count if closed else count - 1):
        a, b = k * sides, (k + 1) % count * sides
        triangles += [np.stack([a + i, a + j, b + j], 1), np.stack([a + i, b + j, b + i], 1)]
    vertices = [*rings]
    if not closed:
        first, last = count * sides, count * sides + 1
        vertices += [rings[0].mean(0, keepdims=True), rings[-1].mean(0, keepdims=True)]
        top = (count - 1) * sides
        triangles.append(np.stack([np.full(sides, first), j, i], 1))
        triangles.append(np.stack([np.full(sides, last), top + i, top + j], 1))
    return Part(np.concatenate(vertices), np.concatenate(triangles).astype(np.int64), surface)
