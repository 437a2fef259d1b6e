"""Things to eat."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from lexel.synthetic.model import Model, ObjectClass, centred
from lexel.synthetic.shapes import Part, Point2, ellipsoid, lathe, prism, tube

_KITCHEN = ("kitchen",)
_HALF_TURN = np.linspace(-0.2, np.pi + 0.2, 9)


def _banana(rng: Generator) -> Model:
    parts: list[Part] = []
    size = rng.uniform(0.09, 0.12)
    for n in range(int(rng.choice([1, 3, 4]))):
        angles = np.linspace(-1.15, 1.15, 9)
        path = [(size * np.cos(a), size * 1.2 * np.sin(a), 0.0) for a in angles]
        thick = [0.008, 0.017, 0.022, 0.024, 0.025, 0.024, 0.021, 0.015, 0.007]
        parts.append(tube(path, thick).moved(-0.035 * n, 0, 0.026 + 0.006 * n))
        tip = (path[-1][0] - 0.035 * n, path[-1][1], 0.026 + 0.006 * n)
        parts.append(tube([tip, (tip[0] - 0.02, tip[1] + 0.015, tip[2] + 0.01)], 0.008, "soil"))
    return centred(parts)


def _apple(rng: Generator) -> Model:
    r = rng.uniform(0.038, 0.05)
    body = [(0.3, 0.0), (0.75, 0.15), (1, 0.75), (1, 1.1), (0.75, 1.6), (0.35, 1.72), (0.08, 1.55)]
    parts = [lathe([(r * a, r * b) for a, b in body])]
    parts.append(tube([(0, 0, r * 1.5), (0.006, 0, r * 2.15)], 0.005, "soil"))
    if rng.random() < 0.7:
        parts.append(ellipsoid((0.024, 0.012, 0.006), (0.025, 0, r * 2.0), "leaf"))
    return centred(parts)


def _crown(outline: list[Point2], length: float) -> list[Part]:
    """The dark crust over the upper part of a loaf."""
    low = 0.7 * max(z for _, z in outline)
    top = [(x, z) for x, z in outline if z >= low]
    return [prism(top, length + 0.004).turned(90, "x").moved(y=length + 0.002)]


def _bread(rng: Generator) -> Model:
    long, wide, high = rng.uniform(0.2, 0.3), rng.uniform(0.1, 0.13), rng.uniform(0.1, 0.13)
    style = str(rng.choice(["tin", "oval", "stick", "sliced"]))
    if style in ("tin", "sliced"):
        side = [(-0.42, 0.0), (0.42, 0.0), (0.44, 0.55)]
        side += [(0.5 * float(np.cos(a)), 0.72 + 0.28 * float(np.sin(a))) for a in _HALF_TURN]
        outline = [(wide * a, high * b) for a, b in [*side, (-0.44, 0.55)]]
        cut = rng.uniform(0.45, 0.65) * long if style == "sliced" else long
        loaf = prism(outline, cut, "bread").turned(90, "x").moved(y=cut)
        parts = [loaf.scaled(0.99, 1, 0.99), *_crown(outline, cut)]
        for n in range(3 if style == "sliced" else 0):  # slices lean off the cut, crumb outwards
            slice_ = prism(outline, 0.02, "bread").turned(90 + 9 * (n + 1), "x")
            crumb = prism([(a * 0.86, b * 0.88 + 0.007) for a, b in outline], 0.004, "paper")
            face = crumb.turned(90 + 9 * (n + 1), "x").moved(y=0.003)
            at = cut + 0.026 * (n + 1)
            parts += [slice_.moved(y=at), face.moved(y=at)]
        return centred(parts)
    if style == "stick":
        long, wide, high = rng.uniform(0.4, 0.55), rng.uniform(0.065, 0.08), 0.06
    parts = [ellipsoid((wide / 2, long / 2, high / 2), (0, 0, high / 2), "bread")]
    cuts = 5 if style == "stick" else 3
    for n in range(cuts):
        y = long * 0.62 * (n / (cuts - 1) - 0.5)
        rise = high * (0.5 + 0.5 * float(np.sqrt(1 - (2 * y / long) ** 2)))
        slash = ellipsoid((wide * 0.36, 0.013, 0.012), surface="light wood", sides=12)
        parts.append(slash.turned(25).moved(0, y, rise - 0.008))
    return centred(parts)


CLASSES = (
    ObjectClass("banana", _banana, _KITCHEN, "surface", ("yellow",), ("paint", "plastic")),
    ObjectClass("apple", _apple, _KITCHEN, "surface", ("red", "green", "yellow")),
    ObjectClass("bread", _bread, _KITCHEN, "surface", ("brown",), ("stone",)),
)
