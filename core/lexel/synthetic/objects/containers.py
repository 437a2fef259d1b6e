"""Things to put other things into."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from lexel.synthetic.model import Model, ObjectClass, Shelf, centred
from lexel.synthetic.objects.forms import Outline, ball, facing, oval, pick, rod, stack
from lexel.synthetic.shapes import Part, box, cylinder, lathe, prism, rounded_rectangle, torus, tube

_APPLIANCE = ("plastic", "metal", "paint")


@dataclass(frozen=True)
class _Basket:
    """A vessel about the z axis that widens upwards; `t` runs from its floor 0 to its rim 1."""

    half_x: float
    half_y: float
    tall: float
    power: float
    foot: float

    def ring(self, t: float, shift: float = 0.0) -> Outline:
        k = self.foot + (1 - self.foot) * t
        return oval(self.half_x * k + shift, self.half_y * k + shift, self.power, sides=24)

    def around(self, t: float, count: int, shift: float) -> list[tuple[float, float]]:
        """Places at equal distances."""
        outline = self.ring(t, shift)
        length = np.r_[
            0, np.cumsum(np.linalg.norm(np.diff(outline, axis=0, append=outline[:1]), axis=1))
        ]
        at, loop = np.arange(count) / count * length[-1], np.vstack([outline, outline[:1]])
        return [
            (float(np.interp(a, length, loop[:, 0])), float(np.interp(a, length, loop[:, 1])))
            for a in at
        ]

    def hoop(self, t: float, thick: float, shift: float = 0.0, surface: str = "main") -> Part:
        path = [(x, y, self.tall * t) for x, y in self.ring(t, shift)]
        return tube(path, thick, surface, 4, closed=True)

    def slats(self, count: int, shift: float, thick: float) -> list[Part]:
        ends = zip(self.around(0, count, shift), self.around(1, count, shift), strict=True)
        return [rod((*low, 0.0), (*high, self.tall), thick, "main", 4) for low, high in ends]


def _laundry_basket(rng: Generator) -> Model:
    half_x, half_y = rng.uniform(0.19, 0.25), rng.uniform(0.2, 0.32)
    style = pick(rng, "holes", "slats", "wicker", "hamper")
    tall = rng.uniform(0.5, 0.65) if style == "hamper" else rng.uniform(0.3, 0.45)
    power = float(rng.choice([2.0, 5.0]))
    foot = rng.uniform(0.72, 0.92)
    basket = _Basket(half_x, half_y, tall, power, foot)
    inner = "white" if style in ("slats", "hamper") else "main"
    rings = [(basket.ring(0), 0.0), (basket.ring(1), tall)]
    rings += [(basket.ring(1, -0.02), tall), (basket.ring(0, -0.02), 0.02)]
    parts = [stack(rings, inner), basket.hoop(1.0, 0.02), *_basket_walls(rng, style, basket)]
    for side in (-1, 1):
        y, z = side * (half_y + 0.01), tall * 0.92
        path = [
            (-0.09, y, z),
            (-0.07, y + side * 0.05, z + 0.06),
            (0.07, y + side * 0.05, z + 0.06),
        ]
        parts.append(tube([*path, (0.09, y, z)], 0.016, pick(rng, "main", "dark"), 6))
    if rng.random() < 0.6:
        return centred([*parts, *_laundry(rng, basket)])
    x, y = half_x * foot * 0.62, half_y * foot * 0.62
    return centred(parts, Shelf((-x, -y), (x, y), 0.02, None, "in"))


def _basket_walls(rng: Generator, style: str, basket: _Basket) -> list[Part]:
    """What the sides are made of."""
    tall, parts = basket.tall, list[Part]()
    if style == "holes":
        count = 16
        for t in (0.22, 0.45, 0.68):
            ends = zip(basket.around(t, count, 0.0), basket.around(t, count, 0.1), strict=True)
            for (x, y), (x2, y2) in ends:
                turn = float(np.degrees(np.arctan2(y2 - y, x2 - x)))
                slot = box((0.016, 0.04, tall * 0.15), (0, 0, tall * t), "dark")
                parts.append(slot.turned(turn).moved(x, y))
    elif style == "slats":
        parts += [*basket.slats(22, 0.006, 0.019), basket.hoop(0.03, 0.022)]
        parts.append(basket.hoop(0.5, 0.02, 0.012))
    elif style == "wicker":
        count = int(rng.integers(5, 8))
        parts += [basket.hoop((k + 0.5) / count, tall / count * 0.42) for k in range(count)]
        parts += [basket.hoop(k + 0.02, 0.014, 0.018, "dark wood") for k in (0.0, 0.5)]
    else:
        parts += [*basket.slats(26, 0.004, 0.022), basket.hoop(0.03, 0.024)]
    return parts


def _laundry(rng: Generator, basket: _Basket) -> list[Part]:
    """A heap that fills it."""
    half_x, half_y, tall = basket.half_x, basket.half_y, basket.tall
    parts: list[Part] = []
    for _ in range(int(rng.integers(3, 6))):
        x, y = rng.uniform(-0.35, 0.35) * half_x, rng.uniform(-0.45, 0.45) * half_y
        size = (half_x * rng.uniform(0.4, 0.6), half_y * rng.uniform(0.4, 0.55), tall * 0.25)
        cloth = pick(rng, "paper", "blue", "red", "white", "green", "yellow")
        heap = ball(size, (0, 0, 0), cloth, 8).turned(rng.uniform(0, 90))
        parts.append(heap.moved(x, y, tall * rng.uniform(0.8, 0.92)))
    fill = basket.ring(0.75, -0.015)
    return [*parts, prism(fill.tolist(), 0.02, "paper").moved(z=tall * 0.72)]


def _garbage_can(rng: Generator) -> Model:
    r, z = rng.uniform(0.13, 0.19), rng.uniform(0.35, 0.6)
    if rng.random() < 0.5:
        parts = [lathe([(r * 0.8, 0), (r, z), (r - 0.02, z), (r * 0.75, 0.02)])]
        parts.append(torus(r, 0.014, (0, 0, z), "dark"))
        half = r * 0.5
        return Model(parts, [Shelf((-half, -half), (half, half), 0.02, relation="in")])
    parts = [cylinder(r, z), cylinder(r * 1.03, 0.03, (0, 0, z), "dark")]
    parts.append(lathe([(r, z + 0.03), (r * 0.85, z + 0.09), (r * 0.3, z + 0.12)]))
    parts.append(box((0.09, 0.12, 0.025), (r + 0.025, 0, 0.01), "black"))
    if rng.random() < 0.5:
        parts.append(box((0.02, r * 1.2, 0.07), (r * 0.82, 0, z + 0.02), "black"))
    return centred(parts)


def _cardboard_box(rng: Generator) -> Model:
    x, y, z = rng.uniform(0.3, 0.45), rng.uniform(0.34, 0.55), rng.uniform(0.24, 0.4)
    t = 0.015
    parts = [box((x, y, t))]
    for side in (-1, 1):
        parts.append(box((t, y, z), (side * (x - t) / 2, 0, 0)))
        parts.append(box((x, t, z), (0, side * (y - t) / 2, 0)))
    inner = (x / 2 - 0.02, y / 2 - 0.02)
    if rng.random() < 0.5:
        for side in (-1, 1):
            flap = box((x * 0.5, y, t)).moved(x * 0.25).turned(float(rng.uniform(-50, 40)), "y")
            flap = flap if side > 0 else flap.turned(180)
            parts.append(flap.moved(side * (x / 2 - 0.01), 0, z - 0.01))
        return centred(parts, Shelf((-inner[0], -inner[1]), inner, t, relation="in"))
    parts += [box((x, y, t), (0, 0, z)), box((x + 0.004, 0.05, 0.004), (0, 0, z + t), "paper")]
    for side in (-1, 1):
        parts.append(box((0.004, 0.05, 0.08), (side * x / 2, 0, z + t - 0.078), "paper"))
    inside = Shelf((-inner[0], -inner[1]), inner, t, z - t, "in")
    return centred(parts, Shelf((-x / 2, -y / 2), (x / 2, y / 2), z + t + 0.004), inside)


def _suitcase(rng: Generator) -> Model:
    deep, wide, tall = rng.uniform(0.2, 0.3), rng.uniform(0.36, 0.5), rng.uniform(0.5, 0.72)
    modern = rng.random() < 0.65
    trim = pick(rng, "black", "dark", "grey")
    lift = 0.06 if modern else 0.0
    round_by = rng.uniform(0.05, 0.09) if modern else 0.03
    shell = facing(prism(rounded_rectangle(wide, tall, round_by), deep))
    parts = [shell.moved(-deep / 2, 0, lift + tall / 2)]
    if not modern:
        return centred([*parts, *_straps(rng, deep, wide, tall)])
    front = deep / 2
    parts += _front_of_case(rng, deep, wide, tall, lift)
    seam = facing(prism(rounded_rectangle(wide + 0.012, tall + 0.012, round_by), 0.018, trim))
    parts.append(seam.moved(-0.009, 0, lift + tall / 2))
    for x in (-front * 0.65, front * 0.65):
        for y in (-wide * 0.38, wide * 0.38):
            wheel = cylinder(0.034, 0.035, (0, 0, -0.017), trim, sides=12).turned(90, "x")
            parts += [wheel.moved(x, y, 0.034), box((0.04, 0.045, 0.04), (x, y, 0.04), "dark")]
    reach, span = rng.uniform(0.2, 0.42), wide * rng.uniform(0.2, 0.27)
    top = lift + tall
    for side in (-1, 1):
        x, y = -front * 0.6, side * span
        parts.append(rod((x, y, top - 0.02), (x, y, top + reach), 0.012, "metal"))
    parts.append(box((0.035, span * 2 + 0.05, 0.045), (-front * 0.6, 0, top + reach - 0.02), trim))
    grip = [(0.03, -0.08, top - 0.01), (0.03, -0.06, top + 0.03)]
    grip += [(0.03, 0.06, top + 0.03), (0.03, 0.08, top - 0.01)]
    parts.append(tube(grip, 0.013, trim, 8))
    return centred(parts)


def _straps(rng: Generator, deep: float, wide: float, tall: float) -> list[Part]:
    """Straps, corners and the handle of an old suitcase of leather."""
    parts: list[Part] = []
    front = deep / 2
    leather, metal = pick(rng, "dark wood", "wood", "black"), pick(rng, "brass", "metal")
    for side in (-1, 1):
        strap = box((deep + 0.02, 0.04, tall + 0.02), (0, side * wide * 0.28, -0.01), leather)
        buckle = box((0.02, 0.055, 0.05), (front + 0.01, side * wide * 0.28, tall * 0.68), metal)
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
    return parts


def _front_of_case(
    rng: Generator, deep: float, wide: float, tall: float, lift: float
) -> list[Part]:
    """Ribs or pockets of a case that stands `lift` above the floor."""
    parts: list[Part] = []
    front = deep / 2
    style = pick(rng, "vertical", "horizontal", "pockets")
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
            parts.append(facing(pocket).moved(front - 0.005, 0, lift + tall * (z + high / 2)))
            zipper = box(
                (0.02, wide * 0.7, 0.016), (front + 0.032, 0, lift + tall * (z + high * 0.8))
            )
            parts.append(zipper.of("metal"))
    return parts


CLASSES = (
    ObjectClass(
        "laundry basket",
        _laundry_basket,
        ("bathroom", "bedroom"),
        "floor",
        materials=("plastic", "fabric", "wood"),
    ),
    ObjectClass(
        "garbage can",
        _garbage_can,
        ("kitchen", "bathroom", "office", "workshop"),
        materials=_APPLIANCE,
    ),
    ObjectClass(
        "cardboard box",
        _cardboard_box,
        ("workshop", "office", "bedroom"),
        "floor",
        ("brown", "beige"),
        ("paper",),
    ),
    ObjectClass(
        "suitcase",
        _suitcase,
        ("bedroom",),
        "floor",
        materials=("plastic", "leather", "fabric", "checked"),
    ),
)
