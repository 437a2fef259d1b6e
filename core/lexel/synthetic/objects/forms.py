"""Forms that several families of things are made of, and their woods and metals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from lexel.synthetic.model import Model
from lexel.synthetic.shapes import (
    Part,
    Point2,
    Vector,
    box,
    cylinder,
    ellipsoid,
    lathe,
    prism,
    tube,
)

Outline = NDArray[np.float64]
WOODWORK = ("wood", "paint", "planks")
METALS = ("metal", "dark metal", "brass")


def pick(rng: Generator, *options: str) -> str:
    """One of the options, all equally likely."""
    return options[int(rng.integers(len(options)))]


def oval(
    half_x: float, half_y: float, power: float = 2.0, x: float = 0.0, sides: int = 32
) -> Outline:
    """A superellipse [S, 2]: an ellipse at power 2, nearly a rectangle from 12 on."""
    angle = np.arange(sides) * 2 * np.pi / sides
    c, s = np.cos(angle), np.sin(angle)
    r = (np.abs(c) ** power + np.abs(s) ** power) ** (-1 / power)
    return np.stack([x + half_x * r * c, half_y * r * s], 1)


def stack(rings: Sequence[tuple[Outline, float]], surface: str = "main") -> Part:
    """A skin over outlines at heights; going up outside and down inside makes a vessel."""
    sides = len(rings[0][0])
    part = lathe([(1.0, z) for _, z in rings], surface, sides)
    flat = [np.column_stack([o, np.full(sides, z)]) for o, z in rings]
    ends = [flat[0].mean(0, keepdims=True), flat[-1].mean(0, keepdims=True)]
    return replace(part, vertices=np.concatenate([*flat, *ends]))


def facing(part: Part) -> Part:
    """What lay flat stands up and looks towards +x: (x, y, z) becomes (z, x, y)."""
    return part.turned(90, "y").turned(90, "x")


def across(outline: Sequence[Point2], width: float, surface: str = "main") -> Part:
    """A side view (x, z) stretched along y, about y = 0."""
    return prism(outline, width, surface).turned(90, "x").moved(y=width / 2)


def rod(start: Vector, end: Vector, radius: float, surface: str = "main", sides: int = 8) -> Part:
    """A straight `tube`."""
    return tube([start, end], radius, surface, sides)


def ball(radii: Vector, centre: Vector, surface: str = "main", sides: int = 10) -> Part:
    """A coarser `ellipsoid`."""
    return ellipsoid(radii, centre, surface, sides)


def cushion(size: Vector, centre: Vector, surface: str = "main") -> Part:
    """A soft box about its centre."""
    levels = [(0.6, -0.5), (0.93, -0.25), (1.0, 0.0), (0.93, 0.25), (0.6, 0.5)]
    rings = [(oval(size[0] / 2 * r, size[1] / 2 * r, 4, sides=16), size[2] * z) for r, z in levels]
    return stack(rings, surface).moved(*centre)


def mirrored(part: Part) -> Part:
    """Left and right swapped."""
    return replace(
        part, vertices=part.vertices * np.array([1, -1, 1]), triangles=part.triangles[:, ::-1]
    )


def hung(parts: Sequence[Part]) -> Model:
    """The parts of a thing on a wall: their back at x = 0, centred in y and z."""
    low, high = Model(parts).bounds
    x, y, z = -low[0], -(low[1] + high[1]) / 2, -(low[2] + high[2]) / 2
    return Model([part.moved(x, y, z) for part in parts])


def four(x: float, y: float, size: Vector, surface: str = "main") -> list[Part]:
    """The same box at four corners."""
    return [box(size, (a * x, b * y, 0), surface) for a in (-1, 1) for b in (-1, 1)]


def styled_legs(
    x: float, y: float, height: float, thick: float, style: str, surface: str
) -> list[Part]:
    """Four legs at (+-x, +-y): square, splayed or, of any other style, turned."""
    parts = []
    for sx in (-1, 1):
        for sy in (-1, 1):
            at = (sx * x, sy * y, 0.0)
            if style == "square":
                parts.append(box((thick, thick, height), at, surface))
            elif style == "splayed":
                foot = (sx * (x + 0.02), sy * (y + 0.02), 0.0)
                parts.append(
                    tube([foot, (*at[:2], height)], [thick * 0.3, thick * 0.6], surface, 8)
                )
            else:
                radii = [(0.4, 0), (0.6, 0.15), (0.35, 0.3), (0.6, 0.8), (0.6, 1.0)]
                profile = [(thick * r, height * z) for r, z in radii]
                parts.append(lathe(profile, surface, 10).moved(*at))
    return parts


def round_legs(half: tuple[float, float], height: float, thick: float, surface: str) -> list[Part]:
    """Four legs at (+-x, +-y), thinner below."""
    return [
        cylinder(thick * 0.7, height, (a * half[0], b * half[1], 0), surface, thick, 10)
        for a in (-1, 1)
        for b in (-1, 1)
    ]


def drawer_pull(style: str, at: Vector, width: float, surface: str) -> list[Part]:
    """A drawer handle on a front at x, sticking out to +x."""
    x, y, z = at
    if style == "knob":
        return [ball((0.022, 0.022, 0.022), (x + 0.015, y, z), surface, 8)]
    if style == "bar":
        return [
            box((0.03, width, 0.02), (x + 0.015, y, z - 0.01), surface),
        ]
    path = [(x, y - width / 2, z), (x + 0.03, y - width * 0.35, z - 0.01)]
    path += [(x + 0.03, y + width * 0.35, z - 0.01), (x, y + width / 2, z)]
    return [tube(path, 0.01, surface, 6)]
