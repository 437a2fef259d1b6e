"""Things of the office and the workshop."""

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

_HUES = ("red", "yellow", "blue", "green")
_WOODWORK = ("wood", "paint", "planks")


def _four(x: float, y: float, size: Vector, surface: str = "main") -> list[Part]:
    """The same box at four corners."""
    return [box(size, (a * x, b * y, 0), surface) for a in (-1, 1) for b in (-1, 1)]


def _desk(rng: Generator) -> Model:
    x, y, z = rng.uniform(0.58, 0.72), rng.uniform(1.1, 1.5), rng.uniform(0.7, 0.76)
    parts = [box((x, y, 0.04), (0, 0, z - 0.04))]
    side = float(rng.choice([-1, 1]))
    pedestal = (0, side * (y / 2 - 0.22), 0.02)
    parts.append(box((x - 0.06, 0.4, z - 0.06), pedestal))
    for n in range(3):
        at = (x / 2 - 0.02, pedestal[1], 0.06 + n * (z - 0.12) / 3)
        parts.append(box((0.02, 0.36, (z - 0.12) / 3 - 0.03), at, "light wood"))
        knob = (x / 2, pedestal[1], at[2] + (z - 0.2) / 6)
        parts.append(ellipsoid((0.025, 0.03, 0.018), knob, "metal", 10))
    for a in (-1, 1):
        parts.append(box((0.05, 0.05, z - 0.03), (a * (x / 2 - 0.04), -side * (y / 2 - 0.04), 0)))
    parts.append(box((0.02, y - 0.1, 0.25), (-x / 2 + 0.04, 0, z - 0.28)))
    return Model(parts, [Shelf((-x / 2, -y / 2), (x / 2, y / 2), z)])


def _chair(rng: Generator) -> Model:
    w, seat, tall = rng.uniform(0.4, 0.46), rng.uniform(0.43, 0.47), rng.uniform(0.82, 1.02)
    leg, half = rng.uniform(0.035, 0.05), w / 2
    parts = [box((w, w, 0.04), (0, 0, seat), bevel=0.03)]
    parts += _four(half - leg, half - leg, (leg, leg, seat))
    for b in (-1, 1):
        parts.append(box((leg, leg, tall - seat), (-half + leg, b * (half - leg), seat)))
    style = rng.integers(3)
    if style == 0:
        parts.append(box((0.025, w - leg, (tall - seat) * 0.55), (-half + leg, 0, tall * 0.76)))
    elif style == 1:
        for n in range(3):
            at = (-half + leg, 0.0, seat + (tall - seat) * (0.35 + 0.27 * n))
            parts.append(box((0.022, w - leg, 0.05), at))
    else:
        parts.append(box((0.03, w, 0.07), (-half + leg, 0, tall - 0.06)))
        for n in range(4):
            at = (-half + leg, (w - 0.12) * (n / 3 - 0.5), seat + 0.02)
            parts.append(box((0.018, 0.022, tall - seat - 0.05), at))
    if rng.random() < 0.3:
        for b in (-1, 1):
            parts.append(box((w * 0.8, 0.04, 0.03), (-0.02, b * half, seat + 0.2)))
            parts.append(box((0.035, 0.035, 0.2), (half * 0.6, b * (half - 0.01), seat + 0.01)))
    inner = half - leg - 0.02
    return centred(parts, Shelf((-inner, -inner), (half - 0.02, inner), seat + 0.04))


def _office_chair(rng: Generator) -> Model:
    seat, back = rng.uniform(0.44, 0.52), rng.uniform(0.45, 0.65)
    parts = [box((0.48, 0.48, 0.09), (0, 0, seat), bevel=0.1)]
    parts.append(cylinder(0.03, seat - 0.08, (0, 0, 0.08), "metal"))
    for n in range(5):
        a = n * 2 * np.pi / 5
        foot = (0.3 * np.cos(a), 0.3 * np.sin(a), 0.07)
        parts.append(tube([(0, 0, 0.12), foot], 0.024, "dark"))
        parts.append(ellipsoid((0.035, 0.035, 0.035), (foot[0], foot[1], 0.035), "black", 10))
    rest = prism(rounded_rectangle(0.46, back, 0.09), 0.07).turned(90, "x").turned(90)
    parts.append(rest.turned(-6, "y").moved(-0.24, 0, seat + 0.16 + back / 2))
    parts.append(
        tube([(-0.1, 0, seat + 0.02), (-0.25, 0, seat), (-0.27, 0, seat + 0.3)], 0.025, "dark")
    )
    if rng.random() < 0.75:
        for b in (-1, 1):
            arm = [
                (-0.1, b * 0.22, seat + 0.03),
                (-0.02, b * 0.29, seat + 0.05),
                (0, b * 0.29, seat + 0.2),
            ]
            parts += [
                tube(arm, 0.018, "dark"),
                box((0.26, 0.06, 0.03), (0, b * 0.29, seat + 0.2), "dark"),
            ]
    return centred(parts, Shelf((-0.14, -0.18), (0.2, 0.18), seat + 0.09))


def _laptop(rng: Generator) -> Model:
    x, y = rng.uniform(0.22, 0.26), rng.uniform(0.32, 0.38)
    parts = [box((x, y, 0.02), bevel=0.012)]
    parts.append(box((x * 0.48, y * 0.88, 0.006), (-x * 0.16, 0, 0.019), "dark"))
    for row in range(3):
        at = (-x * (0.3 - 0.13 * row), 0.0, 0.024)
        parts.append(box((x * 0.09, y * 0.8, 0.004), at, "grey"))
    parts.append(box((x * 0.24, y * 0.3, 0.004), (x * 0.3, 0, 0.019), "grey"))
    lean = -float(rng.uniform(8, 25))
    lid = [
        box((0.014, y, x), bevel=0.0),
        box((0.008, y * 0.92, x * 0.86), (0.006, 0, x * 0.08), "screen"),
    ]
    lid.append(box((0.006, y * 0.4, x * 0.3), (0.009, 0, x * 0.4), str(rng.choice(_HUES))))
    parts += [part.turned(lean, "y").moved(-x / 2 + 0.008, 0, 0.012) for part in lid]
    return centred(parts)


def _desktop(rng: Generator) -> Model:
    y = rng.uniform(0.44, 0.56)
    z, lift = y * 0.62, rng.uniform(0.09, 0.13)
    parts = [box((0.035, y, z), (0, 0, lift))]
    parts.append(box((0.012, y - 0.04, z - 0.05), (0.014, 0, lift + 0.03), "screen"))
    parts.append(
        box((0.006, y * 0.4, z * 0.4), (0.02, 0.02, lift + z * 0.35), str(rng.choice(_HUES)))
    )
    parts += [box((0.16, 0.22, 0.018)), box((0.03, 0.06, lift + 0.05), (-0.02, 0, 0))]
    parts.append(box((0.13, y * 0.85, 0.02), (0.24, 0, 0)))
    for row in range(3):
        parts.append(box((0.025, y * 0.78, 0.008), (0.205 + 0.036 * row, 0, 0.018), "grey"))
    parts.append(ellipsoid((0.045, 0.028, 0.018), (0.24, -y * 0.56, 0.018), "dark", 12))
    side = float(rng.choice([-1, 1]))
    tower = (0.02, side * (y / 2 + 0.14), 0.0)
    parts.append(box((0.36, 0.17, 0.38), tower))
    parts.append(box((0.01, 0.14, 0.03), (0.2, tower[1], 0.31), "dark"))
    button = cylinder(0.018, 0.01, surface="green").turned(90, "y")
    parts.append(button.moved(0.198, tower[1], 0.25))
    return centred(parts)


def _cell_phone(rng: Generator) -> Model:
    y, z = rng.uniform(0.075, 0.09), rng.uniform(0.15, 0.18)
    parts = [prism(rounded_rectangle(y, z, 0.015), 0.016)]
    parts.append(prism(rounded_rectangle(y * 0.9, z * 0.9, 0.01), 0.004, "screen").moved(z=0.015))
    for row in range(3):
        for column in range(3):
            at = (y * 0.26 * (column - 1), z * 0.2 * (row - 0.6), 0.018)
            hue = str(rng.choice([*_HUES, "white"]))
            parts.append(box((y * 0.16, y * 0.16, 0.004), at, hue))
    if rng.random() < 0.5:  # upright in a dock, its screen to the front
        parts = [p.moved(z=-0.008).turned(90, "x").turned(90).turned(-15, "y") for p in parts]
        parts = [p.moved(0, 0, z / 2 + 0.01) for p in parts]
        parts.append(box((0.09, y * 0.9, 0.02), surface="dark", bevel=0.01))
    return centred(parts)


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


def _filing_cabinet(rng: Generator) -> Model:
    x, y, rows = 0.5, rng.uniform(0.4, 0.5), int(rng.integers(2, 5))
    gap = 0.31
    z = rows * gap + 0.06
    parts = [box((x, y, z))]
    for n in range(rows):
        base = 0.04 + n * gap
        parts.append(box((0.025, y - 0.03, gap - 0.025), (x / 2, 0, base)))
        parts.append(box((0.04, 0.15, 0.025), (x / 2 + 0.02, 0, base + gap * 0.5), "metal"))
        parts.append(box((0.01, 0.1, 0.05), (x / 2 + 0.012, 0, base + gap * 0.68), "paper"))
    return Model(parts, [Shelf((-x / 2, -y / 2), (x / 2, y / 2), z)])


def _garbage_can(rng: Generator) -> Model:
    r, z = rng.uniform(0.13, 0.19), rng.uniform(0.35, 0.6)
    if rng.random() < 0.5:
        parts = [lathe([(r * 0.8, 0), (r, z), (r - 0.02, z), (r * 0.75, 0.02)])]
        parts.append(torus(r, 0.014, (0, 0, z), "dark"))
        half = r * 0.5
        return Model(parts, [Shelf((-half, -half), (half, half), 0.02, relation="in")])
    parts = [cylinder(r, z), cylinder(r * 1.03, 0.03, (0, 0, z), "dark")]
    parts.append(lathe([(r, z + 0.03), (r * 0.85, z + 0.09), (r * 0.3, z + 0.12)]))
    parts.append(box((0.09, 0.12, 0.025), (r + 0.025, 0, 0.01), "black"))
    if rng.random() < 0.5:
        parts.append(box((0.02, r * 1.2, 0.07), (r * 0.82, 0, z + 0.02), "black"))
    return centred(parts)


def _safe(rng: Generator) -> Model:
    x, y, z = rng.uniform(0.36, 0.44), rng.uniform(0.38, 0.48), rng.uniform(0.4, 0.56)
    front = x / 2
    parts = [
        box((x, y, z), (0, 0, 0.03)),
        *_four(x / 2 - 0.05, y / 2 - 0.05, (0.07, 0.07, 0.03), "black"),
    ]
    parts.append(box((0.035, y * 0.84, z * 0.84), (front + 0.01, 0, 0.03 + z * 0.08)))
    for level in (0.25, 0.75):
        hinge = cylinder(0.018, 0.09, (front + 0.02, y * 0.44, z * level), "metal")
        parts.append(hinge)
    dial = cylinder(0.075, 0.03, surface="metal", sides=12).turned(90, "y")
    parts.append(dial.moved(front + 0.02, -0.02, z * 0.68))
    inner = cylinder(0.035, 0.04, surface="black").turned(90, "y")
    parts.append(inner.moved(front + 0.025, -0.02, z * 0.68))
    hub = (front + 0.06, -y * 0.08, z * 0.36)
    for n in range(3):
        a = n * 2 * np.pi / 3 + 0.5
        tip = (hub[0], hub[1] + 0.09 * np.cos(a), hub[2] + 0.09 * np.sin(a))
        parts.append(tube([hub, tip], 0.012, "metal"))
        parts.append(ellipsoid((0.018, 0.018, 0.018), tip, "metal", 10))
    parts.append(tube([(front, hub[1], hub[2]), hub], 0.018, "metal"))
    return centred(parts, Shelf((-x / 2, -y / 2), (x / 2, y / 2), z + 0.03))


def _printer(rng: Generator) -> Model:
    x, y, z = rng.uniform(0.34, 0.4), rng.uniform(0.4, 0.48), rng.uniform(0.18, 0.26)
    parts = [box((x, y, z), bevel=0.03), box((x * 0.9, y * 0.8, 0.03), (0, 0, z), "dark", 0.02)]
    parts.append(box((0.02, y * 0.7, 0.06), (x / 2, 0, z * 0.35), "black"))
    parts.append(box((0.2, y * 0.6, 0.015), (x / 2 + 0.08, 0, z * 0.3), "dark"))
    parts.append(box((0.18, y * 0.5, 0.012), (x / 2 + 0.07, 0, z * 0.3 + 0.014), "paper"))
    feed = box((0.015, y * 0.6, 0.2), surface="dark").turned(-25, "y")
    paper = box((0.012, y * 0.5, 0.26), surface="paper").turned(-25, "y")
    parts += [feed.moved(-x * 0.38, 0, z), paper.moved(-x * 0.36, 0, z)]
    parts.append(box((0.05, 0.09, 0.02), (x * 0.38, y * 0.33, z + 0.015), "screen"))
    parts.append(box((0.02, 0.025, 0.02), (x * 0.42, y * 0.18, z + 0.015), "green"))
    return centred(parts)


def _globe(rng: Generator) -> Model:
    r = rng.uniform(0.12, 0.17)
    centre = (0.0, 0.0, r + 0.1)
    parts = [ellipsoid((r, r, r), centre, sides=24)]
    for _ in range(9):  # continents
        d = rng.normal(0, 1, 3)
        d /= np.linalg.norm(d)
        size = r * rng.uniform(0.25, 0.45)
        at = (float(d[0] * r * 0.75), float(d[1] * r * 0.75), centre[2] + float(d[2] * r * 0.75))
        parts.append(ellipsoid((size, size, size), at, str(rng.choice(["green", "bread"])), 12))
    arc = [
        (-(r + 0.02) * np.cos(a), 0.0, centre[2] + (r + 0.02) * np.sin(a))
        for a in np.linspace(-1.5, 1.5, 13)
    ]
    parts.append(tube(arc, 0.011, "brass", 8))
    parts.append(cylinder(0.014, 0.1, surface="brass"))
    parts.append(lathe([(r * 0.75, 0), (r * 0.75, 0.02), (0.02, 0.05)], "dark wood"))
    return centred(parts)


def _workbench(rng: Generator) -> Model:
    x, y, z = rng.uniform(0.58, 0.7), rng.uniform(1.2, 1.7), rng.uniform(0.82, 0.92)
    parts = [box((x, y, 0.08), (0, 0, z - 0.08))]
    parts += _four(x / 2 - 0.06, y / 2 - 0.08, (0.09, 0.09, z - 0.07))
    parts.append(box((x - 0.06, y - 0.1, 0.03), (0, 0, 0.2)))
    parts.append(box((x * 0.7, 0.05, 0.1), (0, y / 2 - 0.08, z - 0.25)))
    vise_y = -y / 2 + 0.2
    for reach in (0.04, 0.15):
        parts.append(box((0.05, 0.2, 0.14), (x / 2 + reach, vise_y, z - 0.1), "dark metal"))
    parts.append(tube([(x / 2, vise_y, z - 0.07), (x / 2 + 0.26, vise_y, z - 0.07)], 0.02, "metal"))
    bar = [(x / 2 + 0.25, vise_y - 0.12, z - 0.07), (x / 2 + 0.25, vise_y + 0.12, z - 0.07)]
    parts.append(tube(bar, 0.012, "metal"))
    half = (x / 2 - 0.03, y / 2)
    shelves = [Shelf((-half[0], -y / 2 + 0.34), half, z)]
    shelves.append(
        Shelf((-half[0] + 0.08, -y / 2 + 0.2), (half[0] - 0.08, y / 2 - 0.2), 0.23, z - 0.4, "in")
    )
    if rng.random() < 0.5:  # a board for tools at the back
        parts.append(box((0.025, y, 0.4), (-x / 2 + 0.012, 0, z), "light wood"))
        for n in range(4):
            at = (-x / 2 + 0.035, y * (n - 1.5) / 5, z + 0.12)
            parts.append(box((0.02, 0.04, 0.2), at, str(rng.choice([*_HUES, "metal"]))))
    return centred(parts, *shelves)


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


def _cardboard_box(rng: Generator) -> Model:
    x, y, z = rng.uniform(0.3, 0.45), rng.uniform(0.34, 0.55), rng.uniform(0.24, 0.4)
    t = 0.015
    parts = [box((x, y, t))]
    for side in (-1, 1):
        parts.append(box((t, y, z), (side * (x - t) / 2, 0, 0)))
        parts.append(box((x, t, z), (0, side * (y - t) / 2, 0)))
    inner = (x / 2 - 0.02, y / 2 - 0.02)
    if rng.random() < 0.5:
        for side in (-1, 1):
            flap = box((x * 0.5, y, t)).moved(x * 0.25).turned(float(rng.uniform(-50, 40)), "y")
            flap = flap if side > 0 else flap.turned(180)
            parts.append(flap.moved(side * (x / 2 - 0.01), 0, z - 0.01))
        return centred(parts, Shelf((-inner[0], -inner[1]), inner, t, relation="in"))
    parts += [box((x, y, t), (0, 0, z)), box((x + 0.004, 0.05, 0.004), (0, 0, z + t), "paper")]
    for side in (-1, 1):
        parts.append(box((0.004, 0.05, 0.08), (side * x / 2, 0, z + t - 0.078), "paper"))
    inside = Shelf((-inner[0], -inner[1]), inner, t, z - t, "in")
    return centred(parts, Shelf((-x / 2, -y / 2), (x / 2, y / 2), z + t + 0.004), inside)


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


def _stool(rng: Generator) -> Model:
    z, r = rng.uniform(0.45, 0.72), rng.uniform(0.15, 0.19)
    count = int(rng.choice([3, 4]))
    parts = [cylinder(r, 0.045, (0, 0, z - 0.045), sides=24)]
    legs = str(rng.choice(["main", "metal", "wood"]))
    for n in range(count):
        a = n * 2 * np.pi / count + 0.4
        foot = (r * 1.05 * np.cos(a), r * 1.05 * np.sin(a), 0.018)
        parts.append(
            tube([foot, (r * 0.6 * np.cos(a), r * 0.6 * np.sin(a), z - 0.03)], 0.018, legs)
        )
    parts.append(torus(r * 0.86, 0.012, (0, 0, z * 0.4), legs))
    half = r * 0.66
    return centred(parts, Shelf((-half, -half), (half, half), z))


_OFFICE, _WORKSHOP = ("office",), ("workshop",)
_APPLIANCE = ("plastic", "metal", "paint")
CLASSES = (
    ObjectClass("desk", _desk, ("office", "bedroom"), "wall side", materials=_WOODWORK),
    ObjectClass(
        "chair", _chair, ("kitchen", "living room", "bedroom", "office"), materials=_WOODWORK
    ),
    ObjectClass("office chair", _office_chair, _OFFICE, materials=("fabric", "leather", "plastic")),
    ObjectClass("laptop", _laptop, ("office", "bedroom"), "surface", materials=_APPLIANCE),
    ObjectClass("desktop", _desktop, _OFFICE, "surface", materials=_APPLIANCE),
    ObjectClass(
        "cell phone",
        _cell_phone,
        ("office", "bedroom", "living room"),
        "surface",
        materials=_APPLIANCE,
    ),
    ObjectClass(
        "book",
        _book,
        ("office", "living room", "bedroom"),
        "surface",
        materials=("paper", "striped"),
    ),
    ObjectClass("filing cabinet", _filing_cabinet, _OFFICE, "wall side", materials=_APPLIANCE),
    ObjectClass(
        "garbage can",
        _garbage_can,
        ("kitchen", "bathroom", "office", "workshop"),
        materials=_APPLIANCE,
    ),
    ObjectClass("safe", _safe, ("office", "workshop"), materials=("metal", "paint")),
    ObjectClass("printer", _printer, _OFFICE, "surface", materials=("plastic", "paint")),
    ObjectClass(
        "globe", _globe, _OFFICE, "surface", ("blue", "turquoise", "teal", "navy", "beige")
    ),
    ObjectClass("workbench", _workbench, _WORKSHOP, "wall side", materials=_WOODWORK),
    ObjectClass("toolbox", _toolbox, _WORKSHOP, "surface", materials=_APPLIANCE),
    ObjectClass("hammer", _hammer, _WORKSHOP, "surface", materials=("plastic", "wood")),
    ObjectClass("ladder", _ladder, _WORKSHOP, materials=("metal", "wood", "paint")),
    ObjectClass(
        "dumbbell", _dumbbell, ("bedroom", "workshop"), "surface", materials=("metal", "plastic")
    ),
    ObjectClass("bicycle", _bicycle, _WORKSHOP, materials=("paint", "metal")),
    ObjectClass(
        "bucket", _bucket, ("workshop", "bathroom"), materials=("metal", "plastic", "striped")
    ),
    ObjectClass(
        "cardboard box",
        _cardboard_box,
        ("workshop", "office", "bedroom"),
        "floor",
        ("brown", "beige"),
        ("paper",),
    ),
    ObjectClass(
        "baseball bat", _baseball_bat, ("bedroom", "workshop"), materials=("wood", "paint")
    ),
    ObjectClass("stool", _stool, ("kitchen", "workshop"), materials=_WOODWORK),
)
