"""A furnished room: what stands where, in which colour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lexel.synthetic.model import Model, ObjectClass

Colour = tuple[float, float, float]


@dataclass(frozen=True, eq=False)
class Placed:
    """One object in its place.

    Attributes:
        id: 1, 2, … within the room; 0 is the room itself.
        colour: name of the colour of its `main` surface.
        rgb: that colour, slightly varied, 0..1.
        material: name of the material of its `main` surface.
        world_from_object: [4, 4] float64, a turn about z and a shift.
        support: id of the object it stands in or on; 0 the floor or a wall.
        relation: `in` or `on` where `support` is an object, else empty.
    """

    id: int
    kind: ObjectClass
    model: Model
    colour: str
    rgb: Colour
    material: str
    world_from_object: NDArray[np.float64]
    support: int = 0
    relation: str = ""

    @property
    def bounds(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Lower and upper corner in the world, metres."""
        turn, shift = self.world_from_object[:3, :3], self.world_from_object[:3, 3]
        corners = np.concatenate([part.vertices for part in self.model.parts]) @ turn.T + shift
        return corners.min(0), corners.max(0)


@dataclass(frozen=True)
class Finish:
    """Colour and material of walls or floor."""

    rgb: Colour
    material: str


@dataclass(frozen=True)
class Light:
    """A lamp at the ceiling, daylight from one side, and what walls scatter.

    Attributes:
        lamp: its place, metres.
        sun: unit vector towards the daylight.
        lamp_rgb, sun_rgb, ambient_rgb: strengths.
    """

    lamp: Colour
    sun: Colour
    lamp_rgb: Colour
    sun_rgb: Colour
    ambient_rgb: Colour


@dataclass(frozen=True, eq=False)
class Room:
    """Floor at z = 0, centred about the z axis.

    Attributes:
        name: kind and seed, unique.
        kind: one of `lexel.synthetic.model.ROOMS`.
        size: width (x), depth (y) and height, metres.
    """

    name: str
    kind: str
    size: tuple[float, float, float]
    objects: Sequence[Placed]
    wall: Finish
    floor: Finish
    light: Light
