"""Where photographs are taken from, and the box of the 3D networks before the camera."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lexel.geometry.cameras import look_at
from lexel.synthetic.room import Room

SIZE_PX = (256, 192)
_BOX_EDGE_M = 3.0  # of the world, that the networks' 2 m box takes in
_TRIES = 40
Matrix = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Shot:
    """A camera, and the similarity from the world to the networks' box.

    Attributes:
        intrinsics: [3, 3], pixel centres at +0.5.
        world_from_camera: [4, 4], OpenCV axes.
        box_from_world: [4, 4]; in the box, x points away from the camera and the floor is z = 0.
    """

    intrinsics: Matrix
    world_from_camera: Matrix
    box_from_world: Matrix


def draw_shot(room: Room, rng: np.random.Generator) -> Shot:
    """From near a wall or corner across the room, at the height of a person or of a seat."""
    half = np.array(room.size[:2]) / 2
    eye, target = np.zeros(3), np.zeros(3)
    for _ in range(_TRIES):
        side = rng.choice([-1, 1], 2) * rng.uniform(0.25, 0.92, 2)
        eye = np.array([*(side * half), rng.uniform(1.0, 1.75)])
        target = np.array([*(rng.uniform(-0.35, 0.35, 2) * half), rng.uniform(0.3, 0.75)])
        if np.linalg.norm(eye[:2] - target[:2]) > 1.2 and not _inside_something(room, eye):
            break
    width, height = SIZE_PX
    focal = width / 2 / np.tan(np.radians(rng.uniform(58, 74)) / 2)
    intrinsics = np.array([[focal, 0, width / 2], [0, focal, height / 2], [0, 0, 1.0]])
    pose = look_at(eye, target)
    return Shot(intrinsics, pose, box_before(pose))


def box_before(world_from_camera: Matrix) -> Matrix:
    """[4, 4] box_from_world of a 3 m box on the floor, from 0.3 m before the camera on."""
    forward = world_from_camera[:3, 2] * [1, 1, 0]
    forward /= np.linalg.norm(forward)
    left = np.array([-forward[1], forward[0], 0])
    centre = world_from_camera[:3, 3] * [1, 1, 0] + forward * (0.3 + _BOX_EDGE_M / 2)
    scale = 2.0 / _BOX_EDGE_M
    similarity = np.eye(4)
    similarity[:3, :3] = scale * np.stack([forward, left, [0, 0, 1.0]])
    similarity[:3, 3] = -similarity[:3, :3] @ centre
    return similarity


def _inside_something(room: Room, eye: Matrix) -> bool:
    for placed in room.objects:
        lower, upper = placed.bounds
        if np.all(eye > lower - 0.25) and np.all(eye < upper + 0.25):
            return True
    return False
