"""Beds, and what lies on them."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from lexel.synthetic.model import Model, ObjectClass, Shelf, centred
from lexel.synthetic.objects.forms import across, ball, cushion, facing, oval, pick, styled_legs
from lexel.synthetic.shapes import Part, box, cylinder, prism, rounded_rectangle, tapered, tube

_WOODS = ("wood", "dark wood", "light wood", "white")
_CLOTH = ("fabric", "striped", "checked", "dotted")
_LIVED_IN = ("living room", "bedroom")


def _headboard(rng: Generator, width: float, height: float, surface: str) -> list[Part]:
    """Standing on the floor, front at x = 0.06."""
    style = pick(rng, "panel", "arch", "slats", "bars", "padded", "posts")
    if style == "panel":
        return [box((0.06, width, height), (0.03, 0, 0), surface)]
    if style == "arch":
        angle = np.linspace(0, np.pi, 13)
        rise = rng.uniform(0.15, 0.4)
        outline = [(-width / 2, 0.0), (width / 2, 0.0)]
        outline += [
            (width / 2 * float(np.cos(a)), height - rise + rise * float(np.sin(a))) for a in angle
        ]
        return [facing(prism(outline, 0.06, surface))]
    if style == "padded":
        count = int(rng.integers(3, 6))
        step = width / count
        parts = [box((0.04, width, height), (0.02, 0, 0), "main")]
        for i in range(count):
            centre = (0.05, -width / 2 + (i + 0.5) * step, height * 0.68)
            pad = cushion((height * 0.6, step * 0.97, 0.09), (0, 0, 0)).turned(90, "y")
            parts.append(pad.moved(*centre))
        return parts
    post = 0.035
    top = height + (0.12 if style == "posts" else 0.0)
    parts = []
    for y in (-width / 2 + post, width / 2 - post):
        parts.append(cylinder(post, top, (0.03, y, 0), surface, sides=10))
        parts.append(ball((0.05, 0.05, 0.05), (0.03, y, top), surface, 10))
    for z in (height - 0.06, height * 0.5):
        parts.append(box((0.04, width - post, 0.07), (0.03, 0, z), surface))
    count, wide = int(rng.integers(5, 9)), 0.03 if style == "bars" else 0.09
    for y in np.linspace(-width / 2 + 0.12, width / 2 - 0.12, count):
        parts.append(box((0.025, wide, height * 0.5), (0.03, float(y), height * 0.48), surface))
    return parts


def _bed(rng: Generator) -> Model:
    length, width = rng.uniform(1.9, 2.15), rng.uniform(0.9, 1.8)
    deck, thick = rng.uniform(0.2, 0.32), rng.uniform(0.16, 0.28)
    frame = pick(rng, *_WOODS, "dark metal", "main")
    top = deck + thick
    parts = _headboard(rng, width + 0.08, top + rng.uniform(0.3, 0.6), frame)
    middle, end = 0.06 + length / 2, 0.06 + length
    base = pick(rng, "legs", "box", "drawers")
    if base == "legs":
        style = pick(rng, "square", "turned")
        legs = styled_legs(length / 2 - 0.1, width / 2 - 0.05, deck, 0.08, style, frame)
        parts += [leg.moved(middle) for leg in legs]
        parts.append(box((length, width + 0.06, 0.1), (middle, 0, deck - 0.06), frame))
    else:
        parts.append(box((length, width + 0.04, deck + 0.02), (middle, 0, 0), frame))
    if base == "drawers":
        for x in (middle - length / 4, middle + length / 4):
            size = (length * 0.42, width + 0.08, deck * 0.7)
            parts.append(box(size, (x, 0, 0.04), "white" if frame != "white" else "grey"))
    parts.append(
        across(rounded_rectangle(length, thick, 0.06), width, "white").moved(
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
        roll = across(oval(0.14, puff / 2 + 0.025, 3, sides=16).tolist(), width + 0.06, "paper")
        parts.append(roll.moved(fold + 0.08, 0, top + puff / 2 + 0.01))
    count = 1 if width < 1.2 else 2
    depth, tilt = rng.uniform(0.34, 0.45), rng.uniform(8, 35)
    for i in range(count):
        y = width * ((i + 0.5) / count - 0.5)
        wide = min(0.75, width / count * 0.86)
        pillow = cushion((depth, wide, 0.16), (0, 0, 0), pick(rng, "paper", "main"))
        parts.append(pillow.turned(tilt, "y").moved(0.1 + depth / 2, y, top + 0.07))
    if rng.random() < 0.3:
        parts.append(ball((0.18, 0.2, 0.09), (0.1 + depth, 0, top + 0.2), pick(rng, "main", "red")))
    shelf = Shelf((fold + 0.25, -width / 2 + 0.05), (end - 0.05, width / 2 - 0.05), top + puff)
    return centred(parts, shelf)


def _pillow(rng: Generator) -> Model:
    y, z = rng.uniform(0.36, 0.46), rng.uniform(0.32, 0.44)
    puff = rng.uniform(0.12, 0.17)
    steps = np.linspace(-1, 1, 9)
    rings = [float(np.sqrt(1 - 0.97 * s * s)) for s in steps]
    core = rounded_rectangle(1.0, 1.0, 0.18)
    parts = []
    for low, high, a, b in zip(steps[:-1], steps[1:], rings[:-1], rings[1:], strict=True):
        slab = max(a, b) ** 0.35
        scaled = [(p * y * slab, q * z * slab) for p, q in core]
        parts.append(prism(scaled, (high - low) * puff / 2).moved(z=low * puff / 2))
    lean = float(rng.choice([0, 75]))
    return centred([part.turned(lean, "y") for part in parts])


def _teddy_bear(rng: Generator) -> Model:
    s = rng.uniform(0.7, 1.2)
    fat, big = rng.uniform(0.085, 0.11), rng.uniform(0.075, 0.095)
    pale = pick(rng, "cardboard", "paper", "light wood")
    upright = rng.random() < 0.3
    tall = rng.uniform(0.11, 0.13)
    low = 0.13 if upright else 0.0
    z, top = low + tall * 0.9, low + tall * 1.75 + big * 0.75
    parts = [ball((fat * 0.9, fat, tall), (0, 0, z), "main", 14)]
    parts.append(ball((fat * 0.5, fat * 0.65, tall * 0.7), (fat * 0.48, 0, z), pale))
    parts.append(ball((big * 0.92, big * 1.05, big * 0.95), (0.01, 0, top), "main", 14))
    parts.append(ball((big * 0.5, big * 0.5, big * 0.4), (big * 0.85, 0, top - big * 0.22), pale))
    parts.append(ball((0.018, 0.024, 0.017), (big * 1.32, 0, top - big * 0.08), "black", 8))
    ear, up = rng.uniform(0.034, 0.046), rng.uniform(-30, 60)
    reach = rng.uniform(-30, 30)
    for side in (-1, 1):
        eye = (big * 0.8, side * big * 0.4, top + big * 0.3)
        parts.append(ball((0.015, 0.015, 0.015), eye, "black", 8))
        at = (0.0, side * big * 0.8, top + big * 0.75)
        parts.append(ball((0.022, ear, ear), at, "main", 10))
        parts.append(ball((0.012, ear * 0.65, ear * 0.65), (0.016, at[1], at[2]), pale, 8))
        arm = ball((0.036, 0.036, 0.085), (0, 0, -0.06))
        arm = arm.turned(side * (50 + up * 0.6), "x").turned(side * reach, "z")
        parts.append(arm.moved(0.015, side * fat * 0.8, low + tall * 1.45))
        if upright:
            leg = ball((0.045, 0.045, 0.085), (0, side * fat * 0.55, 0.08))
            parts += [leg, ball((0.06, 0.045, 0.028), (0.03, side * fat * 0.55, 0.026), pale)]
            continue
        leg = ball((0.095, 0.043, 0.043), (0.09, 0, 0))
        sole = ball((0.012, 0.045, 0.052), (0.18, 0, 0.012), pale)
        foot = ball((0.024, 0.05, 0.058), (0.165, 0, 0.012))
        parts += [
            p.turned(side * 22).moved(0.02, side * fat * 0.45, 0.046) for p in (leg, foot, sole)
        ]
    extra = pick(rng, "bow", "scarf", "none")
    neck, bright = low + tall * 1.72, pick(rng, "red", "blue", "green", "yellow")
    if extra == "bow":
        for side in (-1, 1):
            wing = ball((0.016, 0.034, 0.026), (fat * 0.7, side * 0.036, neck - 0.02), bright, 8)
            parts.append(wing)
        parts.append(ball((0.018, 0.014, 0.014), (fat * 0.72, 0, neck - 0.02), bright, 8))
    elif extra == "scarf":
        ring = oval(fat * 0.68, fat * 0.68, sides=16)
        path = [(x, y, neck - 0.01) for x, y in ring]
        parts.append(tube(path, 0.02, bright, 6, closed=True))
    return centred([part.scaled(s, s, s) for part in parts])


CLASSES = (
    ObjectClass("bed", _bed, ("bedroom",), "wall side", materials=_CLOTH),
    ObjectClass(
        "pillow",
        _pillow,
        _LIVED_IN,
        "surface",
        materials=("fabric", "striped", "checked", "dotted"),
    ),
    ObjectClass(
        "teddy bear",
        _teddy_bear,
        ("bedroom",),
        "surface",
        ("brown", "beige", "white", "grey", "pink", "orange", "red", "blue", "purple"),
        ("fabric", "checked", "dotted"),
    ),
)
