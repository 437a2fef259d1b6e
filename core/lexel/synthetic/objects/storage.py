"""Furniture that holds other things."""

from __future__ import annotations

import itertools

import numpy as np
from numpy.random import Generator

from lexel.synthetic.model import Model, ObjectClass, Shelf, centred
from lexel.synthetic.objects.forms import (
    METALS,
    WOODWORK,
    drawer_pull,
    four,
    pick,
    round_legs,
    styled_legs,
)
from lexel.synthetic.shapes import Part, Vector, box, cylinder, ellipsoid, tube

_LIVING = ("living room",)
_HUES = ("red", "yellow", "blue", "green", "white", "dark")
_OFFICE = ("office",)
_APPLIANCE = ("plastic", "metal", "paint")


def _tv_stand(rng: Generator) -> Model:
    x, y, z = rng.uniform(0.38, 0.48), rng.uniform(1.1, 1.7), rng.uniform(0.42, 0.56)
    low, t = 0.07, 0.03
    parts = round_legs((x / 2 - 0.05, y / 2 - 0.08), low, 0.025, "dark")
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


def _chest(rng: Generator, size: Vector, rows: int, columns: int, lift: float) -> list[Part]:
    """Drawers in a carcass standing at z = lift."""
    depth, width, height = size
    front = pick(rng, "main", "main", "white", "light wood", "dark wood")
    pull, metal = pick(rng, "knob", "bar", "bow"), pick(rng, *METALS, "black")
    parts = [box((depth, width, height), (0, 0, lift))]
    steps = np.linspace(1.0, rng.uniform(1.0, 1.6), rows)[::-1]
    edges = lift + 0.015 + np.concatenate([[0], np.cumsum(steps)]) / steps.sum() * (height - 0.03)
    step = (width - 0.03) / columns
    for low, high in itertools.pairwise(edges):
        for j in range(columns):
            y = -width / 2 + 0.015 + (j + 0.5) * step
            panel = (0.02, step - 0.025, float(high - low) - 0.025)
            parts.append(box(panel, (depth / 2 + 0.01, y, float(low) + 0.012), front))
            x, z = depth / 2 + 0.02, float(low + high) / 2
            if pull == "knob" and step > 0.45:
                parts += drawer_pull(pull, (x, y - step / 4, z), 0, metal)
                parts += drawer_pull(pull, (x, y + step / 4, z), 0, metal)
            else:
                parts += drawer_pull(pull, (x, y, z), min(0.22, step * 0.45), metal)
    return parts


def _dresser(rng: Generator) -> Model:
    tall = rng.random() < 0.4
    width = rng.uniform(0.6, 0.8) if tall else rng.uniform(1.0, 1.6)
    height = rng.uniform(1.0, 1.3) if tall else rng.uniform(0.7, 0.9)
    depth, columns = rng.uniform(0.4, 0.55), 1 if tall else int(rng.integers(2, 4))
    rows = int(rng.integers(4, 7)) if tall else int(rng.integers(3, 5))
    lift = rng.uniform(0.06, 0.2)
    parts = _chest(rng, (depth, width, height - lift), rows, columns, lift)
    base = pick(rng, "square", "splayed", "turned", "plinth")
    if base == "plinth":
        parts.append(box((depth - 0.06, width - 0.06, lift), (-0.02, 0, 0), "dark"))
    else:
        leg = pick(rng, "main", "dark wood", "wood")
        parts += styled_legs(depth / 2 - 0.05, width / 2 - 0.05, lift + 0.01, 0.06, base, leg)
    over = rng.uniform(0.0, 0.03)
    parts.append(box((depth + 2 * over, width + 2 * over, 0.03), (0, 0, height)))
    if rng.random() < 0.25:
        parts.append(box((0.025, width, 0.12), (-depth / 2 + 0.012, 0, height + 0.03)))
    x, y = depth / 2 - 0.04, width / 2 - 0.02
    return centred(parts, Shelf((-x, -y), (x, y), height + 0.03))


def _nightstand(rng: Generator) -> Model:
    width, depth = rng.uniform(0.4, 0.58), rng.uniform(0.36, 0.45)
    height, wall = rng.uniform(0.45, 0.65), 0.022
    x, y, top = depth / 2, width / 2, height - 0.025
    style = pick(rng, "drawers", "niche", "table", "round")
    legs = pick(rng, "square", "splayed", "turned")
    shelves = [Shelf((-x + 0.02, -y + 0.02), (x - 0.02, y - 0.02), height)]
    slab = box((depth + 0.03, width + 0.03, 0.025), (0, 0, top))
    if style == "drawers":
        lift = rng.uniform(0.05, 0.2)
        parts = _chest(rng, (depth, width, top - lift), int(rng.integers(2, 4)), 1, lift)
        parts += [slab, *styled_legs(x - 0.04, y - 0.04, lift + 0.01, 0.05, legs, "dark wood")]
    elif style == "niche":
        lift, split = rng.uniform(0.04, 0.15), height * rng.uniform(0.5, 0.62)
        parts = _chest(rng, (depth, width, top - split), 1, 1, split)
        for side in (-1, 1):
            parts.append(box((depth, wall, split - lift), (0, side * (y - wall / 2), lift)))
        parts.append(box((wall, width, split - lift), (-x + wall / 2, 0, lift)))
        parts += [slab, box((depth, width, wall), (0, 0, lift))]
        parts += styled_legs(x - 0.04, y - 0.04, lift + 0.01, 0.05, legs, "dark wood")
        floor = lift + wall
        inside = Shelf((-x + 0.04, -y + 0.04), (x - 0.01, y - 0.04), floor, split - floor, "in")
        shelves.append(inside)
    elif style == "table":
        low, split = rng.uniform(0.1, 0.16), top - rng.uniform(0.12, 0.17)
        parts = _chest(rng, (depth, width, top - split), 1, 1, split)
        parts += [slab, *styled_legs(x - 0.025, y - 0.025, split + 0.01, 0.045, "square", "main")]
        parts.append(box((depth - 0.02, width - 0.02, 0.02), (0, 0, low)))
        inside = Shelf(
            (-x + 0.06, -y + 0.06), (x - 0.06, y - 0.06), low + 0.02, split - low - 0.02, "in"
        )
        shelves.append(inside)
    else:
        r = width / 2
        split = height * rng.uniform(0.25, 0.4)
        parts = [cylinder(r, top - split, (0, 0, split), sides=24)]
        parts.append(cylinder(r + 0.015, 0.025, (0, 0, top), sides=24))
        parts.append(box((0.05, r * 1.1, top - split - 0.06), (r * 0.9, 0, split + 0.03), "white"))
        parts += drawer_pull("knob", (r * 0.9 + 0.025, 0, (top + split) / 2), 0, "brass")
        parts += styled_legs(r * 0.6, r * 0.6, split + 0.01, 0.05, legs, "dark wood")
        half = r * 0.68
        shelves = [Shelf((-half, -half), (half, half), height)]
    return centred(parts, *shelves)


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


def _safe(rng: Generator) -> Model:
    x, y, z = rng.uniform(0.36, 0.44), rng.uniform(0.38, 0.48), rng.uniform(0.4, 0.56)
    front = x / 2
    parts = [
        box((x, y, z), (0, 0, 0.03)),
        *four(x / 2 - 0.05, y / 2 - 0.05, (0.07, 0.07, 0.03), "black"),
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


CLASSES = (
    ObjectClass("tv stand", _tv_stand, _LIVING, "wall side", materials=WOODWORK),
    ObjectClass(
        "bookcase",
        _bookcase,
        ("living room", "office", "bedroom"),
        "wall side",
        materials=WOODWORK,
    ),
    ObjectClass("dresser", _dresser, ("bedroom",), "wall side", materials=WOODWORK),
    ObjectClass("nightstand", _nightstand, ("bedroom",), "wall side", materials=WOODWORK),
    ObjectClass("filing cabinet", _filing_cabinet, _OFFICE, "wall side", materials=_APPLIANCE),
    ObjectClass("safe", _safe, ("office", "workshop"), materials=("metal", "paint")),
)
