"""What shines or burns."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from lexel.synthetic.model import Model, ObjectClass, Shelf, centred
from lexel.synthetic.objects.forms import METALS, ball, pick, rod
from lexel.synthetic.shapes import Part, box, cylinder, ellipsoid, lathe, tube

_LIVED_IN = ("living room", "bedroom")
_LIVING = ("living room",)


def _table_lamp(rng: Generator) -> Model:
    r, tall = rng.uniform(0.11, 0.17), rng.uniform(0.14, 0.22)
    foot = rng.uniform(0.18, 0.32)
    style = pick(rng, "urn", "rod", "tripod", "balls", "block", "gooseneck")
    stem = pick(rng, *METALS)
    body = pick(rng, "main", "ceramic", "brass", "light wood", "dark wood")
    parts = _lamp_stand(rng, style, r, foot, body, stem)
    shade = pick(rng, "cone", "drum", "pyramid", "bell", "dome")
    if style == "gooseneck":
        cover = _lampshade(rng, "dome", r, r * 0.2, tall, body)
        small = [part.scaled(0.75, 0.75, 0.75).turned(-30, "y") for part in cover]
        return centred([*parts, *(part.moved(0.1, 0, foot - 0.08) for part in small)])
    top = r * {"cone": 0.5, "drum": 0.92, "pyramid": 0.55, "bell": 0.4, "dome": 0.12}[shade]
    cover = _lampshade(rng, shade, r, top, tall, body)
    parts.append(cylinder(0.012, 0.06, (0, 0, foot - 0.03), stem, sides=10))
    turn = 45 if shade == "pyramid" else 0
    return centred([*parts, *(part.turned(turn).moved(z=foot) for part in cover)])


def _lamp_stand(
    rng: Generator, style: str, r: float, foot: float, body: str, stem: str
) -> list[Part]:
    """What a shade of radius `r` stands on, `foot` high."""
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
            leg = rod((r * 0.9, 0, 0), (0.01, 0, foot), 0.013, body)
            parts.append(leg.turned(angle))
        parts.append(cylinder(0.03, 0.05, (0, 0, foot - 0.03), stem, sides=12))
    elif style == "balls":
        count = int(rng.integers(2, 4))
        size = foot / count / 2
        parts = [cylinder(size * 1.1, 0.02, surface=stem)]
        for i in range(count):
            wide = size * rng.uniform(0.9, 1.2)
            parts.append(ball((wide, wide, size * 1.08), (0, 0, 0.01 + size * (2 * i + 1)), body))
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
    return parts


def _lampshade(
    rng: Generator, shade: str, r: float, top: float, tall: float, body: str
) -> list[Part]:
    """A shade on z = 0 with what shines in it, of radius `r` below and `top` above."""
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
    return cover


def _floor_lamp(rng: Generator) -> Model:
    z, r = rng.uniform(1.35, 1.75), rng.uniform(0.18, 0.26)
    tall = rng.uniform(0.22, 0.34)
    metal = str(rng.choice(["metal", "brass", "dark metal", "wood"]))
    shade = lathe([(r, 0), (r * rng.uniform(0.5, 1.0), tall), (0.02, tall), (0.02, 0.01)])
    parts = [shade.moved(z=z - tall), ellipsoid((0.06, 0.06, 0.07), (0, 0, z - tall), "light")]
    if rng.random() < 0.35:
        for a in np.arange(3) * 2 * np.pi / 3:
            foot = (0.26 * np.cos(a), 0.26 * np.sin(a), 0.02)
            parts.append(tube([foot, (0, 0, z - tall - 0.02)], 0.018, metal))
        parts.append(tube([(0, 0, z - tall - 0.1), (0, 0, z - tall + 0.05)], 0.018, metal))
    else:
        parts += [cylinder(0.15, 0.03, surface=metal), cylinder(0.016, z - tall, surface=metal)]
    return centred(parts)


def _candle(rng: Generator) -> Model:
    parts: list[Part] = []
    count = int(rng.choice([1, 1, 3]))
    for n in range(count):
        r, z = rng.uniform(0.026, 0.04), rng.uniform(0.1, 0.22)
        at = (0.09 * np.cos(n * 2.1) * (count > 1), 0.09 * np.sin(n * 2.1) * (count > 1))
        stick = [cylinder(r, z, (0, 0, 0.02)), cylinder(r * 1.7, 0.022, surface="brass")]
        stick.append(tube([(0, 0, z + 0.015), (0, 0, z + 0.045)], 0.005, "black", 6))
        stick.append(
            lathe([(0.006, 0), (0.018, 0.02), (0.002, 0.06)], "light", 8).moved(z=z + 0.035)
        )
        parts += [part.moved(*at) for part in stick]
    if count > 1:
        parts.append(cylinder(0.16, 0.012, (0, 0, 0), "dark wood"))
    return centred(parts)


def _fireplace(rng: Generator) -> Model:
    x, y, z = rng.uniform(0.3, 0.4), rng.uniform(1.1, 1.4), rng.uniform(0.95, 1.15)
    hole, top = y * rng.uniform(0.5, 0.6), z * rng.uniform(0.6, 0.7)
    side = (y - hole) / 2
    parts = [box((0.05, y, z), (-x / 2 + 0.025, 0, 0), "black")]
    for s in (-1, 1):
        parts.append(box((x, side, z), (0, s * (y - side) / 2, 0)))
    parts.append(box((x, y, z - top), (0, 0, top)))
    parts.append(
        box((x + 0.08, y + 0.16, 0.06), (0.04, 0, z), str(rng.choice(["wood", "white", "stone"])))
    )
    parts.append(box((x, hole, 0.04), (0, 0, 0), "stone"))
    for n in range(3):
        log = cylinder(0.045, hole * 0.7, surface="dark wood").turned(90, "x")
        parts.append(log.moved(0.06 * (n - 1), hole * 0.35, 0.08 + 0.07 * (n == 1)))
    for n, hue in enumerate(("red", "light", "yellow")):
        flame = lathe([(0.03, 0), (0.06, 0.07), (0.002, 0.26 - 0.04 * n)], hue, 8)
        parts.append(flame.moved(0.03, hole * 0.18 * (n - 1), 0.14))
    shelf = Shelf((-x / 2 + 0.02, -y / 2), (x / 2 + 0.06, y / 2), z + 0.06)
    return centred(parts, shelf)


CLASSES = (
    ObjectClass(
        "table lamp",
        _table_lamp,
        ("bedroom", "living room", "office"),
        "surface",
        materials=("fabric", "paint", "striped", "dotted"),
    ),
    ObjectClass("floor lamp", _floor_lamp, _LIVED_IN, materials=("fabric", "paper", "striped")),
    ObjectClass("candle", _candle, ("living room", "bathroom"), "surface"),
    ObjectClass(
        "fireplace", _fireplace, _LIVING, "wall side", materials=("stone", "brick", "marble")
    ),
)
