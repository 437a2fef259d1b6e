"""Contact sheets: every class of the world, and rooms, as a person would look at them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lexel.geometry.cameras import look_at
from lexel.progress import Progress, track
from lexel.synthetic.cameras import SIZE_PX, Shot, draw_shot
from lexel.synthetic.catalogue import classes
from lexel.synthetic.furnish import furnish
from lexel.synthetic.model import ROOMS, ObjectClass
from lexel.synthetic.render import Photograph, Studio
from lexel.synthetic.room import Finish, Light, Placed, Room
from lexel.synthetic.style import Style

Image = NDArray[np.uint8]
_TILE_PX = 128
_FOCAL_PX = 190.0
_SHOTS_TRIED = 6
_BACKDROP = Finish((0.82, 0.83, 0.85), "paint")


def class_sheet(seed: int, per_class: int, progress: Progress) -> tuple[list[str], list[Image]]:
    """Names of all classes, and for each a strip [128, 128 · per_class, 3] of different objects."""
    names: list[str] = []
    strips: list[Image] = []
    for kind in track(list(classes().values()), "photographing every class", progress):
        rng = np.random.default_rng([seed, len(names)])
        names.append(kind.name)
        strips.append(np.concatenate([_portrait(kind, rng) for _ in range(per_class)], axis=1))
    return names, strips


def room_sheet(seed: int, count: int, progress: Progress) -> list[Image]:
    """[192, 256, 3] photographs of `count` rooms, kinds in turn, each from its fullest place."""
    pictures = []
    for number in track(range(count), "photographing rooms", progress):
        room = furnish(seed + number, ROOMS[number % len(ROOMS)])
        studio, rng = Studio(room), np.random.default_rng([seed, number])
        shots = [draw_shot(room, rng) for _ in range(_SHOTS_TRIED)]
        best = max(shots, key=lambda shot: len(np.unique(_photograph(studio, shot, 1).instance)))
        pictures.append(_photograph(studio, best, 2).rgb)
    return pictures


def _photograph(studio: Studio, shot: Shot, samples: int) -> Photograph:
    return studio.photograph(shot.intrinsics, shot.world_from_camera, SIZE_PX, samples)


def _portrait(kind: ObjectClass, rng: np.random.Generator) -> Image:
    """One object in an empty, evenly lit room, filling the picture."""
    style = Style(rng, "any colour")
    model = kind.build(rng)
    lower, upper = model.bounds
    colour = style.colour_of(kind)
    lift = np.eye(4)
    lift[2, 3] = 1e-3 - lower[2]
    placed = Placed(1, kind, model, colour, style.shade(colour), style.material_of(kind), lift)
    light = Light((1.5, 1.0, 3.5), (0.5, -0.4, 0.77), (0.5,) * 3, (0.35,) * 3, (0.45,) * 3)
    room = Room("studio", "studio", (9.0, 9.0, 4.0), (placed,), _BACKDROP, _BACKDROP, light)
    centre = (lower + upper) / 2 + lift[:3, 3]
    radius = np.linalg.norm(upper - lower) / 2
    azimuth = np.radians(rng.uniform(-55, 55))
    away = np.array([np.cos(azimuth) * 0.9, np.sin(azimuth) * 0.9, 0.5])
    pose = look_at(centre + away * radius * _FOCAL_PX / _TILE_PX * 2.0, centre)
    half = _TILE_PX / 2
    intrinsics = np.array([[_FOCAL_PX, 0, half], [0, _FOCAL_PX, half], [0, 0, 1.0]])
    return Studio(room).photograph(intrinsics, pose, (_TILE_PX, _TILE_PX), 2).rgb
