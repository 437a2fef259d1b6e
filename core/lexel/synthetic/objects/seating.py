"""Things to sit on."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from lexel.synthetic.model import Model, ObjectClass, Shelf, centred
from lexel.synthetic.objects.forms import WOODWORK, four, round_legs
from lexel.synthetic.shapes import box, cylinder, ellipsoid, prism, rounded_rectangle, torus, tube

_LIVING = ("living room",)
_CLOTH = ("fabric", "leather", "striped", "checked", "dotted")
_LIVED_IN = ("living room", "bedroom")
_OFFICE = ("office",)


def _upholstered(rng: Generator, seats: int) -> Model:
    """A sofa, or an arm chair when it has one seat."""
    seat = rng.uniform(0.55, 0.68)
    arm, deep = rng.uniform(0.12, 0.2), rng.uniform(0.82, 0.95)
    width = seats * seat + 2 * arm
    low, sit, back = rng.uniform(0.08, 0.14), rng.uniform(0.4, 0.46), rng.uniform(0.75, 0.95)
    parts = round_legs((deep / 2 - 0.08, width / 2 - 0.08), low, 0.03, "dark wood")
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


def _chair(rng: Generator) -> Model:
    w, seat, tall = rng.uniform(0.4, 0.46), rng.uniform(0.43, 0.47), rng.uniform(0.82, 1.02)
    leg, half = rng.uniform(0.035, 0.05), w / 2
    parts = [box((w, w, 0.04), (0, 0, seat), bevel=0.03)]
    parts += four(half - leg, half - leg, (leg, leg, seat))
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


CLASSES = (
    ObjectClass("sofa", _sofa, _LIVING, "wall side", materials=_CLOTH),
    ObjectClass("arm chair", _arm_chair, _LIVED_IN, "floor", materials=_CLOTH),
    ObjectClass(
        "chair", _chair, ("kitchen", "living room", "bedroom", "office"), materials=WOODWORK
    ),
    ObjectClass("office chair", _office_chair, _OFFICE, materials=("fabric", "leather", "plastic")),
    ObjectClass("stool", _stool, ("kitchen", "workshop"), materials=WOODWORK),
)
