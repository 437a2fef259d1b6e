"""Clocks."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from lexel.synthetic.model import Model, ObjectClass, centred
from lexel.synthetic.objects.forms import across, ball, facing, pick
from lexel.synthetic.shapes import (
    Part,
    Vector,
    box,
    cylinder,
    lathe,
    prism,
    rounded_rectangle,
    torus,
    tube,
)


def _dial(radius: float, at: Vector, rng: Generator) -> list[Part]:
    """A clock face looking to +x, with hands."""
    face = facing(cylinder(radius, 0.006, surface="white", sides=24))
    parts = [face]
    for i in range(12):
        bold = i % 3 == 0
        mark = box(
            (0.006, radius * (0.12 if bold else 0.06), radius * 0.18), (0.005, 0, 0), "black"
        )
        parts.append(mark.moved(z=radius * 0.74).turned(30 * i, "x"))
    for long, wide, turn in ((0.5, 0.16, 30.0), (0.75, 0.11, 6.0)):
        hand = box((0.006, radius * wide, radius * long), (0.009, 0, 0), "black")
        parts.append(hand.turned(turn * int(rng.integers(1, 60)), "x"))
    parts.append(facing(cylinder(radius * 0.12, 0.014, surface="red", sides=10)))
    return [part.moved(*at) for part in parts]


def _alarm_clock(rng: Generator) -> Model:
    r, deep = rng.uniform(0.055, 0.075), rng.uniform(0.045, 0.065)
    if rng.random() < 0.6:
        leg = rng.uniform(0.02, 0.035)
        z = r + leg
        bells = pick(rng, "main", "brass", "metal")
        parts = [facing(cylinder(r, deep, sides=24)).moved(-deep / 2, 0, z)]
        parts.append(facing(torus(r, 0.009, surface=bells)).moved(deep / 2, 0, z))
        parts += _dial(r * 0.93, (deep / 2, 0, z), rng)
        for side in (-1, 1):
            size = r * rng.uniform(0.5, 0.6)
            angles = np.linspace(0, np.pi / 2, 5)
            dome = lathe([(size * np.cos(a), size * np.sin(a)) for a in angles], bells, 14)
            lean, lift = -side * 35, cylinder(0.008, 0.03, surface="metal", sides=8)
            parts.append(dome.moved(z=r + 0.012).turned(lean, "x").moved(z=z))
            parts.append(lift.moved(z=r - 0.008).turned(lean, "x").moved(z=z))
            foot = (0.0, side * r * 0.85, 0.0)
            parts.append(tube([foot, (0, side * r * 0.55, z - r * 0.7)], [0.008, 0.012], bells))
            parts.append(ball((0.011, 0.011, 0.011), (0, side * r * 0.85, 0.006), bells, 8))
        parts.append(box((0.012, 0.012, r * 0.4), (0, 0, z + r - 0.01), "metal"))
        parts.append(box((0.016, 0.04, 0.02), (0, 0, z + r * 1.3), "metal"))
        if rng.random() < 0.7:
            angle = np.linspace(0, np.pi, 9)
            path = [(0.0, r * 0.62 * np.cos(a), z + r * (1.55 + 0.5 * np.sin(a))) for a in angle]
            parts.append(tube(path, 0.008, "metal", 8))
        return centred(parts)
    wide, high = r * rng.uniform(2.3, 3.0), r * rng.uniform(2.3, 2.6)
    shape = pick(rng, "box", "arch", "wedge")
    if shape == "arch":
        angle = np.linspace(0, np.pi, 11)
        arch = [(wide / 2 * np.cos(a), high * 0.5 + wide / 2 * np.sin(a)) for a in angle]
        outline = [(-wide / 2, 0.0), (wide / 2, 0.0), *arch]
        parts = [facing(prism(outline, deep)).moved(-deep / 2)]
    elif shape == "wedge":
        slope = [(-deep, 0.0), (deep / 2, 0.0), (deep / 2, high), (-deep / 4, high)]
        parts = [across(slope, wide)]
    else:
        slab = facing(prism(rounded_rectangle(wide, high, 0.02), deep))
        parts = [slab.moved(-deep / 2, 0, high / 2)]
    parts.append(facing(torus(r, 0.007, surface="dark metal")).moved(deep / 2, 0, high / 2))
    parts += _dial(r * 0.95, (deep / 2, 0, high / 2), rng)
    crown = high * 0.5 + wide / 2 if shape == "arch" else high
    button = pick(rng, "red", "black", "yellow")
    parts.append(box((0.025, wide * 0.4, 0.02), (0.0, 0, crown - 0.006), button))
    for side in (-1, 1):
        foot = (0.0, side * wide * 0.35, -0.012)
        parts.append(box((deep, 0.02, 0.016), foot, "dark"))
    return centred(parts)


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


CLASSES = (
    ObjectClass(
        "alarm clock",
        _alarm_clock,
        ("bedroom",),
        "surface",
        materials=("plastic", "paint", "metal"),
    ),
    ObjectClass(
        "wall clock", _wall_clock, ("kitchen", "living room", "office"), "wall", height_m=(1.5, 1.9)
    ),
)
