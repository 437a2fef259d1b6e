"""What one cooks in, eats from and pours from."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from lexel.synthetic.model import Model, ObjectClass, Shelf, centred
from lexel.synthetic.shapes import (
    Part,
    Point2,
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
_KITCHEN = ("kitchen",)
_CROCKERY = ("ceramic", "dotted", "paint")
_ARCH = np.linspace(0, np.pi, 9)


def _hollow(r: float, z: float, flare: float, wall: float = _WALL_M) -> Part:
    """A vessel of radius `r` at its base and `r · flare` at its rim."""
    rim = r * flare
    return lathe([(r, 0), (rim, z), (rim - wall, z), (r - wall, wall)])


def _bottom(r: float) -> Shelf:
    half = (r - _WALL_M) * 0.7
    return Shelf((-half, -half), (half, half), _WALL_M, relation="in")


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
    return centred(parts, *([] if egg else [free]))


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
    return centred(parts)


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
    return centred(parts)


CLASSES = (
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
    ObjectClass("teapot", _teapot, _KITCHEN, "surface", materials=_CROCKERY),
    ObjectClass("knife block", _knife_block, _KITCHEN, "surface", materials=("wood", "paint")),
)
