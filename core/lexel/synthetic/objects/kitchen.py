"""Things of the kitchen."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from lexel.synthetic.model import Model, ObjectClass, Shelf, centred
from lexel.synthetic.shapes import (
    Part,
    Vector,
    box,
    cylinder,
    ellipsoid,
    lathe,
    prism,
    rounded_rectangle,
    tapered,
    torus,
    tube,
)

_WALL_M = 0.018
_CROCKERY = ("ceramic", "dotted", "paint")
_APPLIANCE = ("paint", "metal", "plastic")


def _counter(rng: Generator) -> Model:
    depth, width, height = 0.6, rng.uniform(1.0, 1.9), rng.uniform(0.84, 0.92)
    parts = [box((depth - 0.05, width, height - 0.04))]
    top = str(rng.choice(["stone", "light wood", "dark wood"]))
    parts.append(box((depth, width + 0.02, 0.04), (0.01, 0, height - 0.04), top))
    doors = int(rng.integers(2, 5))
    for n in range(doors):
        y = width * ((n + 0.5) / doors - 0.5)
        front = depth / 2 - 0.025
        parts.append(box((0.02, width / doors - 0.03, height * 0.6), (front, y, 0.08)))
        parts.append(box((0.02, width / doors - 0.03, height * 0.15), (front, y, height * 0.76)))
        handle = (front + 0.02, y, height * 0.72)
        parts.append(box((0.03, 0.14, 0.02), handle, "metal"))
    shelf = Shelf((-depth / 2 + 0.05, -width / 2), (depth / 2, width / 2), height)
    if rng.random() < 0.5:  # a sink with its tap takes one end
        y = width / 2 - 0.3
        basin = [(0.17, 0), (0.19, 0.02), (0.16, 0.02), (0.15, 0.006)]
        parts.append(lathe(basin, "metal").moved(0, y, height))
        path = [(-0.22, y, height), (-0.22, y, height + 0.25), (-0.12, y, height + 0.3)]
        parts.append(tube([*path, (-0.04, y, height + 0.22)], 0.015, "metal"))
        shelf = Shelf(shelf.lower, (depth / 2, width / 2 - 0.52), height)
    return Model(parts, [shelf])


def _cabinet(size: Vector, thick: float = 0.03) -> list[Part]:
    """A box that is hollow, closed on all sides."""
    x, y, z = size
    return [
        box((x, y, thick)),
        box((x, y, thick), (0, 0, z - thick)),
        box((thick, y, z), (-x / 2 + thick / 2, 0, 0)),
        box((thick, y, z), (x / 2 - thick / 2, 0, 0)),
        box((x, thick, z), (0, -y / 2 + thick / 2, 0)),
        box((x, thick, z), (0, y / 2 - thick / 2, 0)),
    ]


def _fridge(rng: Generator) -> Model:
    x, y, z = rng.uniform(0.58, 0.66), rng.uniform(0.58, 0.8), rng.uniform(1.3, 1.85)
    parts = _cabinet((x, y, z))
    split = rng.uniform(0.28, 0.38) if rng.random() < 0.5 else rng.uniform(0.62, 0.72)
    side = float(rng.choice([-1, 1])) * (y / 2 - 0.07)
    for low, high in ((0.03, split), (split, 0.99)):
        parts.append(box((0.05, y - 0.01, (high - low) * z - 0.02), (x / 2 + 0.02, 0, low * z)))
        reach = min((high - low) * z * 0.6, 0.5)
        centre = (low + high) * z / 2 - reach / 2
        handle = [(x / 2 + 0.04, side, centre), (x / 2 + 0.09, side, centre + 0.03)]
        handle += [
            (x / 2 + 0.09, side, centre + reach - 0.03),
            (x / 2 + 0.04, side, centre + reach),
        ]
        parts.append(tube(handle, 0.016, "metal"))
    inner = (x / 2 - 0.06, y / 2 - 0.06)
    low_shelf = Shelf((-inner[0], -inner[1]), inner, 0.03, z - 0.06, "in")
    return Model(parts, [Shelf((-x / 2, -y / 2), (x / 2, y / 2), z), low_shelf])


def _stove(rng: Generator) -> Model:
    x, y, z = 0.6, rng.uniform(0.55, 0.75), rng.uniform(0.84, 0.92)
    parts = [box((x, y, z)), box((x, y, 0.02), (0, 0, z), "black")]
    parts.append(box((0.02, y * 0.8, z * 0.45), (x / 2 + 0.005, 0, z * 0.2), "dark"))
    parts.append(box((0.02, y * 0.6, z * 0.28), (x / 2 + 0.015, 0, z * 0.26), "screen"))
    bar = [(x / 2 + 0.05, -y * 0.38, z * 0.72), (x / 2 + 0.05, y * 0.38, z * 0.72)]
    parts.append(tube(bar, 0.016, "metal"))
    for n in range(4):
        knob = cylinder(0.03, 0.045, surface="black").turned(90, "y")
        parts.append(knob.moved(x / 2, y * (n - 1.5) / 4.5, z * 0.86))
        at = (0.14 * (1 if n % 2 else -1), y * 0.23 * (1 if n > 1 else -1), z + 0.022)
        parts.append(torus(0.075, 0.012, at, "metal" if rng.random() < 0.5 else "red"))
    if rng.random() < 0.6:
        parts.append(box((0.05, y, 0.16), (-x / 2 + 0.025, 0, z)))
    return Model(parts, [Shelf((-0.2, -y / 2), (x / 2, y / 2), z + 0.035)])


def _microwave(rng: Generator) -> Model:
    x, y, z = rng.uniform(0.3, 0.38), rng.uniform(0.44, 0.55), rng.uniform(0.25, 0.31)
    parts = [box((x, y, z), bevel=0.02)]
    parts.append(box((0.015, y * 0.62, z * 0.72), (x / 2, -y * 0.14, z * 0.14), "screen"))
    parts.append(box((0.015, y * 0.2, z * 0.8), (x / 2, y * 0.36, z * 0.1), "dark"))
    parts.append(box((0.015, y * 0.15, z * 0.14), (x / 2 + 0.008, y * 0.36, z * 0.68), "green"))
    for n in range(3):
        parts.append(
            box(
                (0.02, y * 0.13, z * 0.08), (x / 2 + 0.005, y * 0.36, z * (0.2 + 0.15 * n)), "white"
            )
        )
    at = y * 0.22
    handle = [(x / 2, at, z * 0.2), (x / 2 + 0.04, at, z * 0.25), (x / 2 + 0.04, at, z * 0.75)]
    parts.append(tube([*handle, (x / 2, at, z * 0.8)], 0.012, "metal"))
    return Model(parts, [Shelf((-x / 2, -y / 2), (x / 2, y / 2), z)])


def _toaster(rng: Generator) -> Model:
    x, y, z = rng.uniform(0.17, 0.22), rng.uniform(0.26, 0.34), rng.uniform(0.18, 0.22)
    parts = [
        box((x, y, z), (0, 0, 0.015), bevel=0.05),
        box((x * 0.9, y * 0.9, 0.016), (0, 0, 0), "dark"),
    ]
    top = z + 0.015
    for side in (-1, 1):
        parts.append(box((0.035, y * 0.7, 0.006), (side * x * 0.2, 0, top), "black"))
        if rng.random() < 0.7:
            slice_ = prism(
                rounded_rectangle(0.022, y * 0.42, 0.01), rng.uniform(0.05, 0.09), "bread"
            )
            parts.append(slice_.moved(side * x * 0.2, 0, top - 0.02))
    parts.append(box((0.05, 0.03, 0.025), (0, y / 2 + 0.01, top * 0.65), "black"))
    knob = cylinder(0.022, 0.03, surface="metal").turned(-90, "x")
    parts.append(knob.moved(0, y / 2 - 0.005, top * 0.3))
    return Model(parts)


def _kettle(rng: Generator) -> Model:
    r, z = rng.uniform(0.085, 0.105), rng.uniform(0.19, 0.25)
    belly = rng.uniform(0.65, 0.8)
    parts = [lathe([(r * 1.05, 0), (r * 1.05, 0.025)], "dark")]
    parts.append(lathe([(r, 0.02), (r * 1.0, z * 0.3), (r * belly, z), (r * 0.3, z + 0.02)]))
    parts.append(ellipsoid((0.022, 0.022, 0.018), (0, 0, z + 0.03), "black"))
    spout = [(r * 0.7, 0, z * 0.6), (r * 1.15, 0, z * 0.85), (r * 1.45, 0, z)]
    parts.append(tube(spout, [0.035, 0.026, 0.018]))
    if rng.random() < 0.5:
        back = [(-r * 0.7, 0, z * 0.95), (-r * 1.6, 0, z * 0.95), (-r * 1.7, 0, z * 0.6)]
        parts.append(tube([*back, (-r * 0.95, 0, z * 0.25)], 0.016, "black"))
    else:
        arch = [
            (r * 0.75 * np.cos(a), 0, z + r * 1.1 * np.sin(a)) for a in np.linspace(0, np.pi, 9)
        ]
        parts.append(tube(arch, 0.014, "black"))
    return centred(parts)


def _pot(rng: Generator) -> Model:
    r, z = rng.uniform(0.11, 0.16), rng.uniform(0.11, 0.2)
    parts = [_hollow(r, z, 1.0)]
    for side in (-1, 1):
        ear = [
            (0.04 * np.cos(a), side * (r + 0.045 * np.sin(a)), z * 0.8)
            for a in np.linspace(0, np.pi, 7)
        ]
        parts.append(tube(ear, 0.013, "black"))
    if rng.random() < 0.5:
        parts.append(lathe([(r + 0.005, z), (r * 0.9, z + 0.02), (r * 0.3, z + 0.045)], "metal"))
        parts.append(cylinder(0.014, 0.02, (0, 0, z + 0.04), "black"))
        parts.append(ellipsoid((0.03, 0.03, 0.018), (0, 0, z + 0.07), "black"))
        return Model(parts)
    return Model(parts, [_bottom(r)])


def _pan(rng: Generator) -> Model:
    r, z = rng.uniform(0.12, 0.16), rng.uniform(0.04, 0.06)
    parts = [lathe([(r * 0.8, 0), (r, z), (r - 0.015, z), (r * 0.78, 0.014)])]
    reach = rng.uniform(0.17, 0.23)
    handle = [(r * 0.95, 0, z * 0.75), (r + reach * 0.5, 0, z + 0.02), (r + reach, 0, z + 0.03)]
    parts.append(tube(handle, [0.012, 0.016, 0.02], str(rng.choice(["black", "wood"]))))
    parts.append(lathe([(r * 0.76, 0.013), (r * 0.76, 0.016)], "dark"))
    return centred(parts)


def _mug(rng: Generator) -> Model:
    r, z = rng.uniform(0.04, 0.055), rng.uniform(0.09, 0.12)
    parts = [_hollow(r, z, float(rng.choice([0.8, 1.0, 1.15])), 0.008)]
    parts.append(lathe([(r * 0.8, z * 0.7), (r * 0.8, z * 0.72)], "soil"))
    size = z * rng.uniform(0.3, 0.38)
    ring = [
        (0, r * 0.9 + size * 1.1 * np.sin(a), z / 2 + size * np.cos(a))
        for a in np.linspace(0, np.pi, 9)
    ]
    parts.append(tube(ring, 0.009))
    return centred(parts)


def _bowl(rng: Generator) -> Model:
    r, z = rng.uniform(0.09, 0.15), rng.uniform(0.06, 0.1)
    outer = [(r * 0.45, 0), (r * 0.8, z * 0.4), (r, z)]
    inner = [(r - 0.014, z), (r * 0.74, z * 0.45), (r * 0.4, 0.02)]
    parts = [lathe([*outer, *inner])]
    if rng.random() < 0.3:
        for a in np.arange(3) * 2.1:
            at = (r * 0.35 * np.cos(a), r * 0.35 * np.sin(a), z * 0.75)
            parts.append(
                ellipsoid((0.04, 0.04, 0.04), at, str(rng.choice(["red", "green", "yellow"])))
            )
        return Model(parts)
    return Model(parts, [Shelf((-r * 0.3, -r * 0.3), (r * 0.3, r * 0.3), 0.02, relation="in")])


def _plate(rng: Generator) -> Model:
    r = rng.uniform(0.11, 0.15)
    count = int(rng.choice([1, 1, 3, 5]))
    profile = [(r * 0.55, 0), (r, 0.022), (r, 0.03), (r * 0.62, 0.014)]
    parts = [lathe(profile, sides=28).moved(z=0.012 * n) for n in range(count)]
    parts.append(lathe([(r * 0.6, 0), (r * 0.6, 0.003)], "white").moved(z=0.012 * count + 0.003))
    top = 0.012 * count + 0.007
    return Model(parts, [Shelf((-r * 0.4, -r * 0.4), (r * 0.4, r * 0.4), top)])


def _wine_bottle(rng: Generator) -> Model:
    r, z = rng.uniform(0.036, 0.044), rng.uniform(0.28, 0.33)
    shoulder = rng.uniform(0.55, 0.68)
    neck = r * 0.38
    body = [(r * 0.95, 0), (r, 0.01), (r, z * shoulder), (neck, z * (shoulder + 0.14)), (neck, z)]
    parts = [lathe(body)]
    parts.append(lathe([(neck * 1.25, z * 0.9), (neck * 1.25, z + 0.005)], "red"))
    low = z * rng.uniform(0.15, 0.2)
    parts.append(lathe([(r * 1.03, low), (r * 1.03, low + z * 0.28)], "paper"))
    return Model(parts)


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


def _bread(rng: Generator) -> Model:
    long, wide, high = rng.uniform(0.2, 0.32), rng.uniform(0.1, 0.13), rng.uniform(0.09, 0.12)
    if rng.random() < 0.5:  # a tin loaf with a crown
        side = [(-wide / 2, 0), (wide / 2, 0), (wide / 2, high * 0.55), (wide * 0.58, high * 0.75)]
        side += [(wide * 0.35, high), (-wide * 0.35, high), (-wide * 0.58, high * 0.75)]
        loaf = prism([*side, (-wide / 2, high * 0.55)], long).turned(90, "x").moved(0, long / 2, 0)
        parts = [loaf]
    else:
        parts = [ellipsoid((wide / 2, long / 2, high / 2), (0, 0, high / 2))]
    for n in range(-1, 2):
        cut = [(-wide * 0.25, n * long * 0.2 - 0.02, high * 0.94), (0, n * long * 0.2, high)]
        parts.append(tube([*cut, (wide * 0.25, n * long * 0.2 + 0.02, high * 0.94)], 0.01, "paper"))
    return centred(parts)


def _teapot(rng: Generator) -> Model:
    r = rng.uniform(0.075, 0.1)
    tall = rng.uniform(0.75, 1.0)
    parts = [ellipsoid((r, r, r * tall), (0, 0, r * tall * 0.95))]
    parts.append(cylinder(r * 0.5, 0.02))
    top = r * tall * 1.9
    parts.append(lathe([(r * 0.5, top - 0.02), (r * 0.4, top), (0.01, top + 0.012)]))
    parts.append(ellipsoid((0.018, 0.018, 0.018), (0, 0, top + 0.024)))
    spout = [(r * 0.8, 0, r * 0.6), (r * 1.4, 0, r * 0.95), (r * 1.75, 0, r * 1.75)]
    parts.append(tube(spout, [0.03, 0.022, 0.014]))
    a = np.linspace(-1.2, 1.2, 8)
    ring = [(-r * 0.85 - r * 0.7 * np.cos(t), 0.0, r * tall + r * 0.6 * np.sin(t)) for t in a]
    parts.append(tube(ring, 0.012))
    return centred(parts)


def _knife_block(rng: Generator) -> Model:
    x, y, z = rng.uniform(0.12, 0.15), rng.uniform(0.1, 0.13), rng.uniform(0.17, 0.21)
    lower = [(-x / 2, -y / 2), (x / 2, -y / 2), (x / 2, y / 2), (-x / 2, y / 2)]
    upper = [(a - 0.07, b) for a, b in lower]
    parts = [tapered(lower, upper, z)]
    handle = str(rng.choice(["black", "dark wood", "red"]))
    for row in range(2):
        for n in range(3):
            at = (-0.07 + x * (0.25 - 0.5 * row), y * (n - 1) / 3.2, z - 0.01)
            grip = box((0.024, 0.018, rng.uniform(0.08, 0.12)), (0, 0, 0), handle)
            parts.append(grip.turned(-18, "y").moved(*at))
    return centred(parts)


def _dining_table(rng: Generator) -> Model:
    z, thick = rng.uniform(0.7, 0.77), rng.uniform(0.03, 0.05)
    if rng.random() < 0.35:
        r = rng.uniform(0.45, 0.6)
        parts = [cylinder(r, thick, (0, 0, z - thick), sides=32), cylinder(0.05, z - thick)]
        parts.append(cylinder(r * 0.5, 0.03, sides=28))
        half = (r * 0.65, r * 0.65)
    else:
        x, y = rng.uniform(0.75, 0.95), rng.uniform(1.1, 1.7)
        parts = [box((x, y, thick), (0, 0, z - thick), bevel=0.03)]
        leg = rng.uniform(0.05, 0.08)
        legs = "main" if rng.random() < 0.7 else "metal"
        for a in (-1, 1):
            for b in (-1, 1):
                at = (a * (x / 2 - leg), b * (y / 2 - leg), 0.0)
                parts.append(box((leg, leg, z - thick), at, legs))
        parts.append(box((x - 3 * leg, y - 3 * leg, 0.07), (0, 0, z - thick - 0.07)))
        half = (x / 2 - 0.02, y / 2 - 0.02)
    return Model(parts, [Shelf((-half[0], -half[1]), half, z)])


def _hollow(r: float, z: float, flare: float, wall: float = _WALL_M) -> Part:
    """A vessel of radius `r` at its base and `r · flare` at its rim."""
    rim = r * flare
    return lathe([(r, 0), (rim, z), (rim - wall, z), (r - wall, wall)])


def _bottom(r: float) -> Shelf:
    half = (r - _WALL_M) * 0.7
    return Shelf((-half, -half), (half, half), _WALL_M, relation="in")


_KITCHEN = ("kitchen",)
_WOODWORK = ("wood", "paint", "planks")
CLASSES = (
    ObjectClass("kitchen counter", _counter, _KITCHEN, "wall side", materials=_WOODWORK),
    ObjectClass("fridge", _fridge, _KITCHEN, "wall side", materials=_APPLIANCE),
    ObjectClass("stove", _stove, _KITCHEN, "wall side", materials=_APPLIANCE),
    ObjectClass("microwave", _microwave, _KITCHEN, "surface", materials=_APPLIANCE),
    ObjectClass("toaster", _toaster, _KITCHEN, "surface", materials=_APPLIANCE),
    ObjectClass("kettle", _kettle, _KITCHEN, "surface", materials=_APPLIANCE),
    ObjectClass("pot", _pot, _KITCHEN, "surface", materials=("metal", "paint")),
    ObjectClass("pan", _pan, _KITCHEN, "surface", materials=("metal", "paint")),
    ObjectClass("mug", _mug, ("kitchen", "office", "living room"), "surface", materials=_CROCKERY),
    ObjectClass("bowl", _bowl, _KITCHEN, "surface", materials=_CROCKERY),
    ObjectClass("plate", _plate, _KITCHEN, "surface", materials=_CROCKERY),
    ObjectClass(
        "wine bottle",
        _wine_bottle,
        ("kitchen", "living room"),
        "surface",
        ("green", "black", "brown"),
    ),
    ObjectClass("banana", _banana, _KITCHEN, "surface", ("yellow",)),
    ObjectClass("apple", _apple, _KITCHEN, "surface", ("red", "green", "yellow")),
    ObjectClass("bread", _bread, _KITCHEN, "surface", ("brown",), ("stone",)),
    ObjectClass("teapot", _teapot, _KITCHEN, "surface", materials=_CROCKERY),
    ObjectClass("knife block", _knife_block, _KITCHEN, "surface", materials=("wood", "paint")),
    ObjectClass(
        "dining table", _dining_table, ("kitchen", "living room"), "floor", materials=_WOODWORK
    ),
)
