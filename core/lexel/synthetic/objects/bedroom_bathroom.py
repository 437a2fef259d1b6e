"""Things of bedrooms and bathrooms."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from lexel.synthetic.model import Model, ObjectClass, Shelf
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
    torus,
    tube,
)

Outline = NDArray[np.float64]
_WOODS = ("wood", "dark wood", "light wood", "white")
_METALS = ("metal", "dark metal", "brass")


def _pick(rng: np.random.Generator, *options: str) -> str:
    return options[int(rng.integers(len(options)))]


def _oval(
    half_x: float, half_y: float, power: float = 2.0, x: float = 0.0, sides: int = 32
) -> Outline:
    """A superellipse [S, 2]: an ellipse at power 2, nearly a rectangle from 12 on."""
    angle = np.arange(sides) * 2 * np.pi / sides
    c, s = np.cos(angle), np.sin(angle)
    r = (np.abs(c) ** power + np.abs(s) ** power) ** (-1 / power)
    return np.stack([x + half_x * r * c, half_y * r * s], 1)


def _stack(rings: Sequence[tuple[Outline, float]], surface: str = "main") -> Part:
    """A skin over outlines at heights; going up outside and down inside makes a vessel."""
    sides = len(rings[0][0])
    part = lathe([(1.0, z) for _, z in rings], surface, sides)
    flat = [np.column_stack([o, np.full(sides, z)]) for o, z in rings]
    ends = [flat[0].mean(0, keepdims=True), flat[-1].mean(0, keepdims=True)]
    return replace(part, vertices=np.concatenate([*flat, *ends]))


def _facing(part: Part) -> Part:
    """What lay flat stands up and looks towards +x: (x, y, z) becomes (z, x, y)."""
    return part.turned(90, "y").turned(90, "x")


def _across(outline: Sequence[Point2], width: float, surface: str = "main") -> Part:
    """A side view (x, z) stretched along y, about y = 0."""
    return prism(outline, width, surface).turned(90, "x").moved(y=width / 2)


def _rod(start: Vector, end: Vector, radius: float, surface: str = "main", sides: int = 8) -> Part:
    return tube([start, end], radius, surface, sides)


def _ball(radii: Vector, centre: Vector, surface: str = "main", sides: int = 10) -> Part:
    return ellipsoid(radii, centre, surface, sides)


def _cushion(size: Vector, centre: Vector, surface: str = "main") -> Part:
    levels = [(0.6, -0.5), (0.93, -0.25), (1.0, 0.0), (0.93, 0.25), (0.6, 0.5)]
    rings = [(_oval(size[0] / 2 * r, size[1] / 2 * r, 4, sides=16), size[2] * z) for r, z in levels]
    return _stack(rings, surface).moved(*centre)


def _mirrored(part: Part) -> Part:
    """Left and right swapped."""
    return replace(
        part, vertices=part.vertices * np.array([1, -1, 1]), triangles=part.triangles[:, ::-1]
    )


def _bounds(parts: Sequence[Part]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return Model(parts).bounds


def _placed(parts: Sequence[Part], x: float, y: float, z: float, shelves: Sequence[Shelf]) -> Model:
    moved = [
        replace(
            s,
            lower=(s.lower[0] + x, s.lower[1] + y),
            upper=(s.upper[0] + x, s.upper[1] + y),
            z=s.z + z,
        )
        for s in shelves
    ]
    return Model([part.moved(x, y, z) for part in parts], moved)


def _standing(parts: Sequence[Part], shelves: Sequence[Shelf] = ()) -> Model:
    low, high = _bounds(parts)
    x, y = -(low + high)[:2] / 2
    return _placed(parts, x, y, -low[2], shelves)


def _hung(parts: Sequence[Part]) -> Model:
    low, high = _bounds(parts)
    return _placed(parts, -low[0], -(low[1] + high[1]) / 2, -(low[2] + high[2]) / 2, ())


def _legs(x: float, y: float, height: float, thick: float, style: str, surface: str) -> list[Part]:
    """Four legs at (+-x, +-y)."""
    parts = []
    for sx in (-1, 1):
        for sy in (-1, 1):
            at = (sx * x, sy * y, 0.0)
            if style == "square":
                parts.append(box((thick, thick, height), at, surface))
            elif style == "splayed":
                foot = (sx * (x + 0.02), sy * (y + 0.02), 0.0)
                parts.append(
                    tube([foot, (*at[:2], height)], [thick * 0.3, thick * 0.6], surface, 8)
                )
            else:
                radii = [(0.4, 0), (0.6, 0.15), (0.35, 0.3), (0.6, 0.8), (0.6, 1.0)]
                profile = [(thick * r, height * z) for r, z in radii]
                parts.append(lathe(profile, surface, 10).moved(*at))
    return parts


def _pull(style: str, at: Vector, width: float, surface: str) -> list[Part]:
    """A drawer handle on a front at x, sticking out to +x."""
    x, y, z = at
    if style == "knob":
        return [_ball((0.022, 0.022, 0.022), (x + 0.015, y, z), surface, 8)]
    if style == "bar":
        return [
            box((0.03, width, 0.02), (x + 0.015, y, z - 0.01), surface),
        ]
    path = [(x, y - width / 2, z), (x + 0.03, y - width * 0.35, z - 0.01)]
    path += [(x + 0.03, y + width * 0.35, z - 0.01), (x, y + width / 2, z)]
    return [tube(path, 0.01, surface, 6)]


# Bedroom ------------------------------------------------------------------------------------------


def _headboard(rng: np.random.Generator, width: float, height: float, surface: str) -> list[Part]:
    """Standing on the floor, front at x = 0.06."""
    style = _pick(rng, "panel", "arch", "slats", "bars", "padded", "posts")
    if style == "panel":
        return [box((0.06, width, height), (0.03, 0, 0), surface)]
    if style == "arch":
        angle = np.linspace(0, np.pi, 13)
        rise = rng.uniform(0.15, 0.4)
        outline = [(-width / 2, 0.0), (width / 2, 0.0)]
        outline += [
            (width / 2 * float(np.cos(a)), height - rise + rise * float(np.sin(a))) for a in angle
        ]
        return [_facing(prism(outline, 0.06, surface))]
    if style == "padded":
        count = int(rng.integers(3, 6))
        step = width / count
        parts = [box((0.04, width, height), (0.02, 0, 0), "main")]
        for i in range(count):
            centre = (0.05, -width / 2 + (i + 0.5) * step, height * 0.68)
            pad = _cushion((height * 0.6, step * 0.97, 0.09), (0, 0, 0)).turned(90, "y")
            parts.append(pad.moved(*centre))
        return parts
    post = 0.035
    top = height + (0.12 if style == "posts" else 0.0)
    parts = []
    for y in (-width / 2 + post, width / 2 - post):
        parts.append(cylinder(post, top, (0.03, y, 0), surface, sides=10))
        parts.append(_ball((0.05, 0.05, 0.05), (0.03, y, top), surface, 10))
    for z in (height - 0.06, height * 0.5):
        parts.append(box((0.04, width - post, 0.07), (0.03, 0, z), surface))
    count, wide = int(rng.integers(5, 9)), 0.03 if style == "bars" else 0.09
    for y in np.linspace(-width / 2 + 0.12, width / 2 - 0.12, count):
        parts.append(box((0.025, wide, height * 0.5), (0.03, float(y), height * 0.48), surface))
    return parts


def _bed(rng: np.random.Generator) -> Model:
    length, width = rng.uniform(1.9, 2.15), rng.uniform(0.9, 1.8)
    deck, thick = rng.uniform(0.2, 0.32), rng.uniform(0.16, 0.28)
    frame = _pick(rng, *_WOODS, "dark metal", "main")
    top = deck + thick
    parts = _headboard(rng, width + 0.08, top + rng.uniform(0.3, 0.6), frame)
    middle, end = 0.06 + length / 2, 0.06 + length
    base = _pick(rng, "legs", "box", "drawers")
    if base == "legs":
        style = _pick(rng, "square", "turned")
        legs = _legs(length / 2 - 0.1, width / 2 - 0.05, deck, 0.08, style, frame)
        parts += [leg.moved(middle) for leg in legs]
        parts.append(box((length, width + 0.06, 0.1), (middle, 0, deck - 0.06), frame))
    else:
        parts.append(box((length, width + 0.04, deck + 0.02), (middle, 0, 0), frame))
    if base == "drawers":
        for x in (middle - length / 4, middle + length / 4):
            size = (length * 0.42, width + 0.08, deck * 0.7)
            parts.append(box(size, (x, 0, 0.04), "white" if frame != "white" else "grey"))
    parts.append(
        _across(rounded_rectangle(length, thick, 0.06), width, "white").moved(
            middle, 0, deck + thick / 2
        )
    )
    if rng.random() < 0.4:
        high = top + rng.uniform(-0.02, 0.2)
        parts.append(box((0.05, width + 0.08, high), (end + 0.03, 0, 0), frame))
    fold = 0.06 + length * rng.uniform(0.3, 0.42)
    hang = thick * rng.uniform(0.6, 1.1)
    puff = rng.uniform(0.02, 0.07)
    cover = box((end + 0.015 - fold, width + 0.05, hang), ((end + fold) / 2, 0, top - hang))
    duvet = rounded_rectangle(end + 0.01 - fold, width + 0.05, 0.08)
    inner = [(x * 0.97, y * 0.97) for x, y in duvet]
    parts += [cover, tapered(duvet, inner, puff).moved((end + fold) / 2, 0, top)]
    if rng.random() < 0.7:
        roll = _across(_oval(0.14, puff / 2 + 0.025, 3, sides=16).tolist(), width + 0.06, "paper")
        parts.append(roll.moved(fold + 0.08, 0, top + puff / 2 + 0.01))
    count = 1 if width < 1.2 else 2
    depth, tilt = rng.uniform(0.34, 0.45), rng.uniform(8, 35)
    for i in range(count):
        y = width * ((i + 0.5) / count - 0.5)
        wide = min(0.75, width / count * 0.86)
        pillow = _cushion((depth, wide, 0.16), (0, 0, 0), _pick(rng, "paper", "main"))
        parts.append(pillow.turned(tilt, "y").moved(0.1 + depth / 2, y, top + 0.07))
    if rng.random() < 0.3:
        parts.append(
            _ball((0.18, 0.2, 0.09), (0.1 + depth, 0, top + 0.2), _pick(rng, "main", "red"))
        )
    shelf = Shelf((fold + 0.25, -width / 2 + 0.05), (end - 0.05, width / 2 - 0.05), top + puff)
    return _standing(parts, [shelf])


def _chest(
    rng: np.random.Generator, size: Vector, rows: int, columns: int, lift: float
) -> list[Part]:
    """Drawers in a carcass standing at z = lift."""
    depth, width, height = size
    front = _pick(rng, "main", "main", "white", "light wood", "dark wood")
    pull, metal = _pick(rng, "knob", "bar", "bow"), _pick(rng, *_METALS, "black")
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
                parts += _pull(pull, (x, y - step / 4, z), 0, metal)
                parts += _pull(pull, (x, y + step / 4, z), 0, metal)
            else:
                parts += _pull(pull, (x, y, z), min(0.22, step * 0.45), metal)
    return parts


def _dresser(rng: np.random.Generator) -> Model:
    tall = rng.random() < 0.4
    width = rng.uniform(0.6, 0.8) if tall else rng.uniform(1.0, 1.6)
    height = rng.uniform(1.0, 1.3) if tall else rng.uniform(0.7, 0.9)
    depth, columns = rng.uniform(0.4, 0.55), 1 if tall else int(rng.integers(2, 4))
    rows = int(rng.integers(4, 7)) if tall else int(rng.integers(3, 5))
    lift = rng.uniform(0.06, 0.2)
    parts = _chest(rng, (depth, width, height - lift), rows, columns, lift)
    base = _pick(rng, "square", "splayed", "turned", "plinth")
    if base == "plinth":
        parts.append(box((depth - 0.06, width - 0.06, lift), (-0.02, 0, 0), "dark"))
    else:
        leg = _pick(rng, "main", "dark wood", "wood")
        parts += _legs(depth / 2 - 0.05, width / 2 - 0.05, lift + 0.01, 0.06, base, leg)
    over = rng.uniform(0.0, 0.03)
    parts.append(box((depth + 2 * over, width + 2 * over, 0.03), (0, 0, height)))
    if rng.random() < 0.25:
        parts.append(box((0.025, width, 0.12), (-depth / 2 + 0.012, 0, height + 0.03)))
    x, y = depth / 2 - 0.04, width / 2 - 0.02
    return _standing(parts, [Shelf((-x, -y), (x, y), height + 0.03)])


def _nightstand(rng: np.random.Generator) -> Model:
    width, depth = rng.uniform(0.4, 0.58), rng.uniform(0.36, 0.45)
    height, wall = rng.uniform(0.45, 0.65), 0.022
    x, y, top = depth / 2, width / 2, height - 0.025
    style = _pick(rng, "drawers", "niche", "table", "round")
    legs = _pick(rng, "square", "splayed", "turned")
    shelves = [Shelf((-x + 0.02, -y + 0.02), (x - 0.02, y - 0.02), height)]
    slab = box((depth + 0.03, width + 0.03, 0.025), (0, 0, top))
    if style == "drawers":
        lift = rng.uniform(0.05, 0.2)
        parts = _chest(rng, (depth, width, top - lift), int(rng.integers(2, 4)), 1, lift)
        parts += [slab, *_legs(x - 0.04, y - 0.04, lift + 0.01, 0.05, legs, "dark wood")]
    elif style == "niche":
        lift, split = rng.uniform(0.04, 0.15), height * rng.uniform(0.5, 0.62)
        parts = _chest(rng, (depth, width, top - split), 1, 1, split)
        for side in (-1, 1):
            parts.append(box((depth, wall, split - lift), (0, side * (y - wall / 2), lift)))
        parts.append(box((wall, width, split - lift), (-x + wall / 2, 0, lift)))
        parts += [slab, box((depth, width, wall), (0, 0, lift))]
        parts += _legs(x - 0.04, y - 0.04, lift + 0.01, 0.05, legs, "dark wood")
        floor = lift + wall
        inside = Shelf((-x + 0.04, -y + 0.04), (x - 0.01, y - 0.04), floor, split - floor, "in")
        shelves.append(inside)
    elif style == "table":
        low, split = rng.uniform(0.1, 0.16), top - rng.uniform(0.12, 0.17)
        parts = _chest(rng, (depth, width, top - split), 1, 1, split)
        parts += [slab, *_legs(x - 0.025, y - 0.025, split + 0.01, 0.045, "square", "main")]
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
        parts += _pull("knob", (r * 0.9 + 0.025, 0, (top + split) / 2), 0, "brass")
        parts += _legs(r * 0.6, r * 0.6, split + 0.01, 0.05, legs, "dark wood")
        half = r * 0.68
        shelves = [Shelf((-half, -half), (half, half), height)]
    return _standing(parts, shelves)


def _table_lamp(rng: np.random.Generator) -> Model:
    r, tall = rng.uniform(0.11, 0.17), rng.uniform(0.14, 0.22)
    foot = rng.uniform(0.18, 0.32)
    style = _pick(rng, "urn", "rod", "tripod", "balls", "block", "gooseneck")
    stem = _pick(rng, *_METALS)
    body = _pick(rng, "main", "ceramic", "brass", "light wood", "dark wood")
    parts: list[Part] = []
    if style == "urn":
        fat = rng.uniform(0.5, 0.75) * r
        levels = [
            (0.75, 0),
            (0.75, 0.06),
            (0.45, 0.12),
            (1, 0.4),
            (0.9, 0.6),
            (0.3, 0.85),
            (0.2, 1),
        ]
        parts.append(lathe([(fat * w, foot * z) for w, z in levels], body))
    elif style == "rod":
        parts.append(cylinder(r * 0.75, 0.025, surface=body))
        parts.append(cylinder(0.016, foot, surface=stem, sides=10))
    elif style == "tripod":
        for angle in (0, 120, 240):
            leg = _rod((r * 0.9, 0, 0), (0.01, 0, foot), 0.013, body)
            parts.append(leg.turned(angle))
        parts.append(cylinder(0.03, 0.05, (0, 0, foot - 0.03), stem, sides=12))
    elif style == "balls":
        count = int(rng.integers(2, 4))
        size = foot / count / 2
        parts = [cylinder(size * 1.1, 0.02, surface=stem)]
        for i in range(count):
            wide = size * rng.uniform(0.9, 1.2)
            parts.append(_ball((wide, wide, size * 1.08), (0, 0, 0.01 + size * (2 * i + 1)), body))
    elif style == "block":
        side = rng.uniform(0.7, 0.95) * r
        parts = [box((side, side, foot * 0.75), bevel=0.02, surface=body)]
        parts.append(cylinder(0.018, foot * 0.3, (0, 0, foot * 0.73), stem, sides=10))
    else:
        parts = [cylinder(r * 0.7, 0.03, (-0.06, 0, 0), body)]
        bend = [
            (-0.06 + 0.06 * (1 - float(np.cos(a))), 0.0, foot + 0.07 * float(np.sin(a)))
            for a in np.linspace(0, np.pi, 8)
        ]
        path = [(-0.06, 0.0, 0.01), (-0.06, 0.0, foot * 0.6), *bend, (0.062, 0.0, foot - 0.02)]
        parts.append(tube(path, 0.013, stem, 8))
    shade = _pick(rng, "cone", "drum", "pyramid", "bell", "dome")
    top = r * {"cone": 0.5, "drum": 0.92, "pyramid": 0.55, "bell": 0.4, "dome": 0.12}[shade]
    if style == "gooseneck":
        shade, top = "dome", r * 0.2
    sides = 4 if shade == "pyramid" else 20
    wide = r * 1.25 if shade == "pyramid" else r
    middle = {"bell": 0.52, "dome": 0.88}.get(shade, (1 + top / wide) / 2)
    half = [(wide, 0.0), (wide * middle, tall / 2), (top, tall)]
    if shade == "dome":
        tall *= 0.75
        half = [(wide, 0.0), (wide * 0.92, tall * 0.4), (wide * 0.62, tall * 0.8), (top, tall)]
    else:
        half += [(top - 0.01, tall), (top - 0.01, tall - 0.03)]
    cover = [lathe(half, "main", sides)]
    if shade != "dome":
        glow = (top - 0.012) * (0.7 if sides == 4 else 1)
        cover.append(cylinder(glow, 0.01, (0, 0, tall - 0.032), "light", sides=12))
    cover.append(cylinder(wide * (0.6 if sides == 4 else 0.88), 0.01, (0, 0, -0.006), "light"))
    if shade in ("cone", "drum") and rng.random() < 0.4:
        for z, w in ((0.0, wide), (tall - 0.015, top)):
            cover.append(cylinder(w + 0.004, 0.015, (0, 0, z), body, sides=20))
    turn = 45 if sides == 4 else 0
    if style == "gooseneck":
        small = [part.scaled(0.75, 0.75, 0.75).turned(-30, "y") for part in cover]
        parts += [part.moved(0.1, 0, foot - 0.08) for part in small]
    else:
        parts.append(cylinder(0.012, 0.06, (0, 0, foot - 0.03), stem, sides=10))
        parts += [part.turned(turn).moved(z=foot) for part in cover]
    return _standing(parts)


def _dial(radius: float, at: Vector, rng: np.random.Generator) -> list[Part]:
    """A clock face looking to +x, with hands."""
    face = _facing(cylinder(radius, 0.006, surface="white", sides=24))
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
    parts.append(_facing(cylinder(radius * 0.12, 0.014, surface="red", sides=10)))
    return [part.moved(*at) for part in parts]


def _alarm_clock(rng: np.random.Generator) -> Model:
    r, deep = rng.uniform(0.055, 0.075), rng.uniform(0.045, 0.065)
    if rng.random() < 0.6:
        leg = rng.uniform(0.02, 0.035)
        z = r + leg
        bells = _pick(rng, "main", "brass", "metal")
        parts = [_facing(cylinder(r, deep, sides=24)).moved(-deep / 2, 0, z)]
        parts.append(_facing(torus(r, 0.009, surface=bells)).moved(deep / 2, 0, z))
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
            parts.append(_ball((0.011, 0.011, 0.011), (0, side * r * 0.85, 0.006), bells, 8))
        parts.append(box((0.012, 0.012, r * 0.4), (0, 0, z + r - 0.01), "metal"))
        parts.append(box((0.016, 0.04, 0.02), (0, 0, z + r * 1.3), "metal"))
        if rng.random() < 0.7:
            angle = np.linspace(0, np.pi, 9)
            path = [(0.0, r * 0.62 * np.cos(a), z + r * (1.55 + 0.5 * np.sin(a))) for a in angle]
            parts.append(tube(path, 0.008, "metal", 8))
        return _standing(parts)
    wide, high = r * rng.uniform(2.3, 3.0), r * rng.uniform(2.3, 2.6)
    shape = _pick(rng, "box", "arch", "wedge")
    if shape == "arch":
        angle = np.linspace(0, np.pi, 11)
        arch = [(wide / 2 * np.cos(a), high * 0.5 + wide / 2 * np.sin(a)) for a in angle]
        outline = [(-wide / 2, 0.0), (wide / 2, 0.0), *arch]
        parts = [_facing(prism(outline, deep)).moved(-deep / 2)]
    elif shape == "wedge":
        slope = [(-deep, 0.0), (deep / 2, 0.0), (deep / 2, high), (-deep / 4, high)]
        parts = [_across(slope, wide)]
    else:
        slab = _facing(prism(rounded_rectangle(wide, high, 0.02), deep))
        parts = [slab.moved(-deep / 2, 0, high / 2)]
    parts.append(_facing(torus(r, 0.007, surface="dark metal")).moved(deep / 2, 0, high / 2))
    parts += _dial(r * 0.95, (deep / 2, 0, high / 2), rng)
    crown = high * 0.5 + wide / 2 if shape == "arch" else high
    button = _pick(rng, "red", "black", "yellow")
    parts.append(box((0.025, wide * 0.4, 0.02), (0.0, 0, crown - 0.006), button))
    for side in (-1, 1):
        foot = (0.0, side * wide * 0.35, -0.012)
        parts.append(box((deep, 0.02, 0.016), foot, "dark"))
    return _standing(parts)


def _teddy_bear(rng: np.random.Generator) -> Model:
    s = rng.uniform(0.7, 1.2)
    fat, big = rng.uniform(0.085, 0.11), rng.uniform(0.075, 0.095)
    pale = _pick(rng, "cardboard", "paper", "light wood")
    upright = rng.random() < 0.3
    tall = rng.uniform(0.11, 0.13)
    low = 0.13 if upright else 0.0
    z, top = low + tall * 0.9, low + tall * 1.75 + big * 0.75
    parts = [_ball((fat * 0.9, fat, tall), (0, 0, z), "main", 14)]
    parts.append(_ball((fat * 0.5, fat * 0.65, tall * 0.7), (fat * 0.48, 0, z), pale))
    parts.append(_ball((big * 0.92, big * 1.05, big * 0.95), (0.01, 0, top), "main", 14))
    parts.append(_ball((big * 0.5, big * 0.5, big * 0.4), (big * 0.85, 0, top - big * 0.22), pale))
    parts.append(_ball((0.018, 0.024, 0.017), (big * 1.32, 0, top - big * 0.08), "black", 8))
    ear, up = rng.uniform(0.034, 0.046), rng.uniform(-30, 60)
    reach = rng.uniform(-30, 30)
    for side in (-1, 1):
        eye = (big * 0.8, side * big * 0.4, top + big * 0.3)
        parts.append(_ball((0.015, 0.015, 0.015), eye, "black", 8))
        at = (0.0, side * big * 0.8, top + big * 0.75)
        parts.append(_ball((0.022, ear, ear), at, "main", 10))
        parts.append(_ball((0.012, ear * 0.65, ear * 0.65), (0.016, at[1], at[2]), pale, 8))
        arm = _ball((0.036, 0.036, 0.085), (0, 0, -0.06))
        arm = arm.turned(side * (50 + up * 0.6), "x").turned(side * reach, "z")
        parts.append(arm.moved(0.015, side * fat * 0.8, low + tall * 1.45))
        if upright:
            leg = _ball((0.045, 0.045, 0.085), (0, side * fat * 0.55, 0.08))
            parts += [leg, _ball((0.06, 0.045, 0.028), (0.03, side * fat * 0.55, 0.026), pale)]
            continue
        leg = _ball((0.095, 0.043, 0.043), (0.09, 0, 0))
        sole = _ball((0.012, 0.045, 0.052), (0.18, 0, 0.012), pale)
        foot = _ball((0.024, 0.05, 0.058), (0.165, 0, 0.012))
        parts += [
            p.turned(side * 22).moved(0.02, side * fat * 0.45, 0.046) for p in (leg, foot, sole)
        ]
    extra = _pick(rng, "bow", "scarf", "none")
    neck, bright = low + tall * 1.72, _pick(rng, "red", "blue", "green", "yellow")
    if extra == "bow":
        for side in (-1, 1):
            wing = _ball((0.016, 0.034, 0.026), (fat * 0.7, side * 0.036, neck - 0.02), bright, 8)
            parts.append(wing)
        parts.append(_ball((0.018, 0.014, 0.014), (fat * 0.72, 0, neck - 0.02), bright, 8))
    elif extra == "scarf":
        ring = _oval(fat * 0.68, fat * 0.68, sides=16)
        path = [(x, y, neck - 0.01) for x, y in ring]
        parts.append(tube(path, 0.02, bright, 6, closed=True))
    return _standing([part.scaled(s, s, s) for part in parts])


def _suitcase(rng: np.random.Generator) -> Model:
    deep, wide, tall = rng.uniform(0.2, 0.3), rng.uniform(0.36, 0.5), rng.uniform(0.5, 0.72)
    modern = rng.random() < 0.65
    trim = _pick(rng, "black", "dark", "grey")
    lift = 0.06 if modern else 0.0
    round_by = rng.uniform(0.05, 0.09) if modern else 0.03
    shell = _facing(prism(rounded_rectangle(wide, tall, round_by), deep))
    parts = [shell.moved(-deep / 2, 0, lift + tall / 2)]
    front = deep / 2
    if not modern:
        leather, metal = _pick(rng, "dark wood", "wood", "black"), _pick(rng, "brass", "metal")
        for side in (-1, 1):
            strap = box((deep + 0.02, 0.04, tall + 0.02), (0, side * wide * 0.28, -0.01), leather)
            buckle = box(
                (0.02, 0.055, 0.05), (front + 0.01, side * wide * 0.28, tall * 0.68), metal
            )
            parts += [strap, buckle]
            for z in (0.04, tall - 0.04):
                at = (0.0, side * (wide / 2 - 0.035), z - 0.045)
                parts.append(box((deep + 0.016, 0.085, 0.09), at, leather))
        angle = np.linspace(0, np.pi, 9)
        grip = [(0.0, 0.085 * np.cos(a), tall - 0.01 + 0.08 * np.sin(a)) for a in angle]
        parts += [
            tube(grip, 0.016, leather, 8),
            box((0.03, wide, 0.02), (0, 0, tall - 0.012), metal),
        ]
        parts.append(box((0.02, wide + 0.012, tall + 0.012), (0.0, 0, -0.006), leather))
        return _standing(parts)
    style = _pick(rng, "vertical", "horizontal", "pockets")
    if style == "vertical":
        for y in np.linspace(-wide * 0.36, wide * 0.36, int(rng.integers(4, 7))):
            size = (deep + 0.024, wide * 0.075, tall * 0.86)
            parts.append(box(size, (0, float(y), lift + tall * 0.07)))
    elif style == "horizontal":
        for z in np.linspace(0.12, 0.8, int(rng.integers(4, 7))) * tall:
            size = (deep + 0.024, wide * 0.86, tall * 0.06)
            parts.append(box(size, (0, 0, lift + float(z))))
    else:
        for z, high in ((0.07, 0.48), (0.6, 0.3)):
            pocket = prism(rounded_rectangle(wide * 0.82, tall * high, 0.03), 0.04)
            parts.append(_facing(pocket).moved(front - 0.005, 0, lift + tall * (z + high / 2)))
            zipper = box(
                (0.02, wide * 0.7, 0.016), (front + 0.032, 0, lift + tall * (z + high * 0.8))
            )
            parts.append(zipper.of("metal"))
    seam = _facing(prism(rounded_rectangle(wide + 0.012, tall + 0.012, round_by), 0.018, trim))
    parts.append(seam.moved(-0.009, 0, lift + tall / 2))
    for x in (-front * 0.65, front * 0.65):
        for y in (-wide * 0.38, wide * 0.38):
            wheel = cylinder(0.034, 0.035, (0, 0, -0.017), trim, sides=12).turned(90, "x")
            parts += [wheel.moved(x, y, 0.034), box((0.04, 0.045, 0.04), (x, y, 0.04), "dark")]
    reach, span = rng.uniform(0.2, 0.42), wide * rng.uniform(0.2, 0.27)
    top = lift + tall
    for side in (-1, 1):
        x, y = -front * 0.6, side * span
        parts.append(_rod((x, y, top - 0.02), (x, y, top + reach), 0.012, "metal"))
    parts.append(box((0.035, span * 2 + 0.05, 0.045), (-front * 0.6, 0, top + reach - 0.02), trim))
    grip = [(0.03, -0.08, top - 0.01), (0.03, -0.06, top + 0.03)]
    grip += [(0.03, 0.06, top + 0.03), (0.03, 0.08, top - 0.01)]
    parts.append(tube(grip, 0.013, trim, 8))
    return _standing(parts)


def _shoe(rng: np.random.Generator, style: str, trim: str, sole: str) -> list[Part]:
    """One shoe, its toe towards +x, heel at x = 0, 28 cm long."""
    thick, high = 0.03, {"low": 0.075, "high": 0.14, "slip": 0.07, "strap": 0.08}[style]

    def foot(back: float, front: float, half: float) -> Outline:
        outline = _oval((front - back) / 2, half, 2.5, (front + back) / 2, 20)
        waist = 1 - 0.16 * np.exp(-(((outline[:, 0] - 0.1) / 0.05) ** 2))
        taper = 0.84 + 0.16 * np.clip((outline[:, 0] - 0.02) / 0.16, 0, 1)
        return np.stack([outline[:, 0], outline[:, 1] * waist * taper], 1)

    parts = [prism(foot(0, 0.28, 0.052).tolist(), thick, sole)]
    rim = thick + high
    hole = 0.115
    rings = [(foot(0.005, 0.272, 0.047), thick - 0.005), (foot(0.003, 0.268, 0.049), thick + 0.02)]
    rings += [(foot(0.004, 0.24, 0.046), thick + 0.045), (foot(0.006, 0.16, 0.042), thick + 0.068)]
    rings += [(foot(0.004, hole + 0.02, 0.042), rim), (foot(0.02, hole, 0.03), rim)]
    inside = prism(_oval(0.044, 0.028, 2, 0.068, 16).tolist(), 0.01, "dark")
    parts += [_stack(rings), inside.moved(z=rim - 0.006)]
    if style in ("low", "high"):
        parts.append(_ball((0.054, 0.05, 0.042), (0.222, 0, thick + 0.01), sole))
        tongue = tube([(0.17, 0, thick + 0.06), (0.12, 0, rim + 0.02)], [0.016, 0.02], "main", 8)
        parts.append(tongue.scaled(1, 1.5, 1))
        steps = 5 if style == "high" else 4
        for level in np.linspace(0.06, high - 0.005, steps):
            x = float(np.interp(level, [0.045, 0.068, high], [0.24, 0.16, 0.135])) - 0.006
            z = thick + float(level)
            parts.append(_rod((x, -0.028, z), (x, 0.028, z), 0.008, "white", 6))
        for side in (-1, 1):
            loop = (0.158, side * 0.025, thick + 0.07)
            parts.append(_ball((0.016, 0.026, 0.01), loop, "white", 8))
    elif style == "strap":
        for x, z in ((0.17, thick + 0.056), (0.135, thick + 0.076)):
            parts.append(box((0.026, 0.09, 0.016), (x, 0, z), trim))
    else:
        for side in (-1, 1):
            parts.append(box((0.03, 0.016, 0.045), (0.12, side * 0.034, thick + 0.02), "dark"))
    parts.append(box((0.02, 0.035, high * 0.9), (0.008, 0, thick), trim))
    if rng.random() < 0.7 and style != "slip":
        for x in (0.085, 0.115):
            stripe = box((0.014, 0.096, 0.04), (x, 0, thick + 0.004), trim)
            parts.append(stripe)
    return parts


def _shoes(rng: np.random.Generator) -> Model:
    style = _pick(rng, "low", "low", "high", "high", "slip", "strap")
    trim, sole = (
        _pick(rng, "white", "black", "red", "blue"),
        _pick(rng, "white", "white", "cardboard"),
    )
    size = rng.uniform(0.9, 1.1)
    shoe = [part.scaled(size, size, size) for part in _shoe(rng, style, trim, sole)]
    gap, step = rng.uniform(0.06, 0.075), rng.uniform(-0.04, 0.06)
    turn = rng.uniform(-3, 10)
    left = [part.moved(-0.14).turned(turn).moved(step / 2, gap) for part in shoe]
    right = [part.moved(-0.14).turned(-turn).moved(-step / 2, -gap) for part in shoe]
    return _standing([*left, *right])


# Bathroom -----------------------------------------------------------------------------------------


def _tap(
    rng: np.random.Generator, at: Vector, reach: float, height: float, metal: str
) -> list[Part]:
    """A tap with its spout towards +x."""
    arc = [(0.0, 0.0, 0.0), (0, 0, height * 0.7), (reach * 0.2, 0, height * 0.95)]
    arc += [(reach * 0.6, 0, height), (reach * 0.95, 0, height * 0.85), (reach, 0, height * 0.6)]
    if rng.random() < 0.4:
        arc = [(0.0, 0.0, 0.0), (0, 0, height * 0.8), (0.01, 0, height), (reach, 0, height * 0.85)]
    parts = [tube(arc, 0.017, metal, 8), cylinder(0.03, 0.02, surface=metal, sides=12)]
    if rng.random() < 0.6:
        for side in (-1, 1):
            y = side * (0.08 + 0.02 * rng.random())
            parts.append(cylinder(0.016, 0.06, (0, y, 0), metal, sides=8))
            for turn in (0, 90):
                bar = _rod((-0.035, 0, 0), (0.035, 0, 0), 0.01, metal, 6)
                parts.append(bar.turned(turn + 45).moved(0, y, 0.06))
    else:
        lever = [(0.0, 0.0, height * 0.75), (-0.01, 0.0, height + 0.05), (0.05, 0.0, height + 0.07)]
        parts.append(tube(lever, 0.011, metal, 6))
    return [part.moved(*at) for part in parts]


def _toilet(rng: np.random.Generator) -> Model:
    half, wide = rng.uniform(0.22, 0.26), rng.uniform(0.17, 0.2)
    rim = rng.uniform(0.38, 0.43)
    power = rng.choice([2.0, 2.0, 3.0])
    body = _pick(rng, "waisted", "skirted", "flared")
    levels = {
        "waisted": [(0.7, 0.0), (0.62, 0.1), (0.6, 0.45), (0.85, 0.7), (1.0, 0.92)],
        "skirted": [(0.82, 0.0), (0.82, 0.3), (0.9, 0.7), (1.0, 0.92), (1.0, 0.95)],
        "flared": [(0.85, 0.0), (0.6, 0.12), (0.45, 0.4), (0.8, 0.65), (1.0, 0.9)],
    }[body]
    rings = [(_oval(half * r, wide * r, power, -0.12 * (1 - r)), rim * z) for r, z in levels]
    rings += [(_oval(half, wide, power), rim), (_oval(half * 0.78, wide * 0.72, power), rim)]
    rings += [(_oval(half * 0.66, wide * 0.6), rim * 0.75), (_oval(0.07, 0.05), rim * 0.55)]
    parts = [_stack(rings), cylinder(0.1, 0.01, (0, 0, rim * 0.6), "glass", sides=16)]
    seat = _pick(rng, "main", "wood", "black", "white", "main")
    ring = [
        (half * 0.88 * float(np.cos(a)), wide * 0.87 * float(np.sin(a)), rim + 0.012)
        for a in np.arange(24) * np.pi / 12
    ]
    parts.append(tube(ring, 0.026, seat, 8, closed=True))
    back = -half - rng.uniform(0.02, 0.05)
    deep, high = rng.uniform(0.15, 0.2), rng.uniform(0.32, 0.4)
    broad = rng.uniform(0.36, 0.46)
    tank_z = rim - 0.03
    neck = (abs(back) - half * 0.3, wide * 1.3, rim * 0.98 if body == "skirted" else rim * 0.35)
    parts.append(box(neck, ((back - half * 0.3) / 2, 0, rim - neck[2] - 0.002), bevel=0.03))
    x = back - deep / 2 + 0.02
    high_tank = rng.random() < 0.15
    if high_tank:
        tank_z = rng.uniform(1.3, 1.5)
        high = 0.3
        parts.append(_rod((x, 0, rim - 0.06), (x, 0, tank_z + 0.02), 0.025, "metal"))
        parts.append(box((0.12, 0.14, rim), (x + 0.05, 0, 0), bevel=0.03))
        parts.append(_rod((x, broad * 0.4, tank_z), (x, broad * 0.4, 1.0), 0.008, "metal"))
        parts.append(_ball((0.025, 0.025, 0.05), (x, broad * 0.4, 0.98), "wood", 8))
    lower, upper = rounded_rectangle(deep, broad * 0.9, 0.03), rounded_rectangle(deep, broad, 0.03)
    parts.append(tapered(lower, upper, high).moved(x, 0, tank_z))
    parts.append(box((deep + 0.03, broad + 0.03, 0.035), (x, 0, tank_z + high), bevel=0.03))
    if not high_tank and rng.random() < 0.5:
        parts.append(cylinder(0.035, 0.016, (x, 0, tank_z + high + 0.034), "metal", sides=12))
    elif not high_tank:
        lever = (back + 0.03, broad * 0.32, tank_z + high * 0.82)
        end = (back + 0.05, broad * 0.1, lever[2] - 0.01)
        parts.append(tube([(back, *lever[1:]), lever, end], 0.013, "metal", 6))
    lid = prism(_oval(half * 0.97, wide * 1.02, power, sides=24).tolist(), 0.02, seat)
    if rng.random() < 0.6 and not high_tank:
        parts.append(lid.moved(half).turned(-97, "y").moved(back + 0.05, 0, rim + 0.01))
    elif rng.random() < 0.6:
        parts.append(lid.moved(z=rim + 0.03))
    top = Shelf((x - deep / 2, -broad / 2), (x + deep / 2, broad / 2), tank_z + high + 0.035)
    return _standing(parts, [] if high_tank else [top])


def _bathtub(rng: np.random.Generator) -> Model:
    half_y, half_x = rng.uniform(0.72, 0.9), rng.uniform(0.34, 0.42)
    tall = rng.uniform(0.5, 0.62)
    style = _pick(rng, "claw", "built in", "oval", "skirted")
    metal = _pick(rng, *_METALS)
    lift = rng.uniform(0.1, 0.16) if style == "claw" else 0.0
    inner = {"built in": 5.0, "skirted": 3.0}.get(style, 2.6)
    outer = 24.0 if style == "built in" else 2.6 if style in ("claw", "oval") else 6.0
    edge = 0.87 if style == "built in" else 0.91
    foot = {"claw": 0.72, "oval": 0.8, "skirted": 0.95}.get(style, 1.0)

    def ring(scale: float, power: float, shrink: float = 1.0) -> Outline:
        return _oval(half_x * scale, half_y * scale * shrink, power)

    floor = lift + 0.1
    rings = [(ring(foot, outer), lift), (ring((1 + foot) / 2 - 0.01, outer), lift + tall * 0.3)]
    rings += [(ring(0.97 if foot < 1 else 1, outer), lift + tall * 0.92)]
    rings += [(ring(1, outer), lift + tall), (ring(edge, inner), lift + tall)]
    rings += [(ring(edge * 0.88, inner), lift + tall * 0.5), (ring(edge * 0.72, inner), floor)]
    tub = _stack(rings, "main")
    if style in ("claw", "oval") and rng.random() < 0.5:
        v = tub.vertices.copy()
        rise = np.clip((v[:, 2] - lift) / tall, 0, 1)
        v[:, 2] += 0.18 * rise * np.clip(-v[:, 1] / half_y, 0, 1) ** 2
        tub = replace(tub, vertices=v)
    elif style == "claw":
        lip = [(x, y, lift + tall) for x, y in ring(0.98, outer)]
        tub_lip = tube(lip, 0.028, "main", 8, closed=True)
        tub = replace(
            tub,
            vertices=np.concatenate([tub.vertices, tub_lip.vertices]),
            triangles=np.concatenate([tub.triangles, tub_lip.triangles + len(tub.vertices)]),
        )
    parts = [tub]
    bottom = ring(edge * 0.66, inner)
    parts.append(prism(bottom.tolist(), 0.012, "white").moved(z=floor - 0.004))
    if style == "claw":
        for sx in (-1, 1):
            for sy in (-1, 1):
                x, y = sx * half_x * 0.55, sy * half_y * 0.55
                path = [(x * 1.25, y * 1.1, 0.02), (x * 1.35, y * 1.15, lift * 0.6)]
                parts.append(tube([*path, (x, y, lift + 0.06)], [0.03, 0.03, 0.05], metal, 8))
                parts.append(_ball((0.045, 0.045, 0.03), (x * 1.25, y * 1.1, 0.03), metal, 8))
    elif style == "built in" and rng.random() < 0.5:
        for y in (-half_y * 0.5, half_y * 0.5):
            panel = box((0.015, half_y * 0.85, tall * 0.7), (half_x + 0.005, y, tall * 0.12))
            parts.append(panel)
    if rng.random() < 0.5:
        taps = _tap(rng, (0, 0, 0), 0.2, 0.22, metal)
        parts += [p.turned(-90).moved(0, half_y * 0.94, lift + tall - 0.01) for p in taps]
    else:
        parts += _tap(rng, (-half_x * 0.94, 0, lift + tall - 0.01), 0.2, 0.22, metal)
    inside = (half_x * edge * 0.5, half_y * edge * 0.5)
    shelf = Shelf((-inside[0], -inside[1]), inside, floor + 0.008, None, "in")
    return _standing(parts, [shelf])


def _basin(
    half_x: float, half_y: float, power: float, low: float, top: float, foot: float, surface: str
) -> list[Part]:
    """A bowl with a tap ledge at its back, its outside widening from `foot` of the size."""
    hollow = _oval(half_x * 0.7, half_y * 0.82, 2.6, half_x * 0.2)
    middle = _oval(half_x * 0.6, half_y * 0.7, 2.6, half_x * 0.18)
    bottom = _oval(half_x * 0.35, half_y * 0.4, 2.0, half_x * 0.15)
    rings = [(_oval(half_x * foot, half_y * foot, power), low)]
    rings += [(_oval(half_x, half_y, power), low + (top - low) * 0.75)]
    rings += [(_oval(half_x, half_y, power), top), (hollow, top)]
    rings += [(middle, low + (top - low) * 0.5), (bottom, low + 0.025)]
    drain = cylinder(0.025, 0.012, (half_x * 0.15, 0, low + 0.02), "dark metal", sides=10)
    return [_stack(rings, surface), drain]


def _bathroom_sink(rng: np.random.Generator) -> Model:
    top, metal = rng.uniform(0.8, 0.9), _pick(rng, *_METALS)
    half_x, half_y = rng.uniform(0.21, 0.26), rng.uniform(0.26, 0.34)
    style = _pick(rng, "pedestal", "pedestal", "cabinet", "cabinet", "bowl")
    if style == "pedestal":
        low, power = top - rng.uniform(0.17, 0.22), float(rng.choice([2.3, 4.0]))
        parts = _basin(half_x, half_y, power, low, top, rng.uniform(0.45, 0.65), "main")
        r = rng.uniform(0.07, 0.1)
        levels = [(1.6, 0), (1.5, 0.05), (1.0, 0.14), (0.85, 0.5), (1.2, 0.95), (1.4, 1.0)]
        column = lathe([(r * w, (low + 0.02) * z) for w, z in levels]).scaled(0.9, 1.1, 1)
        parts.append(column.moved(-0.03))
        splash = rng.random() < 0.5
    else:
        wide = half_y * rng.uniform(1.0, 1.5)
        low = top - 0.15
        parts = _basin(half_x, half_y, 8.0, low, top, 0.95, "ceramic") if style == "cabinet" else []
        lift, deck = rng.uniform(0.0, 0.18), low + 0.015
        if style == "cabinet":
            wide = half_y * 0.97
        else:
            parts.append(box((half_x * 2, wide * 2, 0.03), (0, 0, deck), "stone"))
            bowl = [(0.1, 0), (0.16, 0.05), (0.2, 0.15), (0.185, 0.15), (0.14, 0.06), (0.06, 0.03)]
            parts.append(lathe(bowl, "ceramic", 24).moved(0.02, 0, deck + 0.028))
        depth, height = half_x * 1.94, deck - lift
        parts.append(box((depth, wide * 2, height), (-0.005, 0, lift)))
        if lift > 0.05:
            parts += _legs(depth / 2 - 0.04, wide - 0.04, lift + 0.01, 0.05, "square", "main")
        else:
            parts.append(box((depth - 0.06, wide * 2 - 0.04, lift + 0.02), (-0.02, 0, 0), "dark"))
        front, pull = depth / 2 - 0.005, _pick(rng, "knob", "bar")
        for side in (-1, 1):
            if rng.random() < 0.8 or style == "cabinet":
                size = (0.02, wide - 0.03, height - 0.05)
                parts.append(box(size, (front + 0.01, side * wide / 2, lift + 0.025)))
                at = (front + 0.02, side * 0.06, lift + height * 0.65)
                parts += list(_pull(pull, at, 0.03, metal))
        splash = style == "cabinet" and rng.random() < 0.3
    if splash:
        parts.append(box((0.02, half_y * 1.9, 0.14), (-half_x + 0.01, 0, top - 0.01), "main"))
    at = (-half_x * 0.75, 0.0, top - 0.13 if style == "bowl" else top - 0.01)
    parts += _tap(rng, at, half_x * 0.75, 0.28 if style == "bowl" else 0.17, metal)
    return _standing(parts)


def _mirror(rng: np.random.Generator) -> Model:
    shape = _pick(rng, "rectangle", "oval", "round", "arch", "octagon", "sunburst", "ornate")
    half_y, half_z = rng.uniform(0.22, 0.4), rng.uniform(0.32, 0.5)
    rim, deep = rng.uniform(0.06, 0.09), rng.uniform(0.025, 0.045)
    if shape in ("round", "octagon", "sunburst"):
        half_z = half_y = rng.uniform(0.24, 0.38)
    if shape == "sunburst":
        half_y = half_z = rng.uniform(0.18, 0.24)

    def outline(inset: float) -> Outline:
        y, z = half_y - inset, half_z - inset
        if shape in ("rectangle", "ornate"):
            return _oval(y, z, 40.0 if shape == "rectangle" else 4.0)
        if shape == "octagon":
            flat = _oval(y, z, 2.0, sides=8)
            eighth = np.array([[0.924, 0.383], [-0.383, 0.924]])
            turned: Outline = flat @ eighth
            return turned
        if shape == "arch":
            angle = np.linspace(0, np.pi, 15)
            bow = np.stack([y * np.cos(angle), half_z - half_y + y * np.sin(angle)], 1)
            return np.concatenate([[[0.0, -z]], [[y, -z]], bow, [[-y, -z]]])
        return _oval(y, z)

    frame = [(outline(0), 0.0), (outline(0), deep * 0.6), (outline(rim * 0.35), deep)]
    frame += [(outline(rim * 0.8), deep * 0.8), (outline(rim), deep * 0.5)]
    parts = [_facing(_stack(frame))]
    parts.append(_facing(prism(outline(rim * 0.9).tolist(), deep * 0.65, "mirror")))
    if shape == "sunburst":
        count = int(rng.integers(12, 20))
        for i in range(count):
            long = half_y * (0.9 if i % 2 else 0.6)
            ray = [(-0.028, 0.0), (0.028, 0.0), (0.008, long), (-0.008, long)]
            spike = _facing(prism(ray, 0.018)).moved(z=half_y - 0.02)
            parts.append(spike.turned(360 / count * i, "x"))
    elif shape == "ornate":
        for y, z in ((0, half_z), (0, -half_z), (half_y, 0), (-half_y, 0)):
            for shift in (-0.06, 0.0, 0.06):
                dy, dz = (shift, 0.0) if y == 0 else (0.0, shift)
                parts.append(_ball((0.03, 0.045, 0.045), (0.03, y + dy, z + dz), "main", 10))
    elif shape == "rectangle" and rng.random() < 0.5:
        parts.append(box((0.12, half_y * 2, 0.02), (0.06, 0, -half_z - 0.01)))
    return _hung(parts)


def _towel(at: Vector, wide: float, drop: float, radius: float, stripe: str) -> list[Part]:
    """A towel over a bar along y through `at`."""
    x, y, z = at
    out = radius + 0.018
    parts = [cylinder(out, wide, (0, 0, 0), sides=14).turned(90, "x").moved(x, y + wide / 2, z)]
    short = drop * 0.85
    flap, rear = (0.02, wide, drop), (0.02, wide, short)
    parts.append(box(flap, (x + out - 0.01, y, z - drop)))
    parts.append(box(rear, (x - out + 0.01, y, z - short)))
    for k in np.linspace(-0.5, 0.5, 3):
        fold = _ball((0.016, wide * 0.1, drop * 0.5), (x + out, y + wide * 0.62 * k, z - drop / 2))
        parts.append(fold)
    for low in (0.08, 0.16):
        band = box((0.05, wide + 0.004, drop * 0.04), (x + out - 0.004, y, z - drop * (1 - low)))
        parts.append(band.of(stripe))
    return parts


def _towel_rack(rng: np.random.Generator) -> Model:
    wide, metal = rng.uniform(0.5, 0.75), _pick(rng, *_METALS, "wood")
    style = _pick(rng, "bar", "bar", "double", "ring", "shelf")
    stripe = _pick(rng, "white", "dark", "blue", "yellow", "red")
    reach, drop = rng.uniform(0.08, 0.11), rng.uniform(0.4, 0.6)
    if style == "ring":
        drop *= 0.8
        loop = torus(0.1, 0.012, surface=metal).turned(90, "y").moved(0.07, 0, -0.09)
        parts = [_facing(cylinder(0.04, 0.02, surface=metal)), loop]
        parts.append(_rod((0.0, 0, 0), (0.08, 0, 0), 0.016, metal))
        towel = _towel((0.07, 0, -0.185), rng.uniform(0.2, 0.28), drop, 0.012, stripe)
        return _hung([*parts, *towel])
    rows = [(reach, 0.0)] if style != "double" else [(reach, 0.0), (reach * 2.1, -0.08)]
    parts = []
    far = rows[-1][0]
    for side in (-1, 1):
        y = side * wide / 2
        parts.append(_facing(cylinder(0.035, 0.02, surface=metal, sides=14)).moved(0, y, 0))
        path = [(0.0, y, 0.0), *((x, y, z) for x, z in rows)]
        parts.append(tube(path, 0.014, metal, 8))
        parts.append(_ball((0.024, 0.024, 0.024), (far, y, rows[-1][1]), metal, 10))
    for x, z in rows:
        parts.append(_rod((x, -wide / 2, z), (x, wide / 2, z), 0.013, metal))
    x, z = rows[-1]
    if rng.random() < 0.3:
        for y in (-wide * 0.24, wide * 0.24):
            drop *= rng.uniform(0.8, 1.0)
            parts += _towel((x, y, z), wide * 0.36, drop, 0.014, stripe)
    else:
        broad = wide * rng.uniform(0.5, 0.8)
        parts += _towel((x, wide * rng.uniform(-0.08, 0.08), z), broad, drop, 0.014, stripe)
    if style == "shelf":
        for k in range(4):
            at = 0.03 + 0.065 * k
            parts.append(_rod((at, -wide / 2, 0.14), (at, wide / 2, 0.14), 0.012, metal, 6))
        for side in (-1, 1):
            y = side * wide / 2
            path = [(0.0, y, 0.0), (0.01, y, 0.14), (0.235, y, 0.14)]
            parts.append(tube(path, 0.014, metal, 6))
        for k in range(int(rng.integers(1, 4))):
            at3 = (0.12, -wide * 0.05, 0.175 + 0.06 * k)
            parts.append(_cushion((0.24, wide * 0.6, 0.065), at3, "main" if k % 2 == 0 else stripe))
    return _hung(parts)


def _roll(radius: float, width: float, hole: float = 0.022) -> list[Part]:
    """A roll about the z axis, its hole open at both ends, about the origin."""
    half, core = width / 2, hole + 0.006
    rims = [(radius, 0.0), (radius, half), (core, half), (core, 0.005)]
    liner = [(core + 0.001, 0.0), (core + 0.001, half + 0.002)]
    liner += [(hole, half + 0.002), (hole, 0.006)]
    halves = [lathe(rims, "main", 24), lathe(liner, "cardboard", 14)]
    pit = cylinder(hole - 0.001, 0.004, (0, 0, 0.005), "dark", sides=12)
    return [p.turned(turn, "x") for p in (*halves, pit) for turn in (0, 180)]


def _toilet_paper(rng: np.random.Generator) -> Model:
    r, wide = rng.uniform(0.05, 0.065), rng.uniform(0.095, 0.11)
    lying = [part.turned(90, "x").moved(z=r) for part in _roll(r, wide)]
    tail = rng.uniform(0.05, 0.1)
    sheet = _across([(0.0, 0), (tail + r, 0), (tail + r, 0.005), (0, 0.005)], wide * 0.98)
    drop = box((0.006, wide * 0.98, r + 0.002), (r - 0.003, 0, 0))
    style = _pick(rng, "lying", "upright", "holder", "stack", "pair", "arm")
    if style == "lying":
        return _standing([*lying, sheet, drop])
    if style == "upright":
        return _standing([part.moved(z=wide / 2) for part in _roll(r, wide)])
    if style == "pair":
        other = [
            part.moved(z=wide / 2).moved(rng.uniform(-0.02, 0.02), 2 * r) for part in _roll(r, wide)
        ]
        return _standing([*(part.moved(z=wide / 2) for part in _roll(r, wide)), *other])
    metal = _pick(rng, *_METALS, "wood")
    if style in ("holder", "stack"):
        count = 1 if style == "holder" else 2
        top = 0.02 + wide * count + 0.05
        parts = [
            cylinder(r * 1.15, 0.02, surface=metal),
            cylinder(0.014, top, surface=metal, sides=10),
        ]
        parts.append(_ball((0.022, 0.022, 0.022), (0, 0, top), metal, 10))
        for k in range(count):
            parts += [part.moved(z=0.02 + wide * (k + 0.5)) for part in _roll(r, wide)]
        return _standing(parts)
    high = rng.uniform(0.16, 0.2)
    post = -wide / 2 - 0.025
    parts = [box((r * 1.8, wide * 1.5, 0.02), (0, -0.01, 0), metal, bevel=0.02)]
    path = [(0.0, post, 0.01), (0, post, high), (0, post + 0.02, high + 0.012)]
    parts.append(tube([*path, (0, wide / 2 + 0.02, high + 0.012)], 0.011, metal, 8))
    parts.append(_ball((0.018, 0.018, 0.018), (0, wide / 2 + 0.02, high + 0.012), metal, 8))
    parts += [part.turned(90, "x").moved(z=high) for part in _roll(r, wide)]
    parts.append(box((0.008, wide * 0.98, high * 0.75), (r - 0.004, 0, high * 0.25)))
    return _standing(parts)


def _hair_dryer(rng: np.random.Generator) -> Model:
    """The barrel along x, the handle down; then laid on its side or put on a stand."""
    r, long = rng.uniform(0.042, 0.055), rng.uniform(0.15, 0.2)
    dark, back = _pick(rng, "dark", "black", "grey"), -rng.uniform(0.05, 0.07)
    style = _pick(rng, "classic", "bulb", "straight")
    levels = {
        "classic": [(0.75, 0.0), (1.0, 0.08), (1.0, 0.4), (0.72, 1.0)],
        "bulb": [(0.6, 0.0), (1.05, 0.12), (1.2, 0.28), (1.0, 0.5), (0.55, 0.65), (0.6, 1.0)],
        "straight": [(0.92, 0.0), (1.0, 0.04), (1.0, 0.96), (0.9, 1.0)],
    }[style]
    barrel = lathe([(r * w, long * z) for w, z in levels])
    parts = [barrel.turned(90, "y").moved(back)]
    front = back + long
    rear = lathe([(r * 0.62, -0.006), (r * 0.7, 0.03)], dark, 16)
    parts.append(rear.turned(90, "y").moved(back - 0.003))
    for k in (0.25, 0.5):
        parts.append(torus(r * k, 0.004, surface="grey").turned(90, "y").moved(back - 0.009))
    end = r * levels[-1][0]
    nozzle = _pick(rng, "flat", "flat", "flat", "diffuser", "ring")
    if nozzle == "flat":
        round_end, slit = (
            _oval(end * 1.05, end * 1.05, 2, sides=20),
            _oval(0.016, end * 1.35, 6, sides=20),
        )
        cone = tapered(round_end.tolist(), slit.tolist(), 0.06, dark)
        parts.append(cone.turned(90, "y").moved(front - 0.01))
    elif nozzle == "diffuser":
        bowl = [(end, 0.0), (r * 1.5, 0.05), (r * 1.6, 0.075), (r * 1.4, 0.075), (r * 1.3, 0.06)]
        parts.append(lathe(bowl, dark).turned(90, "y").moved(front - 0.01))
    else:
        ring = [(end * 1.1, 0.0), (end * 1.1, 0.03), (end * 0.85, 0.03), (end * 0.85, 0.01)]
        parts.append(lathe(ring, dark, 16).turned(90, "y").moved(front - 0.01))
    lean, drop = rng.uniform(-0.02, 0.05), rng.uniform(0.13, 0.16)
    foot = (-lean, 0.0, -r - drop)
    grip = [(0.02, 0.0, -r * 0.6), (0.01, 0.0, -r - drop * 0.3), foot]
    parts.append(tube(grip, [0.024, 0.019, 0.022], _pick(rng, "main", "main", dark), 12))
    switch = _pick(rng, "red", "yellow", "white")
    parts.append(box((0.018, 0.016, 0.03), (0.027, 0, -r - drop * 0.4), switch))
    cord = [foot, (foot[0] - 0.005, 0.0, foot[2] - 0.04)]
    if rng.random() < 0.65:
        low = foot[2] - 0.04
        side = float(rng.choice([-1, 1]))
        curl = [(foot[0] - side * 0.03, 0.0, low - 0.02), (foot[0] - side * 0.07, 0.0, low - 0.01)]
        curl += [(foot[0] - side * 0.09, 0.0, low + 0.02), (foot[0] - side * 0.09, 0.0, low + 0.07)]
        parts.append(tube([*cord, *curl], 0.007, "black", 6))
        flat = [part.turned(90, "x") for part in parts]
        return _standing(flat)
    parts.append(
        cylinder(0.028, 0.07, (foot[0], 0, foot[2] - 0.012), dark, top_radius=0.027, sides=14)
    )
    parts.append(cylinder(0.07, 0.02, (foot[0], 0, foot[2] - 0.02), dark))
    return _standing(parts)


def _laundry_basket(rng: np.random.Generator) -> Model:
    half_x, half_y = rng.uniform(0.19, 0.25), rng.uniform(0.2, 0.32)
    style = _pick(rng, "holes", "slats", "wicker", "hamper")
    tall = rng.uniform(0.5, 0.65) if style == "hamper" else rng.uniform(0.3, 0.45)
    power = float(rng.choice([2.0, 5.0]))
    foot = rng.uniform(0.72, 0.92)

    def ring(t: float, shift: float = 0.0) -> Outline:
        k = foot + (1 - foot) * t
        return _oval(half_x * k + shift, half_y * k + shift, power, sides=24)

    def around(t: float, count: int, shift: float) -> list[tuple[float, float]]:
        outline = ring(t, shift)
        length = np.r_[
            0, np.cumsum(np.linalg.norm(np.diff(outline, axis=0, append=outline[:1]), axis=1))
        ]
        at, loop = np.arange(count) / count * length[-1], np.vstack([outline, outline[:1]])
        return [
            (float(np.interp(a, length, loop[:, 0])), float(np.interp(a, length, loop[:, 1])))
            for a in at
        ]

    def hoop(t: float, thick: float, shift: float = 0.0, surface: str = "main") -> Part:
        path = [(x, y, tall * t) for x, y in ring(t, shift)]
        return tube(path, thick, surface, 4, closed=True)

    inner = "white" if style in ("slats", "hamper") else "main"
    shell = _stack(
        [(ring(0), 0.0), (ring(1), tall), (ring(1, -0.02), tall), (ring(0, -0.02), 0.02)], inner
    )
    parts = [shell, hoop(1.0, 0.02)]
    if style == "holes":
        count = 16
        for t in (0.22, 0.45, 0.68):
            for (x, y), (x2, y2) in zip(around(t, count, 0.0), around(t, count, 0.1), strict=True):
                turn = float(np.degrees(np.arctan2(y2 - y, x2 - x)))
                slot = box((0.016, 0.04, tall * 0.15), (0, 0, tall * t), "dark")
                parts.append(slot.turned(turn).moved(x, y))
    elif style == "slats":
        for low, high in zip(around(0, 22, 0.006), around(1, 22, 0.006), strict=True):
            parts.append(_rod((*low, 0.0), (*high, tall), 0.019, "main", 4))
        parts += [hoop(0.03, 0.022), hoop(0.5, 0.02, 0.012)]
    elif style == "wicker":
        count = int(rng.integers(5, 8))
        parts += [hoop((k + 0.5) / count, tall / count * 0.42) for k in range(count)]
        for k in (0.0, 0.5):
            parts.append(hoop(k + 0.02, 0.014, 0.018, "dark wood"))
    else:
        for low, high in zip(around(0, 26, 0.004), around(1, 26, 0.004), strict=True):
            parts.append(_rod((*low, 0.0), (*high, tall), 0.022, "main", 4))
        parts.append(hoop(0.03, 0.024))
    for side in (-1, 1):
        y, z = side * (half_y + 0.01), tall * 0.92
        path = [
            (-0.09, y, z),
            (-0.07, y + side * 0.05, z + 0.06),
            (0.07, y + side * 0.05, z + 0.06),
        ]
        parts.append(tube([*path, (0.09, y, z)], 0.016, _pick(rng, "main", "dark"), 6))
    shelf: list[Shelf] = []
    if rng.random() < 0.6:
        for _ in range(int(rng.integers(3, 6))):
            x, y = rng.uniform(-0.35, 0.35) * half_x, rng.uniform(-0.45, 0.45) * half_y
            size = (half_x * rng.uniform(0.4, 0.6), half_y * rng.uniform(0.4, 0.55), tall * 0.25)
            cloth = _pick(rng, "paper", "blue", "red", "white", "green", "yellow")
            heap = _ball(size, (0, 0, 0), cloth, 8).turned(rng.uniform(0, 90))
            parts.append(heap.moved(x, y, tall * rng.uniform(0.8, 0.92)))
        fill = ring(0.75, -0.015)
        parts.append(prism(fill.tolist(), 0.02, "paper").moved(z=tall * 0.72))
    else:
        x, y = half_x * foot * 0.62, half_y * foot * 0.62
        shelf.append(Shelf((-x, -y), (x, y), 0.02, None, "in"))
    return _standing(parts, shelf)


def _shower(rng: np.random.Generator) -> Model:
    half, tall = rng.uniform(0.4, 0.48), rng.uniform(1.95, 2.15)
    metal, kerb = _pick(rng, "metal", "dark metal", "brass"), rng.uniform(0.06, 0.14)
    style = _pick(rng, "corner", "round", "curtain", "walk-in")
    if style == "round":
        arc = [
            (half * 2 * np.cos(a) - half, half * 2 * np.sin(a) - half)
            for a in np.linspace(0, np.pi / 2, 12)
        ]
        outline = np.array([(-half, -half), *arc])
    else:
        outline = _oval(half, half, 30.0)
    rings = [(outline, 0.0), (outline, kerb), (outline * 0.9, kerb), (outline * 0.86, 0.03)]
    parts = [_stack(rings)]
    parts.append(box((0.03, 2 * half, tall - 0.02), (-half + 0.015, 0, 0.02)))
    if style == "round" or rng.random() < 0.5:
        parts.append(box((2 * half, 0.03, tall - 0.02), (0, -half + 0.015, 0.02)))
    parts.append(cylinder(0.05, 0.015, (0, 0, 0.028), "dark metal", sides=12))
    pane = tall * 0.93 - kerb
    if style == "round":
        steps = np.linspace(0.06, np.pi / 2 * rng.uniform(0.35, 0.5), 6)
        for a in steps:
            step = float(steps[1] - steps[0]) * half * 2
            glass = box((0.016, step * 1.05, pane), (half * 1.96, 0, kerb), "glass")
            parts.append(glass.turned(float(np.degrees(np.pi / 2 - a))).moved(-half, -half))
        rail = [
            (half * 1.96 * np.cos(a) - half, half * 1.96 * np.sin(a) - half, kerb + pane)
            for a in np.linspace(0, np.pi / 2, 12)
        ]
        parts.append(tube(rail, 0.02, metal, 6))
    elif style == "curtain":
        parts.append(
            _rod(
                (-half, half - 0.03, tall - 0.1),
                (half - 0.03, half - 0.03, tall - 0.1),
                0.018,
                metal,
            )
        )
        parts.append(
            _rod((half - 0.03, -half, tall - 0.1), (half - 0.03, half, tall - 0.1), 0.018, metal)
        )
        count = 9
        for y in np.linspace(half * rng.uniform(0.0, 0.2), half - 0.05, count):
            fold = cylinder(0.035, tall - 0.32, (half - 0.03, float(y), 0.2), "main", sides=8)
            parts.append(fold)
            parts.append(_ball((0.022, 0.022, 0.04), (half - 0.03, float(y), tall - 0.1), metal, 6))
    else:
        parts.append(box((2 * half - 0.05, 0.016, pane), (0, half - 0.02, kerb), "glass"))
        front = (half - 0.02, half - 0.02, kerb)
        posts = [front, (half - 0.02, -half + 0.02, kerb)] if style == "corner" else [front]
        for x, y, z in posts:
            parts.append(box((0.035, 0.035, pane), (x, y, z), metal))
        parts.append(box((2 * half, 0.03, 0.035), (0, half - 0.02, kerb + pane - 0.02), metal))
        if style == "corner":
            parts.append(
                box((0.03, 2 * half - 0.02, 0.035), (half - 0.02, 0, kerb + pane - 0.02), metal)
            )
            share = rng.uniform(0.35, 0.5) * 2 * half
            parts.append(box((0.016, share, pane), (half - 0.02, half - share / 2, kerb), "glass"))
            parts.append(box((0.03, 0.03, 0.3), (half, half - share + 0.05, 0.95), metal))
    x, top, r = -half + 0.06, tall - rng.uniform(0.08, 0.15), rng.uniform(0.1, 0.15)
    path = [(x, 0.0, 0.95), (x, 0, top - 0.08), (x + 0.05, 0, top), (x + half * 0.7, 0, top)]
    parts.append(tube([*path, (x + half * 0.8, 0, top - 0.08)], 0.02, metal, 8))
    head = cylinder(r, 0.03, (x + half * 0.8, 0, top - 0.12), metal, top_radius=r * 0.9)
    parts.append(head)
    parts.append(cylinder(r * 0.4, 0.05, (x + half * 0.8, 0, top - 0.1), metal, top_radius=0.02))
    parts.append(box((0.09, 0.28, 0.06), (x, 0, 0.98), metal))
    for side in (-1, 1):
        parts.append(
            _facing(cylinder(0.04, 0.06, surface=metal, sides=10)).moved(
                x + 0.03, side * 0.12, 1.01
            )
        )
    return _standing([_mirrored(part) for part in parts] if rng.random() < 0.5 else parts)


def _bathroom_scale(rng: np.random.Generator) -> Model:
    half_x, half_y, thick = (
        rng.uniform(0.14, 0.17),
        rng.uniform(0.14, 0.18),
        rng.uniform(0.03, 0.05),
    )
    shape, dial = _pick(rng, "square", "round", "oval"), _pick(rng, "digital", "window", "dial")
    power = {"square": 7.0, "round": 2.3, "oval": 3.0}[shape]
    if shape == "round":
        half_y = half_x
    rise = rng.uniform(0.02, 0.05) if dial == "dial" else 0.0
    rings = [
        (_oval(half_x * 0.96, half_y * 0.96, power), 0.015),
        (_oval(half_x, half_y, power), 0.02),
    ]
    rings += [
        (_oval(half_x, half_y, power), thick),
        (_oval(half_x * 0.96, half_y * 0.96, power), thick + 0.008),
    ]
    parts = [_stack(rings)]
    for sx in (-1, 1):
        for sy in (-1, 1):
            at = (sx * half_x * 0.6, sy * half_y * 0.6, 0.0)
            parts.append(cylinder(0.02, 0.018, at, "rubber", sides=8))
    top = thick + 0.006
    x = half_x * 0.62
    if dial == "digital":
        parts.append(box((0.06, half_y * 0.8, 0.01), (x, 0, top), "screen"))
        for k in (-1, 0, 1):
            digit = (x, k * half_y * 0.2, top + 0.006)
            parts.append(box((0.035, half_y * 0.13, 0.008), digit, "white"))
            parts.append(box((0.022, half_y * 0.06, 0.009), digit, "screen"))
    else:
        r = 0.055 if dial == "window" else 0.07
        rim = lathe([(r + 0.014, 0), (r + 0.008, 0.012 + rise), (r, 0.014 + rise)], "metal", 20)
        face = cylinder(r, 0.006, (0, 0, 0.012 + rise), "white")
        marks = [rim, face]
        for k in range(12):
            tick = box((0.018, 0.007, 0.006), (r * 0.78, 0, 0.015 + rise), "black")
            marks.append(tick.turned(30 * k))
        needle = box((r * 0.85, 0.012, 0.008), (r * 0.35, 0, 0.016 + rise), "red")
        marks.append(needle.turned(rng.uniform(0, 360)))
        parts += [part.moved(half_x * 0.52, 0, top) for part in marks]
    mat = _pick(rng, "rubber", "dark", "grey", "white")
    feet = _pick(rng, "ribs", "soles", "plates")
    back = -half_x * (0.12 if dial == "digital" else 0.3)
    for side in (-1, 1):
        y, span = side * half_y * 0.45, half_x * (0.62 if dial == "digital" else 0.5)
        if feet == "ribs":
            for k in np.linspace(-0.28, 0.28, 4) * half_y:
                rib = box((span * 2, 0.012, 0.012), (back, y + float(k), top - 0.003), mat)
                parts.append(rib)
        elif feet == "soles":
            pad = prism(_oval(span * 1.05, half_y * 0.26, 2, sides=20).tolist(), 0.012, mat)
            parts.append(pad.turned(side * 8).moved(back, y, top - 0.002))
        else:
            pad = prism(rounded_rectangle(span * 1.8, half_y * 0.5, 0.02), 0.012, mat)
            parts.append(pad.moved(back, y, top - 0.002))
    return _standing(parts)


_CLOTH = ("fabric", "striped", "checked", "dotted")
_FURNITURE = ("wood", "paint", "planks")
_SANITARY = (
    "white",
    "white",
    "beige",
    "pink",
    "teal",
    "turquoise",
    "grey",
    "black",
    "blue",
    "green",
)

CLASSES: tuple[ObjectClass, ...] = (
    ObjectClass("bed", _bed, ("bedroom",), "wall side", materials=_CLOTH),
    ObjectClass("dresser", _dresser, ("bedroom",), "wall side", materials=_FURNITURE),
    ObjectClass("nightstand", _nightstand, ("bedroom",), "wall side", materials=_FURNITURE),
    ObjectClass(
        "table lamp",
        _table_lamp,
        ("bedroom", "living room", "office"),
        "surface",
        materials=("fabric", "paint", "striped", "dotted"),
    ),
    ObjectClass(
        "alarm clock",
        _alarm_clock,
        ("bedroom",),
        "surface",
        materials=("plastic", "paint", "metal"),
    ),
    ObjectClass(
        "teddy bear",
        _teddy_bear,
        ("bedroom",),
        "surface",
        ("brown", "beige", "white", "grey", "pink", "orange", "red", "blue", "purple"),
        ("fabric", "checked", "dotted"),
    ),
    ObjectClass("toilet", _toilet, ("bathroom",), "wall side", _SANITARY, ("ceramic", "paint")),
    ObjectClass(
        "bathtub",
        _bathtub,
        ("bathroom",),
        "wall side",
        materials=("ceramic", "paint", "marble", "tile"),
    ),
    ObjectClass(
        "bathroom sink",
        _bathroom_sink,
        ("bathroom",),
        "wall side",
        materials=("ceramic", "paint", "marble", "wood"),
    ),
    ObjectClass(
        "mirror",
        _mirror,
        ("bathroom", "bedroom"),
        "wall",
        materials=("wood", "paint", "metal", "marble"),
        height_m=(1.4, 1.65),
    ),
    ObjectClass(
        "towel rack", _towel_rack, ("bathroom",), "wall", materials=_CLOTH, height_m=(1.1, 1.4)
    ),
    ObjectClass(
        "toilet paper",
        _toilet_paper,
        ("bathroom",),
        "surface",
        ("white", "white", "beige", "pink", "yellow", "grey"),
        ("paper", "dotted"),
    ),
    ObjectClass(
        "hair dryer",
        _hair_dryer,
        ("bathroom", "bedroom"),
        "surface",
        materials=("plastic", "paint", "metal"),
    ),
    ObjectClass(
        "laundry basket",
        _laundry_basket,
        ("bathroom", "bedroom"),
        "floor",
        materials=("plastic", "fabric", "wood"),
    ),
    ObjectClass(
        "suitcase",
        _suitcase,
        ("bedroom",),
        "floor",
        materials=("plastic", "leather", "fabric", "checked"),
    ),
    ObjectClass(
        "shoes", _shoes, ("bedroom",), "floor", materials=("fabric", "leather", "checked", "dotted")
    ),
    ObjectClass(
        "shower",
        _shower,
        ("bathroom",),
        "wall side",
        materials=("tile", "paint", "marble", "stone"),
    ),
    ObjectClass(
        "bathroom scale",
        _bathroom_scale,
        ("bathroom",),
        "floor",
        materials=("plastic", "paint", "metal", "marble"),
    ),
)
