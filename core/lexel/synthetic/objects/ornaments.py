"""What adorns a room."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from lexel.synthetic.model import Model, ObjectClass, centred
from lexel.synthetic.objects.forms import Outline, ball, facing, hung, oval, pick, stack
from lexel.synthetic.shapes import box, cylinder, ellipsoid, lathe, prism, tube

_LIVING = ("living room",)
_HUES = ("red", "yellow", "blue", "green", "white", "dark")
_LIVED_IN = ("living room", "bedroom")
_OFFICE = ("office",)


def _house_plant(rng: Generator) -> Model:
    r, pot = rng.uniform(0.12, 0.18), rng.uniform(0.18, 0.3)
    tall = rng.uniform(0.35, 0.8)
    parts = [lathe([(r * 0.7, 0), (r, pot), (r - 0.02, pot), (r * 0.65, pot * 0.8)])]
    parts.append(lathe([(r * 0.88, pot * 0.82), (r * 0.88, pot * 0.9)], "soil"))
    style = rng.integers(3)
    if style == 0:  # a little tree
        parts.append(cylinder(0.025, tall * 0.7, (0, 0, pot * 0.8), "dark wood"))
        for _ in range(6):
            x, y = rng.uniform(-0.14, 0.14, 2)
            at = (float(x), float(y), pot + tall * rng.uniform(0.6, 0.95))
            parts.append(ellipsoid((0.15, 0.15, 0.13), at, "leaf", 10))
    else:
        for n in range(int(rng.integers(9, 14))):
            a, lean = n * 2.4, rng.uniform(0.15, 0.42) if style == 1 else rng.uniform(0.02, 0.12)
            c, s = np.cos(a), np.sin(a)
            top = tall * rng.uniform(0.7, 1.0)
            path = [
                (0.02 * c, 0.02 * s, pot * 0.85),
                (lean * 0.4 * c, lean * 0.4 * s, pot + top * 0.75),
            ]
            path.append((lean * c, lean * s, pot + top * (0.75 if style == 1 else 1.0)))
            parts.append(tube(path, [0.018, 0.045, 0.006], "leaf", 6))
    return centred(parts)


def _vase(rng: Generator) -> Model:
    r, z = rng.uniform(0.06, 0.09), rng.uniform(0.2, 0.32)
    curve = [(0.6, 0), (1.0, 0.3), (0.95, 0.5), (0.4, 0.8), (rng.uniform(0.5, 0.8), 1.0)]
    outer = [(r * a, z * b) for a, b in curve]
    parts = [lathe([*outer, (outer[-1][0] - 0.012, z), (r * 0.25, z * 0.78)])]
    if rng.random() < 0.75:
        hue = str(rng.choice(["red", "yellow", "blue", "white"]))
        for n in range(int(rng.integers(3, 6))):
            x, y = 0.09 * np.cos(n * 2.2), 0.09 * np.sin(n * 2.2)
            top = z * rng.uniform(1.5, 1.9)
            parts.append(tube([(0, 0, z * 0.75), (x, y, top)], 0.007, "leaf", 6))
            parts.append(ellipsoid((0.036, 0.036, 0.026), (x, y, top), hue, 10))
            parts.append(ellipsoid((0.014, 0.014, 0.012), (x, y, top + 0.02), "yellow", 8))
    return centred(parts)


def _picture_frame(rng: Generator) -> Model:
    y, z = rng.uniform(0.4, 0.9), rng.uniform(0.35, 0.7)
    edge = rng.uniform(0.04, 0.07)
    parts = [box((0.02, y, z), (0.01, 0, -z / 2), "paper")]
    for side in (-1, 1):
        parts.append(box((0.045, edge, z), (0.0225, side * (y - edge) / 2, -z / 2)))
        parts.append(box((0.045, y, edge), (0.0225, 0, -z / 2 if side < 0 else z / 2 - edge)))
    low, wide, tall = -z / 2 + edge, y - 2 * edge, z - 2 * edge
    if rng.random() < 0.5:  # a landscape: sky, hills and a sun
        parts.append(box((0.006, wide, tall * 0.6), (0.022, 0, low + tall * 0.4), "blue"))
        parts.append(box((0.006, wide, tall * 0.4), (0.022, 0, low), "green"))
        sun = cylinder(min(wide, tall) * 0.13, 0.008, surface="yellow").turned(90, "y")
        parts.append(sun.moved(0.022, wide * rng.uniform(-0.3, 0.3), low + tall * 0.75))
    else:
        for n in range(int(rng.integers(3, 6))):
            w, h = wide * rng.uniform(0.2, 0.5), tall * rng.uniform(0.2, 0.5)
            at = (
                0.022 + 0.002 * n,
                (wide - w) * rng.uniform(-0.5, 0.5),
                low + (tall - h) * rng.random(),
            )
            parts.append(box((0.006, w, h), at, str(rng.choice(_HUES))))
    return Model(parts)


def _mirror(rng: Generator) -> Model:
    shape = pick(rng, "rectangle", "oval", "round", "arch", "octagon", "sunburst", "ornate")
    half_y, half_z = rng.uniform(0.22, 0.4), rng.uniform(0.32, 0.5)
    rim, deep = rng.uniform(0.06, 0.09), rng.uniform(0.025, 0.045)
    if shape in ("round", "octagon", "sunburst"):
        half_z = half_y = rng.uniform(0.24, 0.38)
    if shape == "sunburst":
        half_y = half_z = rng.uniform(0.18, 0.24)

    def outline(inset: float) -> Outline:
        y, z = half_y - inset, half_z - inset
        if shape in ("rectangle", "ornate"):
            return oval(y, z, 40.0 if shape == "rectangle" else 4.0)
        if shape == "octagon":
            flat = oval(y, z, 2.0, sides=8)
            eighth = np.array([[0.924, 0.383], [-0.383, 0.924]])
            turned: Outline = flat @ eighth
            return turned
        if shape == "arch":
            angle = np.linspace(0, np.pi, 15)
            bow = np.stack([y * np.cos(angle), half_z - half_y + y * np.sin(angle)], 1)
            return np.concatenate([[[0.0, -z]], [[y, -z]], bow, [[-y, -z]]])
        return oval(y, z)

    frame = [(outline(0), 0.0), (outline(0), deep * 0.6), (outline(rim * 0.35), deep)]
    frame += [(outline(rim * 0.8), deep * 0.8), (outline(rim), deep * 0.5)]
    parts = [facing(stack(frame))]
    parts.append(facing(prism(outline(rim * 0.9).tolist(), deep * 0.65, "mirror")))
    if shape == "sunburst":
        count = int(rng.integers(12, 20))
        for i in range(count):
            long = half_y * (0.9 if i % 2 else 0.6)
            ray = [(-0.028, 0.0), (0.028, 0.0), (0.008, long), (-0.008, long)]
            spike = facing(prism(ray, 0.018)).moved(z=half_y - 0.02)
            parts.append(spike.turned(360 / count * i, "x"))
    elif shape == "ornate":
        for y, z in ((0, half_z), (0, -half_z), (half_y, 0), (-half_y, 0)):
            for shift in (-0.06, 0.0, 0.06):
                dy, dz = (shift, 0.0) if y == 0 else (0.0, shift)
                parts.append(ball((0.03, 0.045, 0.045), (0.03, y + dy, z + dz), "main", 10))
    elif shape == "rectangle" and rng.random() < 0.5:
        parts.append(box((0.12, half_y * 2, 0.02), (0.06, 0, -half_z - 0.01)))
    return hung(parts)


def _rug(rng: Generator) -> Model:
    x, y = rng.uniform(0.8, 1.3), rng.uniform(1.0, 1.7)
    if rng.random() < 0.3:
        parts = [
            cylinder(x / 2, 0.012, sides=32),
            cylinder(x * 0.36, 0.016, sides=32, surface="white"),
        ]
        parts.append(cylinder(x * 0.3, 0.02, sides=32))
    else:
        parts = [box((x, y, 0.012)), box((x * 0.8, y * 0.84, 0.016), surface="white")]
        parts.append(box((x * 0.72, y * 0.78, 0.02)))
        for n in range(12):
            for side in (-1, 1):
                at = (x * (n - 5.5) / 12, side * (y / 2 + 0.02), 0.0)
                parts.append(box((0.025, 0.06, 0.01), at, "paper"))
    return Model(parts)


def _globe(rng: Generator) -> Model:
    r = rng.uniform(0.12, 0.17)
    centre = (0.0, 0.0, r + 0.1)
    parts = [ellipsoid((r, r, r), centre, sides=24)]
    for _ in range(9):  # continents
        d = rng.normal(0, 1, 3)
        d /= np.linalg.norm(d)
        size = r * rng.uniform(0.25, 0.45)
        at = (float(d[0] * r * 0.75), float(d[1] * r * 0.75), centre[2] + float(d[2] * r * 0.75))
        parts.append(ellipsoid((size, size, size), at, str(rng.choice(["green", "bread"])), 12))
    arc = [
        (-(r + 0.02) * np.cos(a), 0.0, centre[2] + (r + 0.02) * np.sin(a))
        for a in np.linspace(-1.5, 1.5, 13)
    ]
    parts.append(tube(arc, 0.011, "brass", 8))
    parts.append(cylinder(0.014, 0.1, surface="brass"))
    parts.append(lathe([(r * 0.75, 0), (r * 0.75, 0.02), (0.02, 0.05)], "dark wood"))
    return centred(parts)


CLASSES = (
    ObjectClass(
        "house plant",
        _house_plant,
        ("living room", "office", "bathroom"),
        materials=("ceramic", "stone"),
    ),
    ObjectClass("vase", _vase, _LIVING, "surface", materials=("ceramic", "striped", "dotted")),
    ObjectClass(
        "picture frame",
        _picture_frame,
        ("living room", "bedroom", "office"),
        "wall",
        materials=("wood", "paint"),
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
        "rug", _rug, _LIVED_IN, "rug", materials=("fabric", "striped", "checked", "dotted")
    ),
    ObjectClass(
        "globe", _globe, _OFFICE, "surface", ("blue", "turquoise", "teal", "navy", "beige")
    ),
)
