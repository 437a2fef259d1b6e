"""What a class of objects is, and one object of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lexel.synthetic.shapes import Part

ROOMS = ("kitchen", "living room", "bedroom", "bathroom", "office", "workshop")
COLOURS = {
    "red": (0.75, 0.10, 0.09),
    "orange": (0.90, 0.45, 0.08),
    "yellow": (0.92, 0.80, 0.15),
    "lime": (0.60, 0.82, 0.18),
    "green": (0.13, 0.48, 0.18),
    "teal": (0.05, 0.50, 0.50),
    "turquoise": (0.25, 0.80, 0.76),
    "blue": (0.12, 0.25, 0.72),
    "navy": (0.07, 0.10, 0.32),
    "purple": (0.43, 0.17, 0.58),
    "pink": (0.93, 0.52, 0.66),
    "brown": (0.40, 0.24, 0.13),
    "beige": (0.83, 0.75, 0.60),
    "white": (0.92, 0.92, 0.90),
    "grey": (0.48, 0.48, 0.49),
    "black": (0.07, 0.07, 0.08),
}


@dataclass(frozen=True)
class Shelf:
    """A flat place that other objects may stand on or in: a rectangle in the object's frame.

    Attributes:
        lower, upper: its corners (x, y), metres.
        z: its height.
        clearance: free height above it; None where nothing is above.
        relation: whether what is there is `on` or `in` the object.
    """

    lower: tuple[float, float]
    upper: tuple[float, float]
    z: float
    clearance: float | None = None
    relation: str = "on"


@dataclass(frozen=True, eq=False)
class Model:
    """One object in its own frame: base at z = 0, centred in x and y, its front towards +x.

    What hangs on a wall has its back at the smallest x and its centre of height at z = 0.
    """

    parts: Sequence[Part]
    shelves: Sequence[Shelf] = ()

    @property
    def bounds(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        corners = np.concatenate([part.vertices for part in self.parts])
        return corners.min(0), corners.max(0)


def centred(parts: Sequence[Part], *shelves: Shelf) -> Model:
    """The parts and shelves of a thing, moved so that it stands centred on z = 0."""
    lower, upper = Model(parts).bounds
    x, y = (float(v) for v in -(lower[:2] + upper[:2]) / 2)
    z = -float(lower[2])
    moved = [
        replace(
            shelf,
            lower=(shelf.lower[0] + x, shelf.lower[1] + y),
            upper=(shelf.upper[0] + x, shelf.upper[1] + y),
            z=shelf.z + z,
        )
        for shelf in shelves
    ]
    return Model([part.moved(x, y, z) for part in parts], moved)


@dataclass(frozen=True)
class ObjectClass:
    """A kind of thing, and how to build one of it.

    Attributes:
        name: the word for it.
        build: a `Model` from a random generator; every call a new shape.
        rooms: where it is found, of `ROOMS`.
        stands: `floor`, `wall side` (on the floor, its back to a wall), `surface` (on tables and
            shelves), `wall` (hung) or `rug` (flat on the floor; others may stand on it).
        colours: what `main` may be coloured, of `COLOURS`; empty for all.
        materials: what `main` may be made of, of `lexel.synthetic.materials.MATERIALS`.
        height_m: for `wall`: lowest and highest place of its centre.
    """

    name: str
    build: Callable[[np.random.Generator], Model]
    rooms: tuple[str, ...]
    stands: str = "floor"
    colours: tuple[str, ...] = ()
    materials: tuple[str, ...] = ("paint",)
    height_m: tuple[float, float] = (1.2, 1.7)
