"""Tools, and what they are carried in."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from lexel.synthetic.model import Model, ObjectClass, Shelf, centred
from lexel.synthetic.shapes import box, cylinder, lathe, tapered, torus, tube

_WORKSHOP = ("workshop",)
_APPLIANCE = ("plastic", "metal", "paint")


def _toolbox(rng: Generator) -> Model:
    x, y, z = rng.uniform(0.17, 0.22), rng.uniform(0.36, 0.46), rng.uniform(0.14, 0.18)
    parts = [box((x, y, z))]
    roof = [(-x / 2, -y / 2), (x / 2, -y / 2), (x / 2, y / 2), (-x / 2, y / 2)]
    parts.append(tapered(roof, [(a * 0.5, b * 0.97) for a, b in roof], 0.06).moved(z=z + 0.008))
    parts.append(box((x * 0.98, y * 0.99, 0.012), (0, 0, z), "black"))
    top, reach = z + 0.06, y * 0.28
    handle = [(0, -reach, top), (0, -reach, top + 0.055), (0, reach, top + 0.055), (0, reach, top)]
    parts.append(tube(handle, 0.014, "black"))
    for b in (-1, 1):
        parts.append(box((0.02, 0.045, 0.07), (x / 2, b * y * 0.28, z - 0.045), "metal"))
    return centred(parts)


def _hammer(rng: Generator) -> Model:
    long = rng.uniform(0.28, 0.36)
    grip = str(rng.choice(["black", "wood"]))
    parts = [
        tube([(0, 0, 0.03), (long * 0.45, 0, 0.03)], 0.02),
        tube([(long * 0.45, 0, 0.03), (long, 0, 0.03)], 0.015, "wood"),
    ]
    parts.append(tube([(-0.01, 0, 0.03), (long * 0.1, 0, 0.03)], 0.022, grip))
    parts.append(box((0.045, 0.1, 0.045), (long, 0, 0.0075), "metal"))
    parts.append(cylinder(0.028, 0.04, surface="metal").turned(90, "x").moved(long, 0.09, 0.03))
    if rng.random() < 0.6:
        for side in (-1, 1):
            claw = [(long + side * 0.01, -0.04, 0.035), (long + side * 0.016, -0.1, 0.03)]
            parts.append(
                tube([*claw, (long + side * 0.02, -0.13, 0.012)], [0.014, 0.011, 0.006], "metal")
            )
    else:
        parts.append(
            cylinder(0.026, 0.05, surface="metal").turned(90, "x").moved(long, -0.04, 0.03)
        )
    return centred(parts)


def _ladder(rng: Generator) -> Model:
    z, w, steps = rng.uniform(1.1, 1.8), rng.uniform(0.4, 0.5), int(rng.integers(4, 7))
    spread = z * rng.uniform(0.25, 0.32)
    parts = [box((0.2, w * 0.8, 0.03), (0, 0, z), str(rng.choice(["main", "black"])))]
    for side in (-1, 1):
        front = [(spread, side * w / 2, 0.02), (0.05, side * w * 0.36, z + 0.01)]
        back = [(-spread, side * w / 2, 0.02), (-0.05, side * w * 0.36, z + 0.01)]
        parts += [tube(front, 0.024, sides=6), tube(back, 0.018, sides=6)]
    for n in range(1, steps):
        share = n / steps
        at = (spread + (0.05 - spread) * share, 0.0, z * share)
        parts.append(box((0.09, w * (1 - 0.28 * share), 0.025), at))
    parts.append(
        tube([(-spread * 0.6, -w * 0.44, z * 0.4), (-spread * 0.6, w * 0.44, z * 0.4)], 0.014)
    )
    return centred(parts, Shelf((-0.09, -w * 0.36), (0.09, w * 0.36), z + 0.03))


def _bucket(rng: Generator) -> Model:
    r, z = rng.uniform(0.13, 0.16), rng.uniform(0.24, 0.3)
    parts = [
        lathe([(r * 0.75, 0), (r, z), (r - 0.018, z), (r * 0.7, 0.02)]),
        torus(r, 0.012, (0, 0, z)),
    ]
    up = rng.random() < 0.6
    angles = np.linspace(0, np.pi, 11)
    arc = [
        (0.0 if up else r * np.sin(a), r * np.cos(a), z + (r * 0.95 * np.sin(a) if up else -0.01))
        for a in angles
    ]
    parts.append(tube(arc, 0.009, "metal", 8))
    half = r * 0.48
    return centred(parts, Shelf((-half, -half), (half, half), 0.02, relation="in"))


CLASSES = (
    ObjectClass("toolbox", _toolbox, _WORKSHOP, "surface", materials=_APPLIANCE),
    ObjectClass("hammer", _hammer, _WORKSHOP, "surface", materials=("plastic", "wood")),
    ObjectClass("ladder", _ladder, _WORKSHOP, materials=("metal", "wood", "paint")),
    ObjectClass(
        "bucket", _bucket, ("workshop", "bathroom"), materials=("metal", "plastic", "striped")
    ),
)
