"""Mouse and keys to cameras, without a window: what is grabbed stays under the mouse."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np

from lexel.viewer.drawing.camera import Camera, Float
from lexel.viewer.drawing.moves import fly, look_around, orbit, pan, zoom
from lexel.viewer.drawing.pick import place_at
from lexel.viewer.drawing.splat import IdPass

_HALF_TURN_RAD = np.pi  # for a drag across the window's height
_STEP = 1.2  # a notch of the wheel
_SPEED = 0.3  # of the scene's diagonal, a second
_HURRY = 3.0

# Keys that fly: (right, down, forward).
FLIGHT = {"w": (0, 0, 1), "s": (0, 0, -1), "a": (-1, 0, 0), "d": (1, 0, 0)} | {
    "q": (0, 1, 0),
    "e": (0, -1, 0),
}


class Grip(Enum):
    """What a drag does."""

    ORBIT = "orbit"
    PAN = "pan"
    LOOK = "look"


@dataclass
class Navigator:
    """The camera of one window.

    Attributes:
        camera: now.
        box_m: (2, 3) what there is to see.
        pivot_m: (3,) what the camera turns about where nothing is under the mouse.
    """

    camera: Camera
    box_m: Float
    pivot_m: Float
    _last_px: tuple[float, float] = (0.0, 0.0)

    @classmethod
    def around(cls, camera: Camera, box_m: Float) -> Navigator:
        return cls(camera, box_m, box_m.mean(axis=0))

    def grab(self, pixel: tuple[float, float], seen: IdPass | None) -> None:
        """The mouse goes down: what lies under it becomes the pivot."""
        self._last_px = pixel
        place = None if seen is None else place_at(seen, pixel)
        self.pivot_m = self.pivot_m if place is None else place

    def drag(self, pixel: tuple[float, float], grip: Grip) -> Camera:
        """The mouse has moved to a place (u, v)."""
        right_px, down_px = np.subtract(pixel, self._last_px)
        self._last_px = pixel
        turn = _HALF_TURN_RAD / self.camera.size_px[1]
        if grip is Grip.PAN:
            self.camera = pan(self.camera, right_px, down_px, self.pivot_depth_m())
        elif grip is Grip.ORBIT:
            self.camera = orbit(self.camera, self.pivot_m, -right_px * turn, -down_px * turn)
        else:
            self.camera = look_around(self.camera, right_px * turn / 2, down_px * turn / 2)
        return self.camera

    def wheel(self, pixel: tuple[float, float], notches: float, seen: IdPass | None) -> Camera:
        """Towards what is under the mouse, or away from it."""
        place = None if seen is None else place_at(seen, pixel)
        if place is None:
            place = self.camera.at(pixel, self.pivot_depth_m())
        self.camera = zoom(self.camera, place, _STEP**notches)
        return self.camera

    def fly(self, keys: set[str], seconds: float, hurry: bool) -> Camera:
        """Keys of `FLIGHT` have been down for so long."""
        diagonal_m = float(np.linalg.norm(self.box_m[1] - self.box_m[0]))
        along = np.sum([FLIGHT[key] for key in keys], axis=0, dtype=float)
        metres = along * (_SPEED * diagonal_m * seconds * (_HURRY if hurry else 1.0))
        self.camera = fly(self.camera, *metres)
        return self.camera

    def pivot_depth_m(self) -> float:
        """How far ahead the pivot lies; somewhere ahead at least."""
        depth_m = float((self.pivot_m - self.camera.eye_m) @ self.camera.forward)
        return max(depth_m, 0.05 * float(np.linalg.norm(self.box_m[1] - self.box_m[0])), 0.05)
