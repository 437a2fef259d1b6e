"""Colours, materials and light of a room, and which of them training never sees."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lexel.synthetic.materials import HELD_OUT_COLOURS, HELD_OUT_MATERIALS
from lexel.synthetic.model import COLOURS, ObjectClass
from lexel.synthetic.room import Colour, Finish, Light

_WALLS = ("paint", "tile", "fabric", "brick", "striped")
_FLOORS = ("planks", "tile", "fabric", "stone", "marble", "checked")
_BATH_FLOORS = ("tile", "stone", "marble")


class Style:
    """Draws looks. `seen` ones only what training may show, `novel` ones only what it may not."""

    def __init__(self, rng: np.random.Generator, look: str = "seen") -> None:
        """`look`: `seen`, `novel`, or `any colour` (seen materials and light, all colours)."""
        self._rng = rng
        self._look = look

    def colour_of(self, kind: ObjectClass) -> str:
        names = kind.colours or tuple(COLOURS)
        if self._look == "any colour":
            return str(self._rng.choice(names))
        return self._pick(names, HELD_OUT_COLOURS)

    def material_of(self, kind: ObjectClass) -> str:
        return self._pick(kind.materials, HELD_OUT_MATERIALS)

    def shade(self, colour: str) -> Colour:
        """The named colour, a little lighter, darker or off."""
        rgb = np.array(COLOURS[colour]) * self._rng.uniform(0.88, 1.1)
        rgb = np.clip(rgb + self._rng.normal(0, 0.015, 3), 0.02, 1)
        return (float(rgb[0]), float(rgb[1]), float(rgb[2]))

    def wall(self, kind: str) -> Finish:
        tint = self._rng.uniform(0.7, 0.95) * (1 - self._rng.uniform(0, 0.18, 3))
        allowed = _WALLS[:2] if kind == "bathroom" else _WALLS
        return Finish(_rgb(tint), self._pick(allowed, HELD_OUT_MATERIALS))

    def floor(self, kind: str) -> Finish:
        warm = np.array([0.55, 0.42, 0.30]) if self._rng.random() < 0.6 else np.full(3, 0.55)
        allowed = _BATH_FLOORS if kind == "bathroom" else _FLOORS
        material = self._pick(allowed, HELD_OUT_MATERIALS)
        return Finish(_rgb(warm * self._rng.uniform(0.6, 1.25)), material)

    def light(self, size: Colour) -> Light:
        """Training light is white to warm and from above; novel light is tinted, low or dim."""
        novel = self._look == "novel"
        azimuth = self._rng.uniform(0, 2 * np.pi)
        height = np.radians(self._rng.uniform(8, 25) if novel else self._rng.uniform(35, 75))
        level = self._rng.uniform(0.35, 0.6) if novel else self._rng.uniform(0.8, 1.15)
        if novel:
            tint = np.array([[0.6, 0.8, 1.25], [1.25, 0.75, 0.55]][self._rng.integers(2)])
        else:
            tint = np.array([1.0, self._rng.uniform(0.9, 1.0), self._rng.uniform(0.78, 1.0)])
        share = self._rng.uniform(0.2, 0.6)
        lamp = (*self._rng.uniform(-0.25, 0.25, 2) * np.array(size[:2]), size[2] - 0.15)
        sun = (np.cos(azimuth) * np.cos(height), np.sin(azimuth) * np.cos(height), np.sin(height))
        return Light(
            lamp=_rgb(np.array(lamp)),
            sun=_rgb(np.array(sun)),
            lamp_rgb=_rgb(level * (1 - share) * 0.75 * tint),
            sun_rgb=_rgb(level * share * 0.75 * tint),
            ambient_rgb=_rgb(level * self._rng.uniform(0.4, 0.6) * (0.5 + 0.5 * tint)),
        )

    def _pick(self, names: Sequence[str], held_out: Sequence[str]) -> str:
        """One of the names that this look allows; any where it allows none."""
        keep = [n for n in names if (n in held_out) == (self._look == "novel")]
        return str(self._rng.choice(keep or [n for n in names if n not in held_out] or names))


def _rgb(values: np.ndarray) -> Colour:
    return (float(values[0]), float(values[1]), float(values[2]))
