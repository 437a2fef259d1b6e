"""Things of the living room."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from lexel.synthetic.model import Model, ObjectClass, Shelf, centred
from lexel.synthetic.shapes import (
    Part,
    box,
    cylinder,
    ellipsoid,
    lathe,
    prism,
    rounded_rectangle,
    torus,
    tube,
)

_HUES = ("red", "yellow", "blue", "green", "white", "dark")
_CLOTH = ("fabric", "leather", "striped", "checked", "dotted")
_WOODWORK = ("wood", "paint", "planks")


def _legs(half: tuple[float, float], height: float, thick: float, surface: str) -> list[Part]:
    return [
        cylinder(thick * 0.7, height, (a * half[0], b * half[1], 0), surface, thick, 10)
        for a in (-1, 1)
        for b in (-1, 1)
    ]


def _upholstered(rng: Generator, seats: int) -> Model:
    """A sofa, or an arm chair when it has one seat."""
    seat = rng.uniform(0.55, 0.68)
    arm, deep = rng.uniform(0.12, 0.2), rng.uniform(0.82, 0.95)
    width = seats * seat + 2 * arm
    low, sit, back = rng.uniform(0.08, 0.14), rng.uniform(0.4, 0.46), rng.uniform(0.75, 0.95)
    parts = _legs((deep / 2 - 0.08, width / 2 - 0.08), low, 0.03, "dark wood")
    parts.append(box((deep, width, sit - low - 0.12), (0, 0, low), bevel=0.04))
    parts.append(box((0.22, width, back - low), (-deep / 2 + 0.11, 0, low), bevel=0.06))
    arm_top = rng.uniform(0.56, 0.66)
    round_arm = rng.random() < 0.5
    for side in (-1, 1):
        y = side * (width - arm) / 2
        parts.append(box((deep, arm, arm_top - low), (0, y, low), bevel=0.05))
        if round_arm:
            roll = cylinder(arm * 0.62, deep).turned(90, "y")
            parts.append(roll.moved(-deep / 2, y, arm_top))
    for n in range(seats):
        y = (n - (seats - 1) / 2) * seat
        parts.append(box((deep - 0.24, seat - 0.015, 0.14), (0.11, y, sit - 0.13), bevel=0.05))
        cushion = box((0.16, seat - 0.02, back - sit - 0.02), bevel=0.06).turned(-10, "y")
        parts.append(cushion.moved(-deep / 2 + 0.28, y, sit))
    inner = width / 2 - arm - 0.02
    return Model(parts, [Shelf((-deep / 2 + 0.36, -inner), (deep / 2, inner), sit + 0.012)])


def _sofa(rng: Generator) -> Model:
    return _upholstered(rng, int(rng.integers(2, 4)))


def _arm_chair(rng: Generator) -> Model:
    return _upholstered(rng, 1)


def _coffee_table(rng: Generator) -> Model:
    z, thick = rng.uniform(0.36, 0.46), rng.uniform(0.03, 0.05)
    if rng.random() < 0.4:
        r = rng.uniform(0.35, 0.48)
        parts = [cylinder(r, thick, (0, 0, z - thick), sides=28)]
        parts += _legs((r * 0.55, r * 0.55), z - thick, 0.03, "main")
        parts.append(cylinder(r * 0.7, 0.02, (0, 0, z * 0.3)))
        half = (r * 0.68, r * 0.68)
    else:
        x, y = rng.uniform(0.5, 0.65), rng.uniform(0.9, 1.2)
        parts = [box((x, y, thick), (0, 0, z - thick), bevel=0.03)]
        parts += _legs((x / 2 - 0.06, y / 2 - 0.06), z - thick, 0.035, "main")
        parts.append(box((x - 0.1, y - 0.1, 0.02), (0, 0, z * 0.3)))
        half = (x / 2 - 0.01, y / 2 - 0.01)
    low = (half[0] - 0.08, half[1] - 0.08)
    under = Shelf((-low[0], -low[1]), low, z * 0.3 + 0.02, z * 0.7 - thick - 0.03, "in")
    return Model(parts, [Shelf((-half[0], -half[1]), half, z), under])


def _television(rng: Generator) -> Model:
    y = rng.uniform(0.6, 0.95)
    z, lift = y * rng.uniform(0.56, 0.62), rng.uniform(0.05, 0.09)
    frame = 0.03
    parts = [box((0.05, y, z), (0, 0, lift))]
    screen = (0.014, y - 2 * frame, z - 2 * frame)
    parts.append(box(screen, (0.023, 0, lift + frame), "screen"))
    if rng.random() < 0.5:
        parts.append(box((0.22, y * 0.5, 0.02), (0, 0, 0)))
        parts.append(box((0.04, 0.1, lift + 0.02)))
    else:
        for side in (-1, 1):
            for lean in (-1, 1):
                foot = [(0, side * y * 0.35, lift + 0.01), (lean * 0.1, side * y * 0.38, 0.011)]
                parts.append(tube(foot, 0.011))
    if rng.random() < 0.35:  # a bright picture is on
        hue = str(rng.choice(["blue", "green", "red"]))
        parts.append(box((0.016, y * 0.5, z * 0.4), (0.024, 0, lift + z * 0.25), hue))
    return Model(parts)


def _tv_stand(rng: Generator) -> Model:
    x, y, z = rng.uniform(0.38, 0.48), rng.uniform(1.1, 1.7), rng.uniform(0.42, 0.56)
    low, t = 0.07, 0.03
    parts = _legs((x / 2 - 0.05, y / 2 - 0.08), low, 0.025, "dark")
    parts += [box((x, y, t), (0, 0, low)), box((x, y, t), (0, 0, z - t))]
    parts.append(box((t, y, z - low), (-x / 2 + t / 2, 0, low)))
    bays = int(rng.integers(2, 4))
    shelves = [Shelf((-x / 2, -y / 2), (x / 2, y / 2), z)]
    for n in range(bays + 1):
        wall = -y / 2 + t / 2 + n * (y - t) / bays
        parts.append(box((x, t, z - low), (0, wall, low)))
    for n in range(bays):
        middle, span = -y / 2 + (n + 0.5) * y / bays, y / bays - 2 * t
        if n and rng.random() < 0.6:
            parts.append(box((t, span + t, z - low - 2 * t), (x / 2 - t / 2, middle, low + t)))
            parts.append(
                ellipsoid((0.022, 0.022, 0.022), (x / 2 + 0.015, middle, z * 0.6), "brass")
            )
        else:
            near = (-x / 2 + 0.05, middle - span / 2)
            far = (x / 2 - 0.02, middle + span / 2)
            shelves.append(Shelf(near, far, low + t, z - low - 2 * t, "in"))
    return Model(parts, shelves)


def _bookcase(rng: Generator) -> Model:
    x, y, z = rng.uniform(0.28, 0.36), rng.uniform(0.7, 1.0), rng.uniform(1.3, 1.95)
    t, rows = 0.03, int(rng.integers(3, 6))
    parts = [box((0.02, y, z), (-x / 2 + 0.01, 0, 0))]
    parts += [box((x, t, z), (0, side * (y - t) / 2, 0)) for side in (-1, 1)]
    shelves = []
    gap = (z - t) / rows
    for n in range(rows + 1):
        parts.append(box((x, y, t), (0, 0, n * gap)))
    for n in range(rows):
        base = n * gap + t
        start, stop = -y / 2 + t, y / 2 - t
        if rng.random() < 0.65:
            books, start = _row_of_books(rng, x, start, stop, base, gap - t)
            parts += books
        if stop - start > 0.15:
            near, far = (-x / 2 + 0.03, start + 0.01), (x / 2 - 0.01, stop)
            shelves.append(Shelf(near, far, base, gap - t - 0.01, "in"))
    return Model(parts, shelves)


def _row_of_books(
    rng: Generator, depth: float, start: float, stop: float, base: float, free: float
) -> tuple[list[Part], float]:
    """Upright books from `start` on, and where they end."""
    books: list[Part] = []
    end = start + (stop - start) * rng.uniform(0.4, 0.95)
    while start < end - 0.06:
        thick, tall = rng.uniform(0.025, 0.05), free * rng.uniform(0.6, 0.92)
        at = (-0.02, start + thick / 2, base)
        books.append(box((depth * 0.7, thick, tall), at, str(rng.choice(_HUES))))
        start += thick + 0.002
    return books, start


def _floor_lamp(rng: Generator) -> Model:
    z, r = rng.uniform(1.35, 1.75), rng.uniform(0.18, 0.26)
    tall = rng.uniform(0.22, 0.34)
    metal = str(rng.choice(["metal", "brass", "dark metal", "wood"]))
    shade = lathe([(r, 0), (r * rng.uniform(0.5, 1.0), tall), (0.02, tall), (0.02, 0.01)])
    parts = [shade.moved(z=z - tall), ellipsoid((0.06, 0.06, 0.07), (0, 0, z - tall), "light")]
    if rng.random() < 0.35:
        for a in np.arange(3) * 2 * np.pi / 3:
            foot = (0.26 * np.cos(a), 0.26 * np.sin(a), 0.02)
            parts.append(tube([foot, (0, 0, z - tall - 0.02)], 0.018, metal))
        parts.append(tube([(0, 0, z - tall - 0.1), (0, 0, z - tall + 0.05)], 0.018, metal))
    else:
        parts += [cylinder(0.15, 0.03, surface=metal), cylinder(0.016, z - tall, surface=metal)]
    return centred(parts)


def _house_plant(rng: Generator) -> Model:
    r, pot = rng.uniform(0.12, 0.18), rng.uniform(0.18, 0.3)
    tall = rng.uniform(0.35, 0.8)
    parts = [lathe([(r * 0.7, 0), (r, pot), (r - 0.02, pot), (r * 0.65, pot * 0.8)])]
    parts.append(lathe([(r * 0.88, pot * 0.82), (r * 0.88, pot * 0.9)], "soil"))
    style = rng.integers(3)
    if style == 0:  # a little tree
        parts.append(cylinder(0.025, tall * 0.7, (0, 0, pot * 0.8), "dark wood"))
        for _ in range(6):
            x, y = rng.uniform(-0.14, 0.14, 2)
            at = (float(x), float(y), pot + tall * rng.uniform(0.6, 0.95))
            parts.append(ellipsoid((0.15, 0.15, 0.13), at, "leaf", 10))
    else:
        for n in range(int(rng.integers(9, 14))):
            a, lean = n * 2.4, rng.uniform(0.15, 0.42) if style == 1 else rng.uniform(0.02, 0.12)
            c, s = np.cos(a), np.sin(a)
            top = tall * rng.uniform(0.7, 1.0)
            path = [
                (0.02 * c, 0.02 * s, pot * 0.85),
                (lean * 0.4 * c, lean * 0.4 * s, pot + top * 0.75),
            ]
            path.append((lean * c, lean * s, pot + top * (0.75 if style == 1 else 1.0)))
            parts.append(tube(path, [0.018, 0.045, 0.006], "leaf", 6))
    return centred(parts)


def _vase(rng: Generator) -> Model:
    r, z = rng.uniform(0.06, 0.09), rng.uniform(0.2, 0.32)
    curve = [(0.6, 0), (1.0, 0.3), (0.95, 0.5), (0.4, 0.8), (rng.uniform(0.5, 0.8), 1.0)]
    outer = [(r * a, z * b) for a, b in curve]
    parts = [lathe([*outer, (outer[-1][0] - 0.012, z), (r * 0.25, z * 0.78)])]
    if rng.random() < 0.75:
        hue = str(rng.choice(["red", "yellow", "blue", "white"]))
        for n in range(int(rng.integers(3, 6))):
            x, y = 0.09 * np.cos(n * 2.2), 0.09 * np.sin(n * 2.2)
            top = z * rng.uniform(1.5, 1.9)
            parts.append(tube([(0, 0, z * 0.75), (x, y, top)], 0.007, "leaf", 6))
            parts.append(ellipsoid((0.036, 0.036, 0.026), (x, y, top), hue, 10))
            parts.append(ellipsoid((0.014, 0.014, 0.012), (x, y, top + 0.02), "yellow", 8))
    return centred(parts)


def _picture_frame(rng: Generator) -> Model:
    y, z = rng.uniform(0.4, 0.9), rng.uniform(0.35, 0.7)
    edge = rng.uniform(0.04, 0.07)
    parts = [box((0.02, y, z), (0.01, 0, -z / 2), "paper")]
    for side in (-1, 1):
        parts.append(box((0.045, edge, z), (0.0225, side * (y - edge) / 2, -z / 2)))
        parts.append(box((0.045, y, edge), (0.0225, 0, -z / 2 if side < 0 else z / 2 - edge)))
    low, wide, tall = -z / 2 + edge, y - 2 * edge, z - 2 * edge
    if rng.random() < 0.5:  # a landscape: sky, hills and a sun
        parts.append(box((0.006, wide, tall * 0.6), (0.022, 0, low + tall * 0.4), "blue"))
        parts.append(box((0.006, wide, tall * 0.4), (0.022, 0, low), "green"))
        sun = cylinder(min(wide, tall) * 0.13, 0.008, surface="yellow").turned(90, "y")
        parts.append(sun.moved(0.022, wide * rng.uniform(-0.3, 0.3), low + tall * 0.75))
    else:
        for n in range(int(rng.integers(3, 6))):
            w, h = wide * rng.uniform(0.2, 0.5), tall * rng.uniform(0.2, 0.5)
            at = (
                0.022 + 0.002 * n,
                (wide - w) * rng.uniform(-0.5, 0.5),
                low + (tall - h) * rng.random(),
            )
            parts.append(box((0.006, w, h), at, str(rng.choice(_HUES))))
    return Model(parts)


def _wall_clock(rng: Generator) -> Model:
    r = rng.uniform(0.14, 0.2)
    sides = int(rng.choice([8, 28, 28]))
    parts = [cylinder(r, 0.04, sides=sides).turned(90, "y")]
    parts.append(
        cylinder(r * 0.84, 0.008, surface="white", sides=sides).turned(90, "y").moved(0.036)
    )
    for n in range(12):
        a = n * np.pi / 6
        mark = box((0.01, 0.014, 0.03), (0.044, 0, r * 0.62), "black")
        parts.append(mark.turned(float(np.degrees(a)), "x"))
    for long, wide in ((0.62, 0.016), (0.42, 0.022)):
        hand = box((0.008, wide, r * long), (0.049, 0, 0), "black")
        parts.append(hand.turned(float(rng.uniform(0, 360)), "x"))
    parts.append(cylinder(0.02, 0.012, surface="red").turned(90, "y").moved(0.045))
    return Model(parts)


def _rug(rng: Generator) -> Model:
    x, y = rng.uniform(0.8, 1.3), rng.uniform(1.0, 1.7)
    if rng.random() < 0.3:
        parts = [
            cylinder(x / 2, 0.012, sides=32),
            cylinder(x * 0.36, 0.016, sides=32, surface="white"),
        ]
        parts.append(cylinder(x * 0.3, 0.02, sides=32))
    else:
        parts = [box((x, y, 0.012)), box((x * 0.8, y * 0.84, 0.016), surface="white")]
        parts.append(box((x * 0.72, y * 0.78, 0.02)))
        for n in range(12):
            for side in (-1, 1):
                at = (x * (n - 5.5) / 12, side * (y / 2 + 0.02), 0.0)
                parts.append(box((0.025, 0.06, 0.01), at, "paper"))
    return Model(parts)


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


def _fireplace(rng: Generator) -> Model:
    x, y, z = rng.uniform(0.3, 0.4), rng.uniform(1.1, 1.4), rng.uniform(0.95, 1.15)
    hole, top = y * rng.uniform(0.5, 0.6), z * rng.uniform(0.6, 0.7)
    side = (y - hole) / 2
    parts = [box((0.05, y, z), (-x / 2 + 0.025, 0, 0), "black")]
    for s in (-1, 1):
        parts.append(box((x, side, z), (0, s * (y - side) / 2, 0)))
    parts.append(box((x, y, z - top), (0, 0, top)))
    parts.append(
        box((x + 0.08, y + 0.16, 0.06), (0.04, 0, z), str(rng.choice(["wood", "white", "stone"])))
    )
    parts.append(box((x, hole, 0.04), (0, 0, 0), "stone"))
    for n in range(3):
        log = cylinder(0.045, hole * 0.7, surface="dark wood").turned(90, "x")
        parts.append(log.moved(0.06 * (n - 1), hole * 0.35, 0.08 + 0.07 * (n == 1)))
    for n, hue in enumerate(("red", "light", "yellow")):
        flame = lathe([(0.03, 0), (0.06, 0.07), (0.002, 0.26 - 0.04 * n)], hue, 8)
        parts.append(flame.moved(0.03, hole * 0.18 * (n - 1), 0.14))
    shelf = Shelf((-x / 2 + 0.02, -y / 2), (x / 2 + 0.06, y / 2), z + 0.06)
    return centred(parts, shelf)


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


def _pillow(rng: Generator) -> Model:
    y, z = rng.uniform(0.36, 0.46), rng.uniform(0.32, 0.44)
    puff = rng.uniform(0.12, 0.17)
    steps = np.linspace(-1, 1, 9)
    rings = [float(np.sqrt(1 - 0.97 * s * s)) for s in steps]
    core = rounded_rectangle(1.0, 1.0, 0.18)
    parts = []
    for low, high, a, b in zip(steps[:-1], steps[1:], rings[:-1], rings[1:], strict=True):
        slab = max(a, b) ** 0.35
        scaled = [(p * y * slab, q * z * slab) for p, q in core]
        parts.append(prism(scaled, (high - low) * puff / 2).moved(z=low * puff / 2))
    lean = float(rng.choice([0, 75]))
    return centred([part.turned(lean, "y") for part in parts])


def _candle(rng: Generator) -> Model:
    parts: list[Part] = []
    count = int(rng.choice([1, 1, 3]))
    for n in range(count):
        r, z = rng.uniform(0.026, 0.04), rng.uniform(0.1, 0.22)
        at = (0.09 * np.cos(n * 2.1) * (count > 1), 0.09 * np.sin(n * 2.1) * (count > 1))
        stick = [cylinder(r, z, (0, 0, 0.02)), cylinder(r * 1.7, 0.022, surface="brass")]
        stick.append(tube([(0, 0, z + 0.015), (0, 0, z + 0.045)], 0.005, "black", 6))
        stick.append(
            lathe([(0.006, 0), (0.018, 0.02), (0.002, 0.06)], "light", 8).moved(z=z + 0.035)
        )
        parts += [part.moved(*at) for part in stick]
    if count > 1:
        parts.append(cylinder(0.16, 0.012, (0, 0, 0), "dark wood"))
    return centred(parts)


_LIVING = ("living room",)
_LIVED_IN = ("living room", "bedroom")
CLASSES = (
    ObjectClass("sofa", _sofa, _LIVING, "wall side", materials=_CLOTH),
    ObjectClass("arm chair", _arm_chair, _LIVED_IN, "floor", materials=_CLOTH),
    ObjectClass("coffee table", _coffee_table, _LIVING, "floor", materials=_WOODWORK),
    ObjectClass("television", _television, _LIVED_IN, "surface", ("black", "grey", "white", "red")),
    ObjectClass("tv stand", _tv_stand, _LIVING, "wall side", materials=_WOODWORK),
    ObjectClass(
        "bookcase",
        _bookcase,
        ("living room", "office", "bedroom"),
        "wall side",
        materials=_WOODWORK,
    ),
    ObjectClass("floor lamp", _floor_lamp, _LIVED_IN, materials=("fabric", "paper", "striped")),
    ObjectClass(
        "house plant",
        _house_plant,
        ("living room", "office", "bathroom"),
        materials=("ceramic", "stone"),
    ),
    ObjectClass("vase", _vase, _LIVING, "surface", materials=("ceramic", "striped", "dotted")),
    ObjectClass(
        "picture frame",
        _picture_frame,
        ("living room", "bedroom", "office"),
        "wall",
        materials=("wood", "paint"),
    ),
    ObjectClass(
        "wall clock", _wall_clock, ("kitchen", "living room", "office"), "wall", height_m=(1.5, 1.9)
    ),
    ObjectClass(
        "rug", _rug, _LIVED_IN, "rug", materials=("fabric", "striped", "checked", "dotted")
    ),
    ObjectClass("guitar", _guitar, _LIVED_IN, "floor", materials=("wood", "paint")),
    ObjectClass(
        "basketball",
        _basketball,
        ("living room", "bedroom", "workshop"),
        "floor",
        ("orange",),
        ("fabric",),
    ),
    ObjectClass(
        "fireplace", _fireplace, _LIVING, "wall side", materials=("stone", "brick", "marble")
    ),
    ObjectClass("piano", _piano, _LIVING, "wall side", materials=("wood", "paint")),
    ObjectClass(
        "pillow",
        _pillow,
        _LIVED_IN,
        "surface",
        materials=("fabric", "striped", "checked", "dotted"),
    ),
    ObjectClass("candle", _candle, ("living room", "bathroom"), "surface"),
)
