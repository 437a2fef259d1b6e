"""Things to sit or stand at."""

from __future__ import annotations

from numpy.random import Generator

from lexel.synthetic.model import Model, ObjectClass, Shelf, centred
from lexel.synthetic.objects.forms import WOODWORK, four, round_legs
from lexel.synthetic.shapes import box, cylinder, ellipsoid, tube

_LIVING = ("living room",)
_HUES = ("red", "yellow", "blue", "green")
_WORKSHOP = ("workshop",)


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


def _coffee_table(rng: Generator) -> Model:
    z, thick = rng.uniform(0.36, 0.46), rng.uniform(0.03, 0.05)
    if rng.random() < 0.4:
        r = rng.uniform(0.35, 0.48)
        parts = [cylinder(r, thick, (0, 0, z - thick), sides=28)]
        parts += round_legs((r * 0.55, r * 0.55), z - thick, 0.03, "main")
        parts.append(cylinder(r * 0.7, 0.02, (0, 0, z * 0.3)))
        half = (r * 0.68, r * 0.68)
    else:
        x, y = rng.uniform(0.5, 0.65), rng.uniform(0.9, 1.2)
        parts = [box((x, y, thick), (0, 0, z - thick), bevel=0.03)]
        parts += round_legs((x / 2 - 0.06, y / 2 - 0.06), z - thick, 0.035, "main")
        parts.append(box((x - 0.1, y - 0.1, 0.02), (0, 0, z * 0.3)))
        half = (x / 2 - 0.01, y / 2 - 0.01)
    low = (half[0] - 0.08, half[1] - 0.08)
    under = Shelf((-low[0], -low[1]), low, z * 0.3 + 0.02, z * 0.7 - thick - 0.03, "in")
    return Model(parts, [Shelf((-half[0], -half[1]), half, z), under])


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


def _workbench(rng: Generator) -> Model:
    x, y, z = rng.uniform(0.58, 0.7), rng.uniform(1.2, 1.7), rng.uniform(0.82, 0.92)
    parts = [box((x, y, 0.08), (0, 0, z - 0.08))]
    parts += four(x / 2 - 0.06, y / 2 - 0.08, (0.09, 0.09, z - 0.07))
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


CLASSES = (
    ObjectClass(
        "dining table", _dining_table, ("kitchen", "living room"), "floor", materials=WOODWORK
    ),
    ObjectClass("coffee table", _coffee_table, _LIVING, "floor", materials=WOODWORK),
    ObjectClass("desk", _desk, ("office", "bedroom"), "wall side", materials=WOODWORK),
    ObjectClass("workbench", _workbench, _WORKSHOP, "wall side", materials=WOODWORK),
)
