"""Shoes."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from lexel.synthetic.model import Model, ObjectClass, centred
from lexel.synthetic.objects.forms import Outline, ball, oval, pick, rod, stack
from lexel.synthetic.shapes import Part, box, prism, tube


def _shoe(rng: Generator, style: str, trim: str, sole: str) -> list[Part]:
    """One shoe, its toe towards +x, heel at x = 0, 28 cm long."""
    thick, high = 0.03, {"low": 0.075, "high": 0.14, "slip": 0.07, "strap": 0.08}[style]

    def foot(back: float, front: float, half: float) -> Outline:
        outline = oval((front - back) / 2, half, 2.5, (front + back) / 2, 20)
        waist = 1 - 0.16 * np.exp(-(((outline[:, 0] - 0.1) / 0.05) ** 2))
        taper = 0.84 + 0.16 * np.clip((outline[:, 0] - 0.02) / 0.16, 0, 1)
        return np.stack([outline[:, 0], outline[:, 1] * waist * taper], 1)

    parts = [prism(foot(0, 0.28, 0.052).tolist(), thick, sole)]
    rim = thick + high
    hole = 0.115
    rings = [(foot(0.005, 0.272, 0.047), thick - 0.005), (foot(0.003, 0.268, 0.049), thick + 0.02)]
    rings += [(foot(0.004, 0.24, 0.046), thick + 0.045), (foot(0.006, 0.16, 0.042), thick + 0.068)]
    rings += [(foot(0.004, hole + 0.02, 0.042), rim), (foot(0.02, hole, 0.03), rim)]
    inside = prism(oval(0.044, 0.028, 2, 0.068, 16).tolist(), 0.01, "dark")
    parts += [stack(rings), inside.moved(z=rim - 0.006)]
    if style in ("low", "high"):
        parts.append(ball((0.054, 0.05, 0.042), (0.222, 0, thick + 0.01), sole))
        tongue = tube([(0.17, 0, thick + 0.06), (0.12, 0, rim + 0.02)], [0.016, 0.02], "main", 8)
        parts.append(tongue.scaled(1, 1.5, 1))
        steps = 5 if style == "high" else 4
        for level in np.linspace(0.06, high - 0.005, steps):
            x = float(np.interp(level, [0.045, 0.068, high], [0.24, 0.16, 0.135])) - 0.006
            z = thick + float(level)
            parts.append(rod((x, -0.028, z), (x, 0.028, z), 0.008, "white", 6))
        for side in (-1, 1):
            loop = (0.158, side * 0.025, thick + 0.07)
            parts.append(ball((0.016, 0.026, 0.01), loop, "white", 8))
    elif style == "strap":
        for x, z in ((0.17, thick + 0.056), (0.135, thick + 0.076)):
            parts.append(box((0.026, 0.09, 0.016), (x, 0, z), trim))
    else:
        for side in (-1, 1):
            parts.append(box((0.03, 0.016, 0.045), (0.12, side * 0.034, thick + 0.02), "dark"))
    parts.append(box((0.02, 0.035, high * 0.9), (0.008, 0, thick), trim))
    if rng.random() < 0.7 and style != "slip":
        for x in (0.085, 0.115):
            stripe = box((0.014, 0.096, 0.04), (x, 0, thick + 0.004), trim)
            parts.append(stripe)
    return parts


def _shoes(rng: Generator) -> Model:
    style = pick(rng, "low", "low", "high", "high", "slip", "strap")
    trim, sole = (
        pick(rng, "white", "black", "red", "blue"),
        pick(rng, "white", "white", "cardboard"),
    )
    size = rng.uniform(0.9, 1.1)
    shoe = [part.scaled(size, size, size) for part in _shoe(rng, style, trim, sole)]
    gap, step = rng.uniform(0.06, 0.075), rng.uniform(-0.04, 0.06)
    turn = rng.uniform(-3, 10)
    left = [part.moved(-0.14).turned(turn).moved(step / 2, gap) for part in shoe]
    right = [part.moved(-0.14).turned(-turn).moved(-step / 2, -gap) for part in shoe]
    return centred([*left, *right])


CLASSES = (
    ObjectClass(
        "shoes", _shoes, ("bedroom",), "floor", materials=("fabric", "leather", "checked", "dotted")
    ),
)
