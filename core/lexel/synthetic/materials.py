"""What surfaces are made of: procedural textures over an object's own coordinates."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

# Named surfaces of parts that do not take the object's colour: base colour and material.
SURFACES: dict[str, tuple[tuple[float, float, float], str]] = {
    "wood": ((0.55, 0.36, 0.20), "wood"),
    "dark wood": ((0.28, 0.17, 0.10), "wood"),
    "light wood": ((0.78, 0.62, 0.42), "wood"),
    "metal": ((0.62, 0.63, 0.65), "metal"),
    "dark metal": ((0.22, 0.22, 0.24), "metal"),
    "brass": ((0.72, 0.56, 0.24), "metal"),
    "black": ((0.05, 0.05, 0.06), "plastic"),
    "dark": ((0.14, 0.14, 0.15), "plastic"),
    "grey": ((0.50, 0.50, 0.51), "plastic"),
    "white": ((0.93, 0.93, 0.91), "paint"),
    "screen": ((0.06, 0.08, 0.12), "screen"),
    "paper": ((0.90, 0.88, 0.82), "paper"),
    "leaf": ((0.13, 0.42, 0.13), "fabric"),
    "soil": ((0.20, 0.13, 0.08), "stone"),
    "glass": ((0.70, 0.84, 0.88), "glass"),
    "mirror": ((0.80, 0.87, 0.92), "glass"),
    "ceramic": ((0.94, 0.94, 0.95), "ceramic"),
    "stone": ((0.55, 0.54, 0.52), "stone"),
    "skin": ((0.80, 0.60, 0.46), "paint"),
    "red": ((0.75, 0.10, 0.09), "plastic"),
    "yellow": ((0.92, 0.80, 0.15), "plastic"),
    "blue": ((0.12, 0.25, 0.72), "plastic"),
    "green": ((0.13, 0.48, 0.18), "plastic"),
    "bread": ((0.72, 0.46, 0.20), "stone"),
    "light": ((1.00, 0.95, 0.78), "glow"),
    "rubber": ((0.10, 0.10, 0.11), "fabric"),
    "cardboard": ((0.68, 0.52, 0.34), "paper"),
}


def _noise(p: Array, scale: float) -> Array:
    """Smooth value noise [N] in 0..1 of points [N, 3], features `scale` metres apart."""
    q = p / np.float32(scale)
    cell = np.floor(q).astype(np.int64)
    f = q - cell
    f = f * f * (3 - 2 * f)
    total = np.zeros(len(p), np.float32)
    for corner in np.ndindex(2, 2, 2):
        weight = np.prod(np.where(corner, f, 1 - f), axis=1)
        total += weight.astype(np.float32) * _hash(cell + np.array(corner))
    return total


def _hash(cell: NDArray[np.int64]) -> Array:
    mixed = (
        (cell[:, 0] * 73856093) ^ (cell[:, 1] * 19349663) ^ (cell[:, 2] * 83492791)
    ) & 0x7FFFFFFF
    mixed = ((mixed >> 13) ^ mixed) * 1274126177 & 0x7FFFFFFF
    return (mixed % 1024).astype(np.float32) / 1023


def _wave(x: Array, period: float) -> Array:
    """0..1 square-ish stripes along x."""
    return (np.sin(2 * np.pi * x / period) > 0).astype(np.float32)


def _wood(p: Array) -> Array:
    rings = 60 * (p[:, 1] + 0.35 * p[:, 2]) + 5 * _noise(
        p * np.array([0.3, 1, 1], np.float32), 0.12
    )
    return 0.92 + 0.09 * np.sin(rings)


def _metal(p: Array) -> Array:
    return 0.96 + 0.06 * (_noise(p * np.array([1, 1, 12], np.float32), 0.05) - 0.5)


def _fabric(p: Array) -> Array:
    return 0.95 + 0.14 * (_noise(p, 0.08) - 0.5) + 0.10 * (_noise(p, 0.012) - 0.5)


def _leather(p: Array) -> Array:
    return 0.94 + 0.16 * (_noise(p, 0.02) - 0.5) + 0.12 * (_noise(p, 0.2) - 0.5)


def _paper(p: Array) -> Array:
    return 0.97 + 0.06 * (_noise(p, 0.02) - 0.5)


def _stone(p: Array) -> Array:
    return 0.85 + 0.35 * (_noise(p, 0.03) - 0.5) + 0.2 * (_noise(p, 0.12) - 0.5)


def _stripes(p: Array) -> Array:
    return 0.72 + 0.38 * _wave(p[:, 1] + p[:, 2], 0.10)


def _checks(p: Array) -> Array:
    odd = np.floor(p[:, 0] / 0.07) + np.floor(p[:, 1] / 0.07) + np.floor(p[:, 2] / 0.07)
    return 0.72 + 0.38 * (odd % 2).astype(np.float32)


def _dots(p: Array) -> Array:
    q = np.mod(p, 0.08) - 0.04
    return np.where((q * q).sum(1) < 0.022**2, 1.35, 0.9).astype(np.float32)


def _bricks(p: Array) -> Array:
    row = np.floor(p[:, 2] / 0.09)
    along = np.maximum(np.abs(p[:, 0]), np.abs(p[:, 1])) * np.sign(p[:, 0] + p[:, 1])
    joint = (np.mod(p[:, 2], 0.09) < 0.012) | (np.mod(along + 0.11 * (row % 2), 0.22) < 0.012)
    return np.where(joint, 1.25, 0.92).astype(np.float32)


def _tiles(p: Array) -> Array:
    joint = (np.mod(p, 0.2) < 0.008).sum(1) > 0
    return np.where(joint, 0.72, 1.0).astype(np.float32)


def _planks(p: Array) -> Array:
    plank = np.floor(p[:, 1] / 0.14)
    tone = _hash(np.stack([plank, np.floor(p[:, 0] / 0.9 + 0.37 * plank), plank], 1).astype(int))
    joint = np.mod(p[:, 1], 0.14) < 0.006
    return np.where(joint, 0.6, 0.82 + 0.22 * tone).astype(np.float32) * _wood(p)


def _marble(p: Array) -> Array:
    return 1.0 - 0.3 * np.abs(np.sin(6 * p[:, 0] + 9 * p[:, 1] + 7 * _noise(p, 0.25))) ** 8


def _screen(p: Array) -> Array:
    return 0.9 + 1.2 * _noise(p, 0.12)


def _plain(p: Array) -> Array:
    return np.ones(len(p), np.float32)


# Each: points [N, 3] in the object's frame (metres) -> brightness factor [N].
MATERIALS: dict[str, Callable[[Array], Array]] = {
    "paint": _plain,
    "plastic": _plain,
    "ceramic": _plain,
    "glass": _plain,
    "glow": _plain,
    "screen": _screen,
    "wood": _wood,
    "metal": _metal,
    "fabric": _fabric,
    "leather": _leather,
    "stone": _stone,
    "paper": _paper,
    "planks": _planks,
    "striped": _stripes,
    "checked": _checks,
    "dotted": _dots,
    "brick": _bricks,
    "tile": _tiles,
    "marble": _marble,
}
# How much a surface shines (Phong strength); all others are matt.
GLOSS = {"metal": 0.35, "plastic": 0.15, "ceramic": 0.3, "glass": 0.4, "leather": 0.12}
# Never seen in training: they appear in the novel-visual split only.
HELD_OUT_MATERIALS = ("striped", "brick", "marble")
HELD_OUT_COLOURS = ("turquoise", "navy", "lime")
