"""Music, sport and books."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from lexel.synthetic.model import Model, ObjectClass, Shelf, centred
from lexel.synthetic.shapes import Part, box, cylinder, ellipsoid, lathe, prism, torus, tube

_LIVED_IN = ("living room", "bedroom")
_LIVING = ("living room",)
_HUES = ("red", "yellow", "blue", "green")
_WORKSHOP = ("workshop",)


def _guitar(rng: Generator) -> Model:
    s = rng.uniform(0.9, 1.1)
    t = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    waist = 1 - 0.28 * np.exp(-(((np.sin(t) - 0.15) / 0.3) ** 2))
    upper = np.where(np.sin(t) > 0.15, 0.8, 1.0)
    outline = [
        (float(0.19 * s * np.cos(a) * w * u), float(0.25 * s * np.sin(a)))
        for a, w, u in zip(t, waist, upper, strict=True)
    ]
    lift = 0.34 * s
    body = prism(outline, 0.1 * s).turned(90, "x").turned(90).moved(-0.05 * s, 0, lift)
    parts = [
        body,
        cylinder(0.05 * s, 0.01, surface="black").turned(90, "y").moved(0.048 * s, 0, lift + 0.06),
    ]
    parts.append(box((0.015, 0.15 * s, 0.03), (0.055 * s, 0, lift - 0.12 * s), "dark wood"))
    neck = box((0.035, 0.06 * s, 0.5 * s), (0.04 * s, 0, lift + 0.2 * s), "dark wood")
    parts += [neck, box((0.03, 0.1 * s, 0.14 * s), (0.03 * s, 0, lift + 0.68 * s), "dark wood")]
    for n in range(3):
        for side in (-1, 1):
            peg = (0.03 * s, side * 0.06 * s, lift + (0.71 + 0.04 * n) * s)
            parts.append(ellipsoid((0.012, 0.018, 0.012), peg, "white", 8))
    for side in (-1, 1):
        for front in (-0.12, 0.14):
            parts.append(
                tube(
                    [(0, side * 0.08, lift - 0.2 * s), (front, side * 0.16, 0.011)], 0.011, "black"
                )
            )
    return centred(parts)


def _basketball(rng: Generator) -> Model:
    r = rng.uniform(0.115, 0.13)
    parts = [ellipsoid((r, r, r), sides=24)]
    seam = torus(r, 0.006, surface="black")
    parts += [seam, seam.turned(90, "x"), seam.turned(90, "y")]
    for side in (-1, 1):
        parts.append(torus(r * 0.8, 0.006, surface="black").moved(z=side * r * 0.6).turned(90, "x"))
    tilt = float(rng.uniform(0, 360))
    return centred([part.turned(tilt, "x").turned(tilt * 2, "y") for part in parts])


def _piano(rng: Generator) -> Model:
    x, y, z = 0.34, rng.uniform(1.3, 1.45), rng.uniform(1.05, 1.25)
    parts = [box((x, y, z), (-0.14, 0, 0)), box((x + 0.06, y + 0.04, 0.03), (-0.13, 0, z))]
    keys = 0.68
    parts.append(box((0.3, y, 0.06), (0.17, 0, keys)))
    parts.append(box((0.22, y * 0.92, 0.03), (0.18, 0, keys + 0.06), "white"))
    for n in range(24):
        if n % 7 not in (2, 6):
            key = (0.13, y * 0.9 * ((n + 0.5) / 24 - 0.5), keys + 0.085)
            parts.append(box((0.12, 0.022, 0.025), key, "black"))
    for side in (-1, 1):
        parts.append(box((0.07, 0.07, keys), (0.27, side * (y / 2 - 0.04), 0)))
        parts.append(box((0.3, 0.04, 0.16), (0.17, side * (y / 2 - 0.02), keys)))
        parts.append(box((0.08, 0.04, 0.02), (0.06, side * 0.06, 0.05), "brass"))
    parts.append(box((0.02, 0.5, 0.24), (0.05, 0, keys + 0.17), "paper").turned(-4, "y"))
    return centred(parts, Shelf((-0.28, -y / 2), (0.03, y / 2), z + 0.03))


def _book(rng: Generator) -> Model:
    parts: list[Part] = []
    z = 0.0
    for n in range(int(rng.integers(1, 5))):
        x, y, thick = rng.uniform(0.15, 0.2), rng.uniform(0.21, 0.28), rng.uniform(0.025, 0.05)
        cover = "main" if n % 2 == 0 else str(rng.choice([*_HUES, "dark"]))
        one = [box((x, y, 0.006), surface=cover), box((x, y, 0.006), (0, 0, thick - 0.006), cover)]
        one.append(box((0.008, y, thick), (-x / 2 + 0.004, 0, 0), cover))
        one.append(box((x - 0.018, y - 0.016, thick - 0.01), (-0.002, 0, 0.005), "paper"))
        one.append(box((x * 0.6, y * 0.12, 0.003), (0, y * 0.25, thick - 0.001), "paper"))
        turn = float(rng.uniform(-18, 18)) if n else 0.0
        parts += [part.turned(turn).moved(z=z) for part in one]
        z += thick
    if z < 0.06 and rng.random() < 0.5:
        parts = [part.turned(90, "x").turned(90) for part in parts]
    return centred(parts)


def _dumbbell(rng: Generator) -> Model:
    long, r = rng.uniform(0.24, 0.32), rng.uniform(0.055, 0.075)
    sides = int(rng.choice([6, 20]))
    parts = [cylinder(0.018, long, surface="metal").turned(-90, "x").moved(0, -long / 2, r)]
    for side in (-1, 1):
        for n, share in enumerate((1.0, 0.8)):
            disc = cylinder(r * share, 0.04, sides=sides).turned(-90, "x")
            parts.append(disc.moved(0, side * (long * 0.27 + 0.042 * n) - 0.02, r))
    return centred(parts)


def _bicycle(rng: Generator) -> Model:
    r, base = rng.uniform(0.27, 0.32), rng.uniform(0.46, 0.52)
    parts: list[Part] = []
    for x in (-base, base):
        parts.append(torus(r, 0.022, surface="rubber").turned(90, "x").moved(x, 0, r + 0.02))
        parts.append(
            cylinder(0.035, 0.06, surface="metal").turned(90, "x").moved(x, 0.03, r + 0.02)
        )
        for n in range(6):
            a = n * np.pi / 6
            c, s = r * np.cos(a), r * np.sin(a)
            spoke = [(x - c, 0, r + 0.02 - s), (x + c, 0, r + 0.02 + s)]
            parts.append(tube(spoke, 0.006, "metal", 5))
    hub, seat, head = (
        (-0.05, 0.0, r),
        (-0.2, 0.0, 2.1 * r + 0.12),
        (base - 0.18, 0.0, 2.1 * r + 0.1),
    )
    rear, front = (-base, 0.0, r + 0.02), (base, 0.0, r + 0.02)
    for start, end in (
        (hub, seat),
        (seat, head),
        (hub, head),
        (rear, hub),
        (rear, seat),
        (front, head),
    ):
        parts.append(tube([start, end], 0.024, sides=8))
    saddle = (seat[0] - 0.02, 0.0, seat[2] + 0.07)
    parts += [
        tube([seat, saddle], 0.018, "metal"),
        ellipsoid((0.14, 0.07, 0.04), saddle, "black", 12),
    ]
    stem = (head[0] - 0.03, 0.0, head[2] + 0.12)
    parts += [
        tube([head, stem], 0.02, "metal"),
        tube([(stem[0], -0.25, stem[2]), (stem[0], 0.25, stem[2])], 0.016, "dark"),
    ]
    parts.append(cylinder(0.08, 0.02, surface="metal").turned(90, "x").moved(hub[0], 0.05, hub[2]))
    for side in (-1, 1):
        crank = [
            (hub[0], side * 0.05, hub[2]),
            (hub[0] + side * 0.13, side * 0.07, hub[2] - side * 0.06),
        ]
        parts += [
            tube(crank, 0.012, "metal"),
            box((0.08, 0.06, 0.02), (crank[1][0], side * 0.1, crank[1][2] - 0.01), "black"),
        ]
    return centred(parts)


def _baseball_bat(rng: Generator) -> Model:
    long, r = rng.uniform(0.75, 0.86), rng.uniform(0.034, 0.04)
    profile = [(0.03, 0), (0.03, 0.015), (0.014, 0.03), (0.016, long * 0.35), (r * 0.8, long * 0.6)]
    bat = [lathe([*profile, (r, long * 0.85), (r, long * 0.97), (r * 0.5, long)])]
    bat.append(cylinder(0.019, long * 0.25, (0, 0, 0.04), "black"))
    if rng.random() < 0.5:  # lying on two little trestles
        parts = [part.turned(90, "x").moved(0, long / 2, 0.1) for part in bat]
        for y in (-0.25, 0.25):
            parts.append(box((0.1, 0.03, 0.1 - r * 0.55), (0, long * y, 0), "dark wood"))
        return centred(parts)
    parts = [part.moved(0, 0, -long).turned(180, "x").moved(z=0.03) for part in bat]
    parts.append(lathe([(0.13, 0), (0.13, 0.03), (0.06, 0.06), (0.06, 0.12)], "dark wood"))
    return centred(parts)


CLASSES = (
    ObjectClass("guitar", _guitar, _LIVED_IN, "floor", materials=("wood", "paint")),
    ObjectClass(
        "basketball",
        _basketball,
        ("living room", "bedroom", "workshop"),
        "floor",
        ("orange",),
        ("fabric",),
    ),
    ObjectClass("piano", _piano, _LIVING, "wall side", materials=("wood", "paint")),
    ObjectClass(
        "book",
        _book,
        ("office", "living room", "bedroom"),
        "surface",
        materials=("paper", "striped"),
    ),
    ObjectClass(
        "dumbbell", _dumbbell, ("bedroom", "workshop"), "surface", materials=("metal", "plastic")
    ),
    ObjectClass("bicycle", _bicycle, _WORKSHOP, materials=("paint", "metal")),
    ObjectClass(
        "baseball bat", _baseball_bat, ("bedroom", "workshop"), materials=("wood", "paint")
    ),
)
