"""Screens, and machines that go with them."""

from __future__ import annotations

from numpy.random import Generator

from lexel.synthetic.model import Model, ObjectClass, centred
from lexel.synthetic.shapes import box, cylinder, ellipsoid, prism, rounded_rectangle, tube

_LIVED_IN = ("living room", "bedroom")
_HUES = ("red", "yellow", "blue", "green")
_APPLIANCE = ("plastic", "metal", "paint")
_OFFICE = ("office",)


def _television(rng: Generator) -> Model:
    y = rng.uniform(0.6, 0.95)
    z, lift = y * rng.uniform(0.56, 0.62), rng.uniform(0.05, 0.09)
    frame = 0.03
    parts = [box((0.05, y, z), (0, 0, lift))]
    screen = (0.014, y - 2 * frame, z - 2 * frame)
    parts.append(box(screen, (0.023, 0, lift + frame), "screen"))
    if rng.random() < 0.5:
        parts.append(box((0.22, y * 0.5, 0.02), (0, 0, 0)))
        parts.append(box((0.04, 0.1, lift + 0.02)))
    else:
        for side in (-1, 1):
            for lean in (-1, 1):
                foot = [(0, side * y * 0.35, lift + 0.01), (lean * 0.1, side * y * 0.38, 0.011)]
                parts.append(tube(foot, 0.011))
    if rng.random() < 0.35:  # a bright picture is on
        hue = str(rng.choice(["blue", "green", "red"]))
        parts.append(box((0.016, y * 0.5, z * 0.4), (0.024, 0, lift + z * 0.25), hue))
    return Model(parts)


def _laptop(rng: Generator) -> Model:
    x, y = rng.uniform(0.22, 0.26), rng.uniform(0.32, 0.38)
    parts = [box((x, y, 0.02), bevel=0.012)]
    parts.append(box((x * 0.48, y * 0.88, 0.006), (-x * 0.16, 0, 0.019), "dark"))
    for row in range(3):
        at = (-x * (0.3 - 0.13 * row), 0.0, 0.024)
        parts.append(box((x * 0.09, y * 0.8, 0.004), at, "grey"))
    parts.append(box((x * 0.24, y * 0.3, 0.004), (x * 0.3, 0, 0.019), "grey"))
    lean = -float(rng.uniform(8, 25))
    lid = [
        box((0.014, y, x), bevel=0.0),
        box((0.008, y * 0.92, x * 0.86), (0.006, 0, x * 0.08), "screen"),
    ]
    lid.append(box((0.006, y * 0.4, x * 0.3), (0.009, 0, x * 0.4), str(rng.choice(_HUES))))
    parts += [part.turned(lean, "y").moved(-x / 2 + 0.008, 0, 0.012) for part in lid]
    return centred(parts)


def _desktop(rng: Generator) -> Model:
    y = rng.uniform(0.44, 0.56)
    z, lift = y * 0.62, rng.uniform(0.09, 0.13)
    parts = [box((0.035, y, z), (0, 0, lift))]
    parts.append(box((0.012, y - 0.04, z - 0.05), (0.014, 0, lift + 0.03), "screen"))
    parts.append(
        box((0.006, y * 0.4, z * 0.4), (0.02, 0.02, lift + z * 0.35), str(rng.choice(_HUES)))
    )
    parts += [box((0.16, 0.22, 0.018)), box((0.03, 0.06, lift + 0.05), (-0.02, 0, 0))]
    parts.append(box((0.13, y * 0.85, 0.02), (0.24, 0, 0)))
    for row in range(3):
        parts.append(box((0.025, y * 0.78, 0.008), (0.205 + 0.036 * row, 0, 0.018), "grey"))
    parts.append(ellipsoid((0.045, 0.028, 0.018), (0.24, -y * 0.56, 0.018), "dark", 12))
    side = float(rng.choice([-1, 1]))
    tower = (0.02, side * (y / 2 + 0.14), 0.0)
    parts.append(box((0.36, 0.17, 0.38), tower))
    parts.append(box((0.01, 0.14, 0.03), (0.2, tower[1], 0.31), "dark"))
    button = cylinder(0.018, 0.01, surface="green").turned(90, "y")
    parts.append(button.moved(0.198, tower[1], 0.25))
    return centred(parts)


def _cell_phone(rng: Generator) -> Model:
    y, z = rng.uniform(0.075, 0.09), rng.uniform(0.15, 0.18)
    parts = [prism(rounded_rectangle(y, z, 0.015), 0.016)]
    parts.append(prism(rounded_rectangle(y * 0.9, z * 0.9, 0.01), 0.004, "screen").moved(z=0.015))
    for row in range(3):
        for column in range(3):
            at = (y * 0.26 * (column - 1), z * 0.2 * (row - 0.6), 0.018)
            hue = str(rng.choice([*_HUES, "white"]))
            parts.append(box((y * 0.16, y * 0.16, 0.004), at, hue))
    if rng.random() < 0.5:  # upright in a dock, its screen to the front
        parts = [p.moved(z=-0.008).turned(90, "x").turned(90).turned(-15, "y") for p in parts]
        parts = [p.moved(0, 0, z / 2 + 0.01) for p in parts]
        parts.append(box((0.09, y * 0.9, 0.02), surface="dark", bevel=0.01))
    return centred(parts)


def _printer(rng: Generator) -> Model:
    x, y, z = rng.uniform(0.34, 0.4), rng.uniform(0.4, 0.48), rng.uniform(0.18, 0.26)
    parts = [box((x, y, z), bevel=0.03), box((x * 0.9, y * 0.8, 0.03), (0, 0, z), "dark", 0.02)]
    parts.append(box((0.02, y * 0.7, 0.06), (x / 2, 0, z * 0.35), "black"))
    parts.append(box((0.2, y * 0.6, 0.015), (x / 2 + 0.08, 0, z * 0.3), "dark"))
    parts.append(box((0.18, y * 0.5, 0.012), (x / 2 + 0.07, 0, z * 0.3 + 0.014), "paper"))
    feed = box((0.015, y * 0.6, 0.2), surface="dark").turned(-25, "y")
    paper = box((0.012, y * 0.5, 0.26), surface="paper").turned(-25, "y")
    parts += [feed.moved(-x * 0.38, 0, z), paper.moved(-x * 0.36, 0, z)]
    parts.append(box((0.05, 0.09, 0.02), (x * 0.38, y * 0.33, z + 0.015), "screen"))
    parts.append(box((0.02, 0.025, 0.02), (x * 0.42, y * 0.18, z + 0.015), "green"))
    return centred(parts)


CLASSES = (
    ObjectClass("television", _television, _LIVED_IN, "surface", ("black", "grey", "white", "red")),
    ObjectClass("laptop", _laptop, ("office", "bedroom"), "surface", materials=_APPLIANCE),
    ObjectClass("desktop", _desktop, _OFFICE, "surface", materials=_APPLIANCE),
    ObjectClass(
        "cell phone",
        _cell_phone,
        ("office", "bedroom", "living room"),
        "surface",
        materials=_APPLIANCE,
    ),
    ObjectClass("printer", _printer, _OFFICE, "surface", materials=("plastic", "paint")),
)
