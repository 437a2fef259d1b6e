"""Kitchen counters, and machines that stand in kitchens."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.random import Generator

from lexel.synthetic.model import Model, ObjectClass, Shelf, centred
from lexel.synthetic.objects.forms import WOODWORK
from lexel.synthetic.shapes import (
    Part,
    Vector,
    box,
    cylinder,
    ellipsoid,
    lathe,
    prism,
    rounded_rectangle,
    tube,
)

_KITCHEN = ("kitchen",)
_APPLIANCE = ("paint", "metal", "plastic")


def _sink(depth: float, width: float, height: float, top: str) -> tuple[list[Part], Shelf]:
    """The end of a counter with a basin let into it, centred in y, and the basin's bottom."""
    low, wall = height - 0.17, 0.08
    parts = [box((depth - 0.04, width, low - 0.08), (0, 0, 0.08))]
    side = (depth - 0.44) / 2
    # Around the basin: carcass, worktop (which stands out in front) and metal lining.
    for x, y in ((1, 0), (-1, 0), (0, 1), (0, -1)):
        thick, long = (side, width) if x else (0.4, wall)
        at_x, at_y = x * (0.2 + side / 2), y * (width - wall) / 2
        lip = 0.03 * abs(x)
        parts.append(box((thick, long, height - 0.04 - low), (at_x, at_y, low)))
        over = (at_x + 0.5 * lip * x, at_y, height - 0.04)
        parts.append(box((thick + lip, long, 0.04), over, top))
        rim = (0.03, width - 2 * wall + 0.03) if x else (0.4, 0.03)
        inside = (x * 0.195, y * (width / 2 - wall - 0.005), low)
        parts.append(box((*rim, height - low + 0.012), inside, "metal"))
    parts.append(box((0.4, width - 2 * wall, 0.02), (0, 0, low), "metal"))
    path = [(-0.25, 0, height - 0.01), (-0.25, 0, height + 0.24), (-0.19, 0, height + 0.31)]
    path += [(-0.1, 0, height + 0.31), (-0.05, 0, height + 0.24)]
    parts.append(tube(path, 0.02, "metal"))
    return parts, Shelf((0, 0), (1, 1), low + 0.02, 0.35, "in")


def _knob(at: Vector, radius: float = 0.022, surface: str = "metal") -> Part:
    return cylinder(radius, 0.035, surface=surface, sides=12).turned(90, "y").moved(*at)


def _counter(rng: Generator) -> Model:
    depth, width, height = 0.6, rng.uniform(1.0, 1.9), rng.uniform(0.84, 0.92)
    top = str(rng.choice(["stone", "light wood", "dark wood"]))
    sink = float(rng.choice([0.0, 0.5]))  # width of the end that holds a sink
    end = width / 2 - sink
    body = (depth - 0.04, width - sink, height - 0.12)
    middle = -sink / 2
    parts = [
        box((depth - 0.1, width - 0.02, 0.08), surface="dark"),
        box(body, (0, middle, 0.08)),
        box((depth, width - sink, 0.04), (0.01, middle, height - 0.04), top),
    ]
    shelves = [Shelf((-depth / 2 + 0.03, -width / 2), (depth / 2, end), height)]
    if sink:
        basin, shelf = _sink(depth, sink, height, top)
        parts += [part.moved(y=end + sink / 2) for part in basin]
        shelves.append(replace(shelf, lower=(-0.15, end + 0.1), upper=(0.15, end + 0.4)))
    count = int(rng.integers(2, 5))
    style = str(rng.choice(["doors", "drawers", "doors and drawers", "mixed"]))
    knobs = rng.random() < 0.4
    for n in range(count):
        y = width * ((n + 0.5) / count - 0.5)
        kind = ("drawers", "doors and drawers")[n % 2] if style == "mixed" else style
        cuts = {"doors": [0.0, 1], "drawers": [0, 0.35, 0.7, 1], "doors and drawers": [0, 0.74, 1]}
        for low, high in zip(cuts[kind][:-1], cuts[kind][1:], strict=True):
            z, tall = 0.09 + low * body[2], (high - low) * body[2] - 0.03
            parts.append(box((0.03, width / count - 0.03, tall), (depth / 2 - 0.02, y, z)))
            at = (depth / 2 + 0.01, y, z + tall - 0.07)
            parts.append(_knob(at) if knobs else box((0.04, 0.16, 0.025), at, "metal"))
    return centred(parts, *shelves)


def _cabinet(size: Vector) -> list[Part]:
    """A box that is hollow, closed on all sides."""
    (x, y, z), thick = size, 0.03
    return [
        box((x, y, thick)),
        box((x, y, thick), (0, 0, z - thick)),
        box((thick, y, z), (-x / 2 + thick / 2, 0, 0)),
        box((thick, y, z), (x / 2 - thick / 2, 0, 0)),
        box((x, thick, z), (0, -y / 2 + thick / 2, 0)),
        box((x, thick, z), (0, y / 2 - thick / 2, 0)),
    ]


def _bar(start: Vector, stop: Vector, out: float, radius: float = 0.016) -> Part:
    """A handle between two places of a front that faces +x."""
    a, b = np.array(start, float), np.array(stop, float)
    bend, off = 0.06 * (b - a), np.array([out, 0, 0])
    path = [a, a + bend / 2 + off, a + bend * 2 + off, b - bend * 2 + off, b - bend / 2 + off, b]
    return tube([(float(p[0]), float(p[1]), float(p[2])) for p in path], radius, "metal")


def _fridge(rng: Generator) -> Model:
    x, y, z = rng.uniform(0.58, 0.66), rng.uniform(0.58, 0.72), rng.uniform(1.4, 1.85)
    style = str(rng.choice(["freezer above", "freezer below", "one door", "side by side"]))
    if style == "side by side":
        y, z = rng.uniform(0.84, 0.95), rng.uniform(1.65, 1.85)
    elif style == "one door":
        z = rng.uniform(0.85, 1.4)
    parts = [part.moved(z=0.03) for part in _cabinet((x, y, z - 0.03))]
    parts.append(box((x - 0.04, y - 0.04, 0.03), surface="dark"))
    split = {"freezer above": 0.68, "freezer below": 0.34}.get(style, 1.0)
    split += rng.uniform(-0.03, 0.03) if split < 1 else 0
    side = float(rng.choice([-1, 1]))
    front = x / 2 + 0.045
    columns = 2 if style == "side by side" else 1
    rows = [(0.05, split * z), (split * z, z)] if split < 1 else [(0.05, z)]
    for column in range(columns):
        wide = y / columns
        centre = wide * (column - (columns - 1) / 2)
        edge = side * (wide / 2 - 0.07) if columns == 1 else (0.06 if column else -0.06)
        at = edge if columns > 1 else centre + edge
        for low, high in rows:
            parts.append(box((0.05, wide - 0.015, high - low - 0.02), (x / 2 + 0.02, centre, low)))
            reach = min((high - low) * 0.6, 0.7)
            start = (low + high) / 2 - reach / 2
            parts.append(_bar((front, at, start), (front, at, start + reach), 0.055, 0.02))
    if columns == 2 and rng.random() < 0.7:  # for ice
        parts.append(box((0.03, y * 0.24, 0.3), (front - 0.01, -y * 0.27, z * 0.55), "dark"))
    elif rng.random() < 0.3:  # notes under a magnet
        for colour in ("paper", "yellow"):
            note = box((0.016, 0.12, 0.15), (front, 0, 0), colour)
            parts.append(note.moved(y=rng.uniform(-0.12, 0.12), z=z * rng.uniform(0.72, 0.85)))
    inner = (x / 2 - 0.06, y / 2 - 0.06)
    low_shelf = Shelf((-inner[0], -inner[1]), inner, 0.06, z - 0.1, "in")
    return centred(parts, Shelf((-x / 2, -y / 2), (x / 2, y / 2), z), low_shelf)


def _ring(radius: float, z: float, surface: str) -> Part:
    """A coarser `torus`: a stove has many."""
    turns = np.arange(14) * np.pi / 7
    path = [(radius * float(np.cos(a)), radius * float(np.sin(a)), z) for a in turns]
    return tube(path, 0.012, surface, sides=5, closed=True)


def _burner(style: str, hot: str) -> list[Part]:
    if style == "gas":
        bar = box((0.22, 0.018, 0.018), (0, 0, 0.012), "black")
        flame = cylinder(0.04, 0.014, surface=hot, sides=12)
        return [bar, bar.turned(90), _ring(0.095, 0.018, "black"), flame]
    if style == "coils":
        return [_ring(0.09, 0.008, hot), _ring(0.045, 0.008, hot)]
    return [_ring(0.08, 0.005, hot)]


def _stove(rng: Generator) -> Model:
    x, y, z = 0.6, rng.uniform(0.55, 0.9), rng.uniform(0.84, 0.92)
    style = str(rng.choice(["rings", "coils", "gas"]))
    back = rng.random() < 0.6
    parts = [box((x, y, z - 0.05), (0, 0, 0.05)), box((x - 0.06, y - 0.04, 0.05), surface="dark")]
    parts.append(box((x, y, 0.02), (0, 0, z), "dark" if style == "gas" else "black"))
    ovens = [(0.1, 0.42), (0.46, 0.78)] if rng.random() < 0.35 else [(0.16, 0.78)]
    for low, high in ovens:
        tall = (high - low) * z
        parts.append(box((0.03, y * 0.88, tall), (x / 2 + 0.005, 0, low * z)))
        pane = (0.02, y * 0.66, tall * 0.6)
        parts.append(box(pane, (x / 2 + 0.015, 0, low * z + tall * 0.14), "screen"))
        bar = low * z + tall * 0.88
        parts.append(_bar((x / 2, -y * 0.4, bar), (x / 2, y * 0.4, bar), 0.06))
    on_back = back and rng.random() < 0.5
    knobs = 4 if y < 0.75 else 6
    for n in range(knobs):
        at = (x / 2, y * (n - (knobs - 1) / 2) / (knobs + 0.6), z * 0.87)
        if on_back:
            at = (-x / 2 + 0.045, at[1], z + 0.12)
        parts.append(_knob(at, 0.032, "black"))
    hot = str(rng.choice(["metal", "red"]))
    columns = 2 if y < 0.75 else 3
    for n in range(columns * 2):
        place = (0.15 * (1 if n % 2 else -1) + 0.02, y * (n // 2 - (columns - 1) / 2) / columns)
        parts += [p.moved(*place, z + 0.02) for p in _burner(style, hot)]
    if back:
        parts.append(box((0.06, y, 0.22), (-x / 2 + 0.03, 0, z)))
        if on_back:
            parts.append(box((0.02, y * 0.14, 0.07), (-x / 2 + 0.06, 0, z + 0.09), "screen"))
    top = z + {"rings": 0.037, "coils": 0.04, "gas": 0.05}[style]
    return centred(parts, Shelf((-0.21, -y / 2), (x / 2, y / 2), top))


def _microwave(rng: Generator) -> Model:
    x, y, z = rng.uniform(0.3, 0.38), rng.uniform(0.44, 0.55), rng.uniform(0.25, 0.31)
    style = str(rng.choice(["keys", "dials", "strip"]))
    parts = [box((x, y, z), (0, 0, 0.015), bevel=float(rng.choice([0.012, 0.03])))]
    parts += [
        cylinder(0.02, 0.018, (a * x * 0.36, b * y * 0.4, 0), "black", sides=10)
        for a in (-1, 1)
        for b in (-1, 1)
    ]
    front = x / 2
    if style == "strip":  # keys along the foot, the door opens downwards
        parts.append(box((0.02, y * 0.86, z * 0.58), (front, 0, z * 0.34), "screen"))
        parts.append(box((0.02, y * 0.86, z * 0.16), (front, 0, z * 0.12), "dark"))
        parts.append(box((0.03, y * 0.2, z * 0.1), (front, 0, z * 0.15), "green"))
        bar = z * 0.97
        parts.append(_bar((front, -y * 0.35, bar), (front, y * 0.35, bar), 0.035, 0.013))
    else:
        parts.append(box((0.02, y * 0.62, z * 0.72), (front, -y * 0.14, z * 0.16), "screen"))
        at = y * 0.22
        parts.append(_bar((front, at, z * 0.2), (front, at, z * 0.88), 0.04, 0.013))
        if style == "dials":
            for low in (0.28, 0.62):
                parts.append(_knob((front, y * 0.36, z * (low + 0.08)), z * 0.13, "metal"))
            parts.append(box((0.02, y * 0.16, z * 0.1), (front, y * 0.36, z * 0.88), "green"))
        else:
            parts.append(box((0.02, y * 0.2, z * 0.8), (front, y * 0.37, z * 0.14), "dark"))
            parts.append(box((0.03, y * 0.15, z * 0.16), (front, y * 0.37, z * 0.72), "green"))
            for n in range(6):
                spot = (front, y * (0.33 + 0.08 * (n % 2)), z * (0.2 + 0.16 * (n // 2)))
                parts.append(box((0.035, y * 0.055, z * 0.1), spot, "white"))
    return centred(parts, Shelf((-x / 2, -y / 2), (x / 2, y / 2), z + 0.015))


def _toaster(rng: Generator) -> Model:
    style = str(rng.choice(["two", "long", "four"]))
    long = {"two": rng.uniform(0.26, 0.32), "long": rng.uniform(0.36, 0.42), "four": 0.3}[style]
    wide = {"two": rng.uniform(0.17, 0.22), "long": 0.15, "four": rng.uniform(0.3, 0.35)}[style]
    z = rng.uniform(0.18, 0.22)
    foot, top = 0.02, z + 0.02
    parts = [box((long * 0.9, wide * 0.86, foot + 0.005), surface="dark")]
    if rng.random() < 0.5:  # round shoulders, seen from the end
        body = prism(rounded_rectangle(z, wide, 0.055), long).turned(90, "y")
        parts.append(body.moved(-long / 2, 0, z / 2 + foot))
    else:
        parts.append(box((long, wide, z), (0, 0, foot), bevel=0.05))
    slots = {"two": (-0.2, 0.2), "long": (0.0,), "four": (-0.34, -0.14, 0.14, 0.34)}[style]
    up = rng.random() < 0.75
    for slot in slots:
        parts.append(box((long * 0.72, 0.04, 0.02), (0, slot * wide, top - 0.012), "black"))
        for place in (-0.19, 0.19) if style == "long" else (0.0,):
            if not up or rng.random() < 0.2:
                continue
            tall = rng.uniform(0.07, 0.11)
            slice_ = box((0.12, 0.024, tall), (place * long, slot * wide, top - 0.02), "bread")
            parts.append(slice_)
    for slot in (-0.24, 0.24) if style == "four" else (0.0,):
        lift = float(rng.uniform(0.5, 0.72))
        parts.append(box((0.05, 0.05, 0.028), (long / 2 + 0.015, slot * wide, top * lift), "black"))
        parts.append(_knob((long / 2 - 0.005, slot * wide, top * 0.28), 0.024))
    return centred(parts)


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


CLASSES = (
    ObjectClass("kitchen counter", _counter, _KITCHEN, "wall side", materials=WOODWORK),
    ObjectClass("fridge", _fridge, _KITCHEN, "wall side", materials=_APPLIANCE),
    ObjectClass("stove", _stove, _KITCHEN, "wall side", materials=_APPLIANCE),
    ObjectClass("microwave", _microwave, _KITCHEN, "surface", materials=_APPLIANCE),
    ObjectClass("toaster", _toaster, _KITCHEN, "surface", materials=_APPLIANCE),
    ObjectClass("kettle", _kettle, _KITCHEN, "surface", materials=_APPLIANCE),
)
