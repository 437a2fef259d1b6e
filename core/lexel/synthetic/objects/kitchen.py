"""Things of the kitchen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.random import Generator

from lexel.synthetic.model import Model, ObjectClass, Shelf, centred
from lexel.synthetic.shapes import (
    Part,
    Point2,
    Vector,
    box,
    cylinder,
    ellipsoid,
    lathe,
    prism,
    rounded_rectangle,
    tapered,
    tube,
)

_WALL_M = 0.018
_ARCH = np.linspace(0, np.pi, 9)
_HALF_TURN = np.linspace(-0.2, np.pi + 0.2, 9)
_CROCKERY = ("ceramic", "dotted", "paint")
_APPLIANCE = ("paint", "metal", "plastic")


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
    return _centred(parts, shelves)


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
    return _centred(parts, [Shelf((-x / 2, -y / 2), (x / 2, y / 2), z), low_shelf])


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
    return _centred(parts, [Shelf((-0.21, -y / 2), (x / 2, y / 2), top)])


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
    return _centred(parts, [Shelf((-x / 2, -y / 2), (x / 2, y / 2), z + 0.015)])


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
    return _centred(parts)


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
    r, z = rng.uniform(0.12, 0.16), rng.uniform(0.04, 0.055)
    style = str(rng.choice(["frying", "straight", "grill", "wok"]))
    grip = str(rng.choice(["black", "wood", "dark metal"]))
    inside = 0.016
    if style == "grill":
        outer = rounded_rectangle(2 * r, 2 * r, 0.04)
        inner = rounded_rectangle(2 * r - 0.036, 2 * r - 0.036, 0.03)
        parts = [_tray(outer, inner, z, inside)]
        for n in range(5):
            rib = (2 * r - 0.08, 0.016, 0.012)
            parts.append(box(rib, (0, (n - 2) * r * 0.32, inside - 0.002), "dark"))
    else:
        if style == "wok":
            z, bottom = rng.uniform(0.08, 0.1), [(r * 0.3, 0), (r * 0.75, z * 0.4)]
            hollow = [(r * 0.7, z * 0.48), (r * 0.3, inside)]
        else:
            low = 0.78 if style == "frying" else 0.98
            z += 0.02 if style == "straight" else 0
            bottom, hollow = [(r * low, 0)], [(r * low - 0.016, inside)]
        parts = [lathe([*bottom, (r, z), (r - 0.016, z), *hollow], sides=24)]
        if style != "wok" and rng.random() < 0.5:
            parts.append(cylinder(r * 0.7, 0.008, (0, 0, inside - 0.004), "dark", sides=24))
    egg = style == "frying" and rng.random() < 0.5
    if egg:
        parts.append(cylinder(r * 0.48, 0.016, (0.01, 0.02, inside - 0.004), "white"))
        parts.append(ellipsoid((0.03, 0.03, 0.022), (0.01, 0.02, inside + 0.012), "yellow", 12))
    reach = rng.uniform(0.17, 0.23)
    handle = [(r * 0.96, 0, z * 0.75), (r + reach * 0.5, 0, z + 0.02), (r + reach, 0, z + 0.03)]
    parts.append(tube(handle, [0.014, 0.018, 0.021], grip))
    if style == "straight":
        ear = [(-r + 0.005, -0.05, z * 0.8), (-r - 0.04, -0.035, z * 0.8)]
        parts.append(tube([*ear, *((x, -y, h) for x, y, h in ear[::-1])], 0.012, grip))
    half = r * (0.25 if style == "wok" else 0.52)
    free = Shelf((-half, -half), (half, half), 0.03 if style == "grill" else 0.022, None, "in")
    return _centred(parts, [] if egg else [free])


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
    r, z = rng.uniform(0.09, 0.15), rng.uniform(0.065, 0.1)
    style = str(rng.choice(["flared", "round", "footed", "square"]))
    base = 0.02
    if style == "square":
        outer = rounded_rectangle(1.7 * r, 1.7 * r, 0.05)
        parts = [_tray(outer, rounded_rectangle(1.7 * r - 0.03, 1.7 * r - 0.03, 0.04), z, base)]
    elif style == "flared":
        outer = [(r * 0.45, 0), (r * 0.8, z * 0.4), (r, z)]
        parts = [lathe([*outer, (r - 0.015, z), (r * 0.74, z * 0.45), (r * 0.4, base)], sides=24)]
    else:
        foot = 0.025 if style == "footed" else 0.0
        base, turns = foot + 0.02, np.linspace(0.35, 1, 6) * np.pi / 2
        outer = [(r * np.sin(a), foot + z * (1 - np.cos(a))) for a in turns]
        inner = [
            ((r - 0.015) * np.sin(a), base + (z + foot - base) * (1 - np.cos(a)))
            for a in (turns - turns[0]) * (np.pi / 2) / (np.pi / 2 - turns[0])
        ]
        stem = [(r * 0.5, 0.0), (r * 0.36, foot)] if style == "footed" else []
        parts = [lathe([*stem, *outer, *inner[::-1]], sides=24)]
        parts = [parts[0].moved(z=-float(parts[0].vertices[:, 2].min()))]
        base -= 0.0 if style == "footed" else float(outer[0][1])
    if rng.random() < 0.3:
        size = min(0.4 * r, 0.048)
        for a in np.arange(3) * 2.1:
            at = (r * 0.37 * np.cos(a), r * 0.37 * np.sin(a), base + size * 0.95)
            fruit = str(rng.choice(["red", "green", "yellow"]))
            parts.append(ellipsoid((size, size, size), at, fruit, 14))
        return Model(parts)
    half = r * 0.28
    return Model(parts, [Shelf((-half, -half), (half, half), base + 0.004, relation="in")])


def _plate(rng: Generator) -> Model:
    r = rng.uniform(0.11, 0.15)
    style = str(rng.choice(["flat", "flat", "deep", "square"]))
    count = 1 if style == "square" else int(rng.choice([1, 1, 3, 5]))
    step = 0.014
    if style == "square":
        outer = rounded_rectangle(1.8 * r, 1.8 * r, 0.03)
        one = _tray(outer, rounded_rectangle(1.8 * r - 0.05, 1.8 * r - 0.05, 0.02), 0.026, 0.015)
        well = 0.015
    else:
        rise, well = (0.04, 0.016) if style == "deep" else (0.022, 0.014)
        profile = [(r * 0.55, 0), (r, rise), (r, rise + 0.007), (r * 0.62, well)]
        one = lathe(profile, sides=28)
    parts = [one.moved(z=step * n) for n in range(count)]
    top = well + step * (count - 1)
    if rng.random() < 0.5:
        parts.append(cylinder(r * 0.54, 0.006, (0, 0, top - 0.002), "ceramic", sides=28))
    half = r * 0.38
    return Model(parts, [Shelf((-half, -half), (half, half), top + 0.006)])


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
    long, wide, high = rng.uniform(0.2, 0.3), rng.uniform(0.1, 0.13), rng.uniform(0.1, 0.13)
    style = str(rng.choice(["tin", "oval", "stick", "sliced"]))
    if style in ("tin", "sliced"):
        side = [(-0.42, 0.0), (0.42, 0.0), (0.44, 0.55)]
        side += [(0.5 * float(np.cos(a)), 0.72 + 0.28 * float(np.sin(a))) for a in _HALF_TURN]
        outline = [(wide * a, high * b) for a, b in [*side, (-0.44, 0.55)]]
        cut = rng.uniform(0.45, 0.65) * long if style == "sliced" else long
        loaf = prism(outline, cut, "bread").turned(90, "x").moved(y=cut)
        parts = [loaf.scaled(0.99, 1, 0.99), *_crown(outline, cut)]
        for n in range(3 if style == "sliced" else 0):  # slices lean off the cut, crumb outwards
            slice_ = prism(outline, 0.02, "bread").turned(90 + 9 * (n + 1), "x")
            crumb = prism([(a * 0.86, b * 0.88 + 0.007) for a, b in outline], 0.004, "paper")
            face = crumb.turned(90 + 9 * (n + 1), "x").moved(y=0.003)
            at = cut + 0.026 * (n + 1)
            parts += [slice_.moved(y=at), face.moved(y=at)]
        return _centred(parts)
    if style == "stick":
        long, wide, high = rng.uniform(0.4, 0.55), rng.uniform(0.065, 0.08), 0.06
    parts = [ellipsoid((wide / 2, long / 2, high / 2), (0, 0, high / 2), "bread")]
    cuts = 5 if style == "stick" else 3
    for n in range(cuts):
        y = long * 0.62 * (n / (cuts - 1) - 0.5)
        rise = high * (0.5 + 0.5 * float(np.sqrt(1 - (2 * y / long) ** 2)))
        slash = ellipsoid((wide * 0.36, 0.013, 0.012), surface="light wood", sides=12)
        parts.append(slash.turned(25).moved(0, y, rise - 0.008))
    return _centred(parts)


def _teapot(rng: Generator) -> Model:
    r, tall = rng.uniform(0.08, 0.1), rng.uniform(0.65, 1.0)
    style = str(rng.choice(["ball", "barrel", "faceted"]))
    h = 2 * r * tall
    if style == "barrel":
        h *= 0.85
        body = [(0.8 * r, 0.0), (r, 0.12 * h), (r, 0.75 * h), (0.8 * r, 0.94 * h), (0.5 * r, h)]
    else:
        turns = np.linspace(-0.37, 0.37, 9) * np.pi
        body = [(r * float(np.cos(a)), h * (0.5 + 0.545 * float(np.sin(a)))) for a in turns]
    parts = [lathe(body, sides=8 if style == "faceted" else 24)]
    parts.append(lathe([(0.5 * r, h - 0.015), (0.46 * r, h + 0.012), (0.12 * r, h + 0.03)]))
    parts.append(ellipsoid((0.02, 0.02, 0.02), (0, 0, h + 0.042), sides=12))
    parts = [part.moved(z=0.012) for part in parts]
    parts.append(cylinder(0.55 * r, 0.03))
    spout = [(0.6 * r, 0, 0.3 * h), (1.25 * r, 0, 0.42 * h), (1.5 * r, 0, 0.7 * h)]
    parts.append(tube([*spout, (1.9 * r, 0, 0.98 * h)], [0.32 * r, 0.26 * r, 0.19 * r, 0.15 * r]))
    out, high = rng.uniform(0.9, 1.2), rng.uniform(0.26, 0.33)
    turned = [(float(np.sin(a)), float(np.cos(a))) for a in _ARCH]
    ear = [(-0.7 - out * a, 0.53 + high * b) for a, b in turned]
    parts.append(tube([(r * a, 0.0, h * b) for a, b in ear], 0.014))
    return _centred(parts)


def _knife_block(rng: Generator) -> Model:
    x, y, z = rng.uniform(0.12, 0.15), rng.uniform(0.1, 0.13), rng.uniform(0.17, 0.21)
    style = str(rng.choice(["leaning", "wedge", "round", "steps"]))
    grip = str(rng.choice(["black", "dark wood", "red"]))
    lean = 0.0 if style == "round" else -20.0
    spots = [(row, n) for row in (-1, 1) for n in (-1, 0, 1)]
    if style == "round":
        parts = [cylinder(y * 0.6, z, sides=24)]
        places = [(0.4 * x * np.cos(a), 0.4 * x * np.sin(a), z) for a in np.arange(5) * 1.257]
    elif style == "wedge":  # upright at the back, the sloping face holds the knives
        side = [(-x / 2, 0.0), (x / 2, 0.0), (x / 2, z * 0.45), (-x * 0.1, z), (-x / 2, z)]
        parts = [prism(side, y).turned(90, "x").moved(y=y / 2)]
        lean = 42.0
        rows = {row: (x * (0.2 + row * 0.13), z * (0.725 - row * 0.12)) for row in (-1, 1)}
        places = [(rows[row][0], n * y / 3.2, rows[row][1]) for row, n in spots]
    else:
        lower = [(-x / 2, -y / 2), (x / 2, -y / 2), (x / 2, y / 2), (-x / 2, y / 2)]
        parts = [tapered(lower, [(a - 0.07, b) for a, b in lower], z)]
        places = [(-0.07 + row * x * 0.25, n * y / 3.2, z) for row, n in spots]
        if style == "steps":
            front = tapered(
                [(a * 0.5 + x * 0.72, b) for a, b in lower],
                [(a * 0.5 + x * 0.72 - 0.042, b) for a, b in lower],
                z * 0.6,
            )
            parts.append(front)
            places = [(-0.07, n * y / 3.2, z) for _, n in spots[:3]]
            places += [(x * 0.72 - 0.042, n * y / 3.2, z * 0.6) for _, n in spots[:3]]
    for at in places[: int(rng.integers(4, len(places) + 1))]:
        handle = [box((0.026, 0.02, rng.uniform(0.08, 0.12)), (0, 0, 0.012), grip)]
        handle.append(box((0.02, 0.016, 0.035), (0, 0, -0.015), "metal"))
        spot = (float(at[0]), float(at[1]), float(at[2]))
        parts += [piece.turned(lean, "y").moved(*spot) for piece in handle]
    return _centred(parts)


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


def _bar(start: Vector, stop: Vector, out: float, radius: float = 0.016) -> Part:
    """A handle between two places of a front that faces +x."""
    a, b = np.array(start, float), np.array(stop, float)
    bend, off = 0.06 * (b - a), np.array([out, 0, 0])
    path = [a, a + bend / 2 + off, a + bend * 2 + off, b - bend * 2 + off, b - bend / 2 + off, b]
    return tube([(float(p[0]), float(p[1]), float(p[2])) for p in path], radius, "metal")


def _burner(style: str, hot: str) -> list[Part]:
    if style == "gas":
        bar = box((0.22, 0.018, 0.018), (0, 0, 0.012), "black")
        flame = cylinder(0.04, 0.014, surface=hot, sides=12)
        return [bar, bar.turned(90), _ring(0.095, 0.018, "black"), flame]
    if style == "coils":
        return [_ring(0.09, 0.008, hot), _ring(0.045, 0.008, hot)]
    return [_ring(0.08, 0.005, hot)]


def _ring(radius: float, z: float, surface: str) -> Part:
    """A coarser `torus`: a stove has many."""
    turns = np.arange(14) * np.pi / 7
    path = [(radius * float(np.cos(a)), radius * float(np.sin(a)), z) for a in turns]
    return tube(path, 0.012, surface, sides=5, closed=True)


def _tray(outer: list[Point2], inner: list[Point2], height: float, floor: float) -> Part:
    """A dish between two outlines of equally many points, hollow from above."""
    low, high = prism(outer, height), prism(inner, height - floor).moved(z=floor)
    n = len(outer)
    # Up outside and down inside, as `lathe` does: both walls, the rim and the two floors.
    i, j = np.arange(n), (np.arange(n) + 1) % n
    walls = [low.triangles[: 2 * n], high.triangles[: 2 * n, ::-1] + 2 * n]
    a, b = n, 3 * n
    rim = [np.stack([a + i, a + j, b + j], 1), np.stack([a + i, b + j, b + i], 1)]
    under, over = np.full(n, 4 * n), np.full(n, 4 * n + 1)
    floors = [np.stack([under, j, i], 1), np.stack([over, 2 * n + i, 2 * n + j], 1)]
    points = [low.vertices[: 2 * n], high.vertices[: 2 * n], np.array([[0, 0, 0], [0, 0, floor]])]
    return Part(np.concatenate(points), np.concatenate([*walls, *rim, *floors]))


def _crown(outline: list[Point2], length: float) -> list[Part]:
    """The dark crust over the upper part of a loaf."""
    low = 0.7 * max(z for _, z in outline)
    top = [(x, z) for x, z in outline if z >= low]
    return [prism(top, length + 0.004).turned(90, "x").moved(y=length + 0.002)]


def _centred(parts: list[Part], shelves: Sequence[Shelf] = ()) -> Model:
    lower, upper = Model(parts).bounds
    x, y = (float(v) for v in -(lower[:2] + upper[:2]) / 2)
    z = -float(lower[2])
    moved = [
        replace(
            shelf,
            lower=(shelf.lower[0] + x, shelf.lower[1] + y),
            upper=(shelf.upper[0] + x, shelf.upper[1] + y),
            z=shelf.z + z,
        )
        for shelf in shelves
    ]
    return Model([part.moved(x, y, z) for part in parts], moved)


_KITCHEN = ("kitchen",)
_WOODWORK = ("wood", "paint", "planks")
CLASSES: tuple[ObjectClass, ...] = (
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
    ObjectClass("banana", _banana, _KITCHEN, "surface", ("yellow",), ("paint", "plastic")),
    ObjectClass("apple", _apple, _KITCHEN, "surface", ("red", "green", "yellow")),
    ObjectClass("bread", _bread, _KITCHEN, "surface", ("brown",), ("stone",)),
    ObjectClass("teapot", _teapot, _KITCHEN, "surface", materials=_CROCKERY),
    ObjectClass("knife block", _knife_block, _KITCHEN, "surface", materials=("wood", "paint")),
    ObjectClass(
        "dining table", _dining_table, ("kitchen", "living room"), "floor", materials=_WOODWORK
    ),
)
