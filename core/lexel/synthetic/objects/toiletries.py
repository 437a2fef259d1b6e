"""What lies and hangs about in bathrooms."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from lexel.synthetic.model import Model, ObjectClass, centred
from lexel.synthetic.objects.forms import (
    METALS,
    across,
    ball,
    cushion,
    facing,
    hung,
    oval,
    pick,
    rod,
    stack,
)
from lexel.synthetic.shapes import (
    Part,
    Vector,
    box,
    cylinder,
    lathe,
    prism,
    rounded_rectangle,
    tapered,
    torus,
    tube,
)

_CLOTH = ("fabric", "striped", "checked", "dotted")


def _towel(at: Vector, wide: float, drop: float, radius: float, stripe: str) -> list[Part]:
    """A towel over a bar along y through `at`."""
    x, y, z = at
    out = radius + 0.018
    parts = [cylinder(out, wide, (0, 0, 0), sides=14).turned(90, "x").moved(x, y + wide / 2, z)]
    short = drop * 0.85
    flap, rear = (0.02, wide, drop), (0.02, wide, short)
    parts.append(box(flap, (x + out - 0.01, y, z - drop)))
    parts.append(box(rear, (x - out + 0.01, y, z - short)))
    for k in np.linspace(-0.5, 0.5, 3):
        fold = ball((0.016, wide * 0.1, drop * 0.5), (x + out, y + wide * 0.62 * k, z - drop / 2))
        parts.append(fold)
    for low in (0.08, 0.16):
        band = box((0.05, wide + 0.004, drop * 0.04), (x + out - 0.004, y, z - drop * (1 - low)))
        parts.append(band.of(stripe))
    return parts


def _towel_rack(rng: Generator) -> Model:
    wide, metal = rng.uniform(0.5, 0.75), pick(rng, *METALS, "wood")
    style = pick(rng, "bar", "bar", "double", "ring", "shelf")
    stripe = pick(rng, "white", "dark", "blue", "yellow", "red")
    reach, drop = rng.uniform(0.08, 0.11), rng.uniform(0.4, 0.6)
    if style == "ring":
        drop *= 0.8
        loop = torus(0.1, 0.012, surface=metal).turned(90, "y").moved(0.07, 0, -0.09)
        parts = [facing(cylinder(0.04, 0.02, surface=metal)), loop]
        parts.append(rod((0.0, 0, 0), (0.08, 0, 0), 0.016, metal))
        towel = _towel((0.07, 0, -0.185), rng.uniform(0.2, 0.28), drop, 0.012, stripe)
        return hung([*parts, *towel])
    rows = [(reach, 0.0)] if style != "double" else [(reach, 0.0), (reach * 2.1, -0.08)]
    parts = []
    far = rows[-1][0]
    for side in (-1, 1):
        y = side * wide / 2
        parts.append(facing(cylinder(0.035, 0.02, surface=metal, sides=14)).moved(0, y, 0))
        path = [(0.0, y, 0.0), *((x, y, z) for x, z in rows)]
        parts.append(tube(path, 0.014, metal, 8))
        parts.append(ball((0.024, 0.024, 0.024), (far, y, rows[-1][1]), metal, 10))
    for x, z in rows:
        parts.append(rod((x, -wide / 2, z), (x, wide / 2, z), 0.013, metal))
    x, z = rows[-1]
    if rng.random() < 0.3:
        for y in (-wide * 0.24, wide * 0.24):
            drop *= rng.uniform(0.8, 1.0)
            parts += _towel((x, y, z), wide * 0.36, drop, 0.014, stripe)
    else:
        broad = wide * rng.uniform(0.5, 0.8)
        parts += _towel((x, wide * rng.uniform(-0.08, 0.08), z), broad, drop, 0.014, stripe)
    if style == "shelf":
        for k in range(4):
            at = 0.03 + 0.065 * k
            parts.append(rod((at, -wide / 2, 0.14), (at, wide / 2, 0.14), 0.012, metal, 6))
        for side in (-1, 1):
            y = side * wide / 2
            path = [(0.0, y, 0.0), (0.01, y, 0.14), (0.235, y, 0.14)]
            parts.append(tube(path, 0.014, metal, 6))
        for k in range(int(rng.integers(1, 4))):
            at3 = (0.12, -wide * 0.05, 0.175 + 0.06 * k)
            parts.append(cushion((0.24, wide * 0.6, 0.065), at3, "main" if k % 2 == 0 else stripe))
    return hung(parts)


def _roll(radius: float, width: float) -> list[Part]:
    """A roll about the z axis, its hole open at both ends, about the origin."""
    half, hole = width / 2, 0.022
    core = hole + 0.006
    rims = [(radius, 0.0), (radius, half), (core, half), (core, 0.005)]
    liner = [(core + 0.001, 0.0), (core + 0.001, half + 0.002)]
    liner += [(hole, half + 0.002), (hole, 0.006)]
    halves = [lathe(rims, "main", 24), lathe(liner, "cardboard", 14)]
    pit = cylinder(hole - 0.001, 0.004, (0, 0, 0.005), "dark", sides=12)
    return [p.turned(turn, "x") for p in (*halves, pit) for turn in (0, 180)]


def _toilet_paper(rng: Generator) -> Model:
    r, wide = rng.uniform(0.05, 0.065), rng.uniform(0.095, 0.11)
    lying = [part.turned(90, "x").moved(z=r) for part in _roll(r, wide)]
    tail = rng.uniform(0.05, 0.1)
    sheet = across([(0.0, 0), (tail + r, 0), (tail + r, 0.005), (0, 0.005)], wide * 0.98)
    drop = box((0.006, wide * 0.98, r + 0.002), (r - 0.003, 0, 0))
    style = pick(rng, "lying", "upright", "holder", "stack", "pair", "arm")
    if style == "lying":
        return centred([*lying, sheet, drop])
    if style == "upright":
        return centred([part.moved(z=wide / 2) for part in _roll(r, wide)])
    if style == "pair":
        other = [
            part.moved(z=wide / 2).moved(rng.uniform(-0.02, 0.02), 2 * r) for part in _roll(r, wide)
        ]
        return centred([*(part.moved(z=wide / 2) for part in _roll(r, wide)), *other])
    metal = pick(rng, *METALS, "wood")
    if style in ("holder", "stack"):
        count = 1 if style == "holder" else 2
        top = 0.02 + wide * count + 0.05
        parts = [
            cylinder(r * 1.15, 0.02, surface=metal),
            cylinder(0.014, top, surface=metal, sides=10),
        ]
        parts.append(ball((0.022, 0.022, 0.022), (0, 0, top), metal, 10))
        for k in range(count):
            parts += [part.moved(z=0.02 + wide * (k + 0.5)) for part in _roll(r, wide)]
        return centred(parts)
    high = rng.uniform(0.16, 0.2)
    post = -wide / 2 - 0.025
    parts = [box((r * 1.8, wide * 1.5, 0.02), (0, -0.01, 0), metal, bevel=0.02)]
    path = [(0.0, post, 0.01), (0, post, high), (0, post + 0.02, high + 0.012)]
    parts.append(tube([*path, (0, wide / 2 + 0.02, high + 0.012)], 0.011, metal, 8))
    parts.append(ball((0.018, 0.018, 0.018), (0, wide / 2 + 0.02, high + 0.012), metal, 8))
    parts += [part.turned(90, "x").moved(z=high) for part in _roll(r, wide)]
    parts.append(box((0.008, wide * 0.98, high * 0.75), (r - 0.004, 0, high * 0.25)))
    return centred(parts)


def _hair_dryer(rng: Generator) -> Model:
    """The barrel along x, the handle down; then laid on its side or put on a stand."""
    r, long = rng.uniform(0.042, 0.055), rng.uniform(0.15, 0.2)
    dark, back = pick(rng, "dark", "black", "grey"), -rng.uniform(0.05, 0.07)
    style = pick(rng, "classic", "bulb", "straight")
    levels = {
        "classic": [(0.75, 0.0), (1.0, 0.08), (1.0, 0.4), (0.72, 1.0)],
        "bulb": [(0.6, 0.0), (1.05, 0.12), (1.2, 0.28), (1.0, 0.5), (0.55, 0.65), (0.6, 1.0)],
        "straight": [(0.92, 0.0), (1.0, 0.04), (1.0, 0.96), (0.9, 1.0)],
    }[style]
    barrel = lathe([(r * w, long * z) for w, z in levels])
    parts = [barrel.turned(90, "y").moved(back)]
    front = back + long
    rear = lathe([(r * 0.62, -0.006), (r * 0.7, 0.03)], dark, 16)
    parts.append(rear.turned(90, "y").moved(back - 0.003))
    for k in (0.25, 0.5):
        parts.append(torus(r * k, 0.004, surface="grey").turned(90, "y").moved(back - 0.009))
    end = r * levels[-1][0]
    nozzle = pick(rng, "flat", "flat", "flat", "diffuser", "ring")
    if nozzle == "flat":
        round_end, slit = (
            oval(end * 1.05, end * 1.05, 2, sides=20),
            oval(0.016, end * 1.35, 6, sides=20),
        )
        cone = tapered(round_end.tolist(), slit.tolist(), 0.06, dark)
        parts.append(cone.turned(90, "y").moved(front - 0.01))
    elif nozzle == "diffuser":
        bowl = [(end, 0.0), (r * 1.5, 0.05), (r * 1.6, 0.075), (r * 1.4, 0.075), (r * 1.3, 0.06)]
        parts.append(lathe(bowl, dark).turned(90, "y").moved(front - 0.01))
    else:
        ring = [(end * 1.1, 0.0), (end * 1.1, 0.03), (end * 0.85, 0.03), (end * 0.85, 0.01)]
        parts.append(lathe(ring, dark, 16).turned(90, "y").moved(front - 0.01))
    lean, drop = rng.uniform(-0.02, 0.05), rng.uniform(0.13, 0.16)
    foot = (-lean, 0.0, -r - drop)
    grip = [(0.02, 0.0, -r * 0.6), (0.01, 0.0, -r - drop * 0.3), foot]
    parts.append(tube(grip, [0.024, 0.019, 0.022], pick(rng, "main", "main", dark), 12))
    switch = pick(rng, "red", "yellow", "white")
    parts.append(box((0.018, 0.016, 0.03), (0.027, 0, -r - drop * 0.4), switch))
    cord = [foot, (foot[0] - 0.005, 0.0, foot[2] - 0.04)]
    if rng.random() < 0.65:
        low = foot[2] - 0.04
        side = float(rng.choice([-1, 1]))
        curl = [(foot[0] - side * 0.03, 0.0, low - 0.02), (foot[0] - side * 0.07, 0.0, low - 0.01)]
        curl += [(foot[0] - side * 0.09, 0.0, low + 0.02), (foot[0] - side * 0.09, 0.0, low + 0.07)]
        parts.append(tube([*cord, *curl], 0.007, "black", 6))
        flat = [part.turned(90, "x") for part in parts]
        return centred(flat)
    parts.append(
        cylinder(0.028, 0.07, (foot[0], 0, foot[2] - 0.012), dark, top_radius=0.027, sides=14)
    )
    parts.append(cylinder(0.07, 0.02, (foot[0], 0, foot[2] - 0.02), dark))
    return centred(parts)


def _bathroom_scale(rng: Generator) -> Model:
    half_x, half_y, thick = (
        rng.uniform(0.14, 0.17),
        rng.uniform(0.14, 0.18),
        rng.uniform(0.03, 0.05),
    )
    shape, dial = pick(rng, "square", "round", "oval"), pick(rng, "digital", "window", "dial")
    power = {"square": 7.0, "round": 2.3, "oval": 3.0}[shape]
    if shape == "round":
        half_y = half_x
    rise = rng.uniform(0.02, 0.05) if dial == "dial" else 0.0
    rings = [
        (oval(half_x * 0.96, half_y * 0.96, power), 0.015),
        (oval(half_x, half_y, power), 0.02),
    ]
    rings += [
        (oval(half_x, half_y, power), thick),
        (oval(half_x * 0.96, half_y * 0.96, power), thick + 0.008),
    ]
    parts = [stack(rings)]
    for sx in (-1, 1):
        for sy in (-1, 1):
            at = (sx * half_x * 0.6, sy * half_y * 0.6, 0.0)
            parts.append(cylinder(0.02, 0.018, at, "rubber", sides=8))
    top = thick + 0.006
    x = half_x * 0.62
    if dial == "digital":
        parts.append(box((0.06, half_y * 0.8, 0.01), (x, 0, top), "screen"))
        for k in (-1, 0, 1):
            digit = (x, k * half_y * 0.2, top + 0.006)
            parts.append(box((0.035, half_y * 0.13, 0.008), digit, "white"))
            parts.append(box((0.022, half_y * 0.06, 0.009), digit, "screen"))
    else:
        r = 0.055 if dial == "window" else 0.07
        rim = lathe([(r + 0.014, 0), (r + 0.008, 0.012 + rise), (r, 0.014 + rise)], "metal", 20)
        face = cylinder(r, 0.006, (0, 0, 0.012 + rise), "white")
        marks = [rim, face]
        for k in range(12):
            tick = box((0.018, 0.007, 0.006), (r * 0.78, 0, 0.015 + rise), "black")
            marks.append(tick.turned(30 * k))
        needle = box((r * 0.85, 0.012, 0.008), (r * 0.35, 0, 0.016 + rise), "red")
        marks.append(needle.turned(rng.uniform(0, 360)))
        parts += [part.moved(half_x * 0.52, 0, top) for part in marks]
    mat = pick(rng, "rubber", "dark", "grey", "white")
    feet = pick(rng, "ribs", "soles", "plates")
    back = -half_x * (0.12 if dial == "digital" else 0.3)
    for side in (-1, 1):
        y, span = side * half_y * 0.45, half_x * (0.62 if dial == "digital" else 0.5)
        if feet == "ribs":
            for k in np.linspace(-0.28, 0.28, 4) * half_y:
                rib = box((span * 2, 0.012, 0.012), (back, y + float(k), top - 0.003), mat)
                parts.append(rib)
        elif feet == "soles":
            pad = prism(oval(span * 1.05, half_y * 0.26, 2, sides=20).tolist(), 0.012, mat)
            parts.append(pad.turned(side * 8).moved(back, y, top - 0.002))
        else:
            pad = prism(rounded_rectangle(span * 1.8, half_y * 0.5, 0.02), 0.012, mat)
            parts.append(pad.moved(back, y, top - 0.002))
    return centred(parts)


CLASSES = (
    ObjectClass(
        "towel rack", _towel_rack, ("bathroom",), "wall", materials=_CLOTH, height_m=(1.1, 1.4)
    ),
    ObjectClass(
        "toilet paper",
        _toilet_paper,
        ("bathroom",),
        "surface",
        ("white", "white", "beige", "pink", "yellow", "grey"),
        ("paper", "dotted"),
    ),
    ObjectClass(
        "hair dryer",
        _hair_dryer,
        ("bathroom", "bedroom"),
        "surface",
        materials=("plastic", "paint", "metal"),
    ),
    ObjectClass(
        "bathroom scale",
        _bathroom_scale,
        ("bathroom",),
        "floor",
        materials=("plastic", "paint", "metal", "marble"),
    ),
)
