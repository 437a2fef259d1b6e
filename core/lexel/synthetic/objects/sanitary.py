"""What water runs into."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.random import Generator

from lexel.synthetic.model import Model, ObjectClass, Shelf, centred
from lexel.synthetic.objects.forms import (
    METALS,
    Outline,
    ball,
    drawer_pull,
    facing,
    mirrored,
    oval,
    pick,
    rod,
    stack,
    styled_legs,
)
from lexel.synthetic.shapes import (
    Part,
    Vector,
    box,
    cylinder,
    lathe,
    prism,
    rounded_rectangle,
    tapered,
    tube,
)

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


def _toilet(rng: Generator) -> Model:
    half, wide = rng.uniform(0.22, 0.26), rng.uniform(0.17, 0.2)
    rim = rng.uniform(0.38, 0.43)
    power = rng.choice([2.0, 2.0, 3.0])
    body = pick(rng, "waisted", "skirted", "flared")
    levels = {
        "waisted": [(0.7, 0.0), (0.62, 0.1), (0.6, 0.45), (0.85, 0.7), (1.0, 0.92)],
        "skirted": [(0.82, 0.0), (0.82, 0.3), (0.9, 0.7), (1.0, 0.92), (1.0, 0.95)],
        "flared": [(0.85, 0.0), (0.6, 0.12), (0.45, 0.4), (0.8, 0.65), (1.0, 0.9)],
    }[body]
    rings = [(oval(half * r, wide * r, power, -0.12 * (1 - r)), rim * z) for r, z in levels]
    rings += [(oval(half, wide, power), rim), (oval(half * 0.78, wide * 0.72, power), rim)]
    rings += [(oval(half * 0.66, wide * 0.6), rim * 0.75), (oval(0.07, 0.05), rim * 0.55)]
    parts = [stack(rings), cylinder(0.1, 0.01, (0, 0, rim * 0.6), "glass", sides=16)]
    seat = pick(rng, "main", "wood", "black", "white", "main")
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
        parts.append(rod((x, 0, rim - 0.06), (x, 0, tank_z + 0.02), 0.025, "metal"))
        parts.append(box((0.12, 0.14, rim), (x + 0.05, 0, 0), bevel=0.03))
        parts.append(rod((x, broad * 0.4, tank_z), (x, broad * 0.4, 1.0), 0.008, "metal"))
        parts.append(ball((0.025, 0.025, 0.05), (x, broad * 0.4, 0.98), "wood", 8))
    lower, upper = rounded_rectangle(deep, broad * 0.9, 0.03), rounded_rectangle(deep, broad, 0.03)
    parts.append(tapered(lower, upper, high).moved(x, 0, tank_z))
    parts.append(box((deep + 0.03, broad + 0.03, 0.035), (x, 0, tank_z + high), bevel=0.03))
    if not high_tank and rng.random() < 0.5:
        parts.append(cylinder(0.035, 0.016, (x, 0, tank_z + high + 0.034), "metal", sides=12))
    elif not high_tank:
        lever = (back + 0.03, broad * 0.32, tank_z + high * 0.82)
        end = (back + 0.05, broad * 0.1, lever[2] - 0.01)
        parts.append(tube([(back, *lever[1:]), lever, end], 0.013, "metal", 6))
    lid = prism(oval(half * 0.97, wide * 1.02, power, sides=24).tolist(), 0.02, seat)
    if rng.random() < 0.6 and not high_tank:
        parts.append(lid.moved(half).turned(-97, "y").moved(back + 0.05, 0, rim + 0.01))
    elif rng.random() < 0.6:
        parts.append(lid.moved(z=rim + 0.03))
    top = Shelf((x - deep / 2, -broad / 2), (x + deep / 2, broad / 2), tank_z + high + 0.035)
    return centred(parts, *([] if high_tank else [top]))


def _tap(rng: Generator, at: Vector, reach: float, height: float, metal: str) -> list[Part]:
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
                bar = rod((-0.035, 0, 0), (0.035, 0, 0), 0.01, metal, 6)
                parts.append(bar.turned(turn + 45).moved(0, y, 0.06))
    else:
        lever = [(0.0, 0.0, height * 0.75), (-0.01, 0.0, height + 0.05), (0.05, 0.0, height + 0.07)]
        parts.append(tube(lever, 0.011, metal, 6))
    return [part.moved(*at) for part in parts]


def _bathtub(rng: Generator) -> Model:
    half_y, half_x = rng.uniform(0.72, 0.9), rng.uniform(0.34, 0.42)
    tall = rng.uniform(0.5, 0.62)
    style = pick(rng, "claw", "built in", "oval", "skirted")
    metal = pick(rng, *METALS)
    lift = rng.uniform(0.1, 0.16) if style == "claw" else 0.0
    inner = {"built in": 5.0, "skirted": 3.0}.get(style, 2.6)
    outer = 24.0 if style == "built in" else 2.6 if style in ("claw", "oval") else 6.0
    edge = 0.87 if style == "built in" else 0.91
    foot = {"claw": 0.72, "oval": 0.8, "skirted": 0.95}.get(style, 1.0)

    def ring(scale: float, power: float, shrink: float = 1.0) -> Outline:
        return oval(half_x * scale, half_y * scale * shrink, power)

    floor = lift + 0.1
    rings = [(ring(foot, outer), lift), (ring((1 + foot) / 2 - 0.01, outer), lift + tall * 0.3)]
    rings += [(ring(0.97 if foot < 1 else 1, outer), lift + tall * 0.92)]
    rings += [(ring(1, outer), lift + tall), (ring(edge, inner), lift + tall)]
    rings += [(ring(edge * 0.88, inner), lift + tall * 0.5), (ring(edge * 0.72, inner), floor)]
    tub = stack(rings, "main")
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
                parts.append(ball((0.045, 0.045, 0.03), (x * 1.25, y * 1.1, 0.03), metal, 8))
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
    return centred(parts, shelf)


def _basin(
    half_x: float, half_y: float, power: float, low: float, top: float, foot: float, surface: str
) -> list[Part]:
    """A bowl with a tap ledge at its back, its outside widening from `foot` of the size."""
    hollow = oval(half_x * 0.7, half_y * 0.82, 2.6, half_x * 0.2)
    middle = oval(half_x * 0.6, half_y * 0.7, 2.6, half_x * 0.18)
    bottom = oval(half_x * 0.35, half_y * 0.4, 2.0, half_x * 0.15)
    rings = [(oval(half_x * foot, half_y * foot, power), low)]
    rings += [(oval(half_x, half_y, power), low + (top - low) * 0.75)]
    rings += [(oval(half_x, half_y, power), top), (hollow, top)]
    rings += [(middle, low + (top - low) * 0.5), (bottom, low + 0.025)]
    drain = cylinder(0.025, 0.012, (half_x * 0.15, 0, low + 0.02), "dark metal", sides=10)
    return [stack(rings, surface), drain]


def _bathroom_sink(rng: Generator) -> Model:
    top, metal = rng.uniform(0.8, 0.9), pick(rng, *METALS)
    half_x, half_y = rng.uniform(0.21, 0.26), rng.uniform(0.26, 0.34)
    style = pick(rng, "pedestal", "pedestal", "cabinet", "cabinet", "bowl")
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
            parts += styled_legs(depth / 2 - 0.04, wide - 0.04, lift + 0.01, 0.05, "square", "main")
        else:
            parts.append(box((depth - 0.06, wide * 2 - 0.04, lift + 0.02), (-0.02, 0, 0), "dark"))
        front, pull = depth / 2 - 0.005, pick(rng, "knob", "bar")
        for side in (-1, 1):
            if rng.random() < 0.8 or style == "cabinet":
                size = (0.02, wide - 0.03, height - 0.05)
                parts.append(box(size, (front + 0.01, side * wide / 2, lift + 0.025)))
                at = (front + 0.02, side * 0.06, lift + height * 0.65)
                parts += list(drawer_pull(pull, at, 0.03, metal))
        splash = style == "cabinet" and rng.random() < 0.3
    if splash:
        parts.append(box((0.02, half_y * 1.9, 0.14), (-half_x + 0.01, 0, top - 0.01), "main"))
    at = (-half_x * 0.75, 0.0, top - 0.13 if style == "bowl" else top - 0.01)
    parts += _tap(rng, at, half_x * 0.75, 0.28 if style == "bowl" else 0.17, metal)
    return centred(parts)


def _shower(rng: Generator) -> Model:
    half, tall = rng.uniform(0.4, 0.48), rng.uniform(1.95, 2.15)
    metal, kerb = pick(rng, "metal", "dark metal", "brass"), rng.uniform(0.06, 0.14)
    style = pick(rng, "corner", "round", "curtain", "walk-in")
    if style == "round":
        arc = [
            (half * 2 * np.cos(a) - half, half * 2 * np.sin(a) - half)
            for a in np.linspace(0, np.pi / 2, 12)
        ]
        outline = np.array([(-half, -half), *arc])
    else:
        outline = oval(half, half, 30.0)
    rings = [(outline, 0.0), (outline, kerb), (outline * 0.9, kerb), (outline * 0.86, 0.03)]
    parts = [stack(rings)]
    parts.append(box((0.03, 2 * half, tall - 0.02), (-half + 0.015, 0, 0.02)))
    if style == "round" or rng.random() < 0.5:
        parts.append(box((2 * half, 0.03, tall - 0.02), (0, -half + 0.015, 0.02)))
    parts.append(cylinder(0.05, 0.015, (0, 0, 0.028), "dark metal", sides=12))
    if style == "round":
        parts += _round_panes(rng, half, kerb, tall, metal)
    elif style == "curtain":
        parts += _shower_curtain(rng, half, tall, metal)
    else:
        parts += _panes(rng, style, half, kerb, tall, metal)
    parts += _shower_head(rng, half, tall, metal)
    return centred([mirrored(part) for part in parts] if rng.random() < 0.5 else parts)


def _round_panes(rng: Generator, half: float, kerb: float, tall: float, metal: str) -> list[Part]:
    parts, pane = list[Part](), tall * 0.93 - kerb
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
    return parts


def _shower_curtain(rng: Generator, half: float, tall: float, metal: str) -> list[Part]:
    parts: list[Part] = []
    parts.append(
        rod(
            (-half, half - 0.03, tall - 0.1),
            (half - 0.03, half - 0.03, tall - 0.1),
            0.018,
            metal,
        )
    )
    parts.append(
        rod((half - 0.03, -half, tall - 0.1), (half - 0.03, half, tall - 0.1), 0.018, metal)
    )
    count = 9
    for y in np.linspace(half * rng.uniform(0.0, 0.2), half - 0.05, count):
        fold = cylinder(0.035, tall - 0.32, (half - 0.03, float(y), 0.2), "main", sides=8)
        parts.append(fold)
        parts.append(ball((0.022, 0.022, 0.04), (half - 0.03, float(y), tall - 0.1), metal, 6))
    return parts


def _panes(
    rng: Generator, style: str, half: float, kerb: float, tall: float, metal: str
) -> list[Part]:
    parts, pane = list[Part](), tall * 0.93 - kerb
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
    return parts


def _shower_head(rng: Generator, half: float, tall: float, metal: str) -> list[Part]:
    """The pipe up the wall, its head and its taps."""
    parts: list[Part] = []
    x, top, r = -half + 0.06, tall - rng.uniform(0.08, 0.15), rng.uniform(0.1, 0.15)
    path = [(x, 0.0, 0.95), (x, 0, top - 0.08), (x + 0.05, 0, top), (x + half * 0.7, 0, top)]
    parts.append(tube([*path, (x + half * 0.8, 0, top - 0.08)], 0.02, metal, 8))
    head = cylinder(r, 0.03, (x + half * 0.8, 0, top - 0.12), metal, top_radius=r * 0.9)
    parts.append(head)
    parts.append(cylinder(r * 0.4, 0.05, (x + half * 0.8, 0, top - 0.1), metal, top_radius=0.02))
    parts.append(box((0.09, 0.28, 0.06), (x, 0, 0.98), metal))
    for side in (-1, 1):
        parts.append(
            facing(cylinder(0.04, 0.06, surface=metal, sides=10)).moved(x + 0.03, side * 0.12, 1.01)
        )
    return parts


CLASSES = (
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
        "shower",
        _shower,
        ("bathroom",),
        "wall side",
        materials=("tile", "paint", "marble", "stone"),
    ),
)
