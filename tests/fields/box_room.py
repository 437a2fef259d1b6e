"""A floor with two boxes on it, photographed from around: small, exact, and its truth is known."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from lexel.fields.reading import ReadView, sharpness
from lexel.fields.regions import regions_of
from lexel.geometry.cameras import look_at
from lexel.geometry.transforms import invert
from lexel.geometry.vectors import unit_rows
from lexel.io.recording import RawView, Recording, Up
from lexel.scene import View

SIZE_PX = (64, 48)
INTRINSICS = np.array([[55.0, 0, 32], [0, 55, 24], [0, 0, 1]])
COLOURS = np.array([[120, 110, 100], [200, 40, 40], [40, 60, 200]], np.uint8)
FLOOR, RED, BLUE = 0, 1, 2
# Lower and upper corners: two boxes that touch, as a mug touches a table.
BOXES = np.array([[[-0.5, -0.3, 0.0], [0.0, 0.3, 0.5]], [[0.0, -0.3, 0.0], [0.5, 0.3, 0.3]]])


@dataclass(frozen=True, eq=False)
class Shot:
    """A view, and which thing each pixel shows (H, W)."""

    view: View
    thing: npt.NDArray[np.int32]


def shoot(world_from_camera: npt.NDArray[np.float64]) -> Shot:
    """Cast a ray through each pixel's centre against the floor and the boxes' slabs."""
    width, height = SIZE_PX
    u, v = np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5)
    pixels = np.stack([u, v, np.ones_like(u)], axis=-1) @ np.linalg.inv(INTRINSICS).T
    rays = pixels @ world_from_camera[:3, :3].T  # one metre of z-depth each
    eye = world_from_camera[:3, 3]
    with np.errstate(divide="ignore"):
        floor = np.where(rays[..., 2] < 0, -eye[2] / rays[..., 2], np.inf)
        hits = [floor, *(_hit(rays, eye, box) for box in BOXES)]
    depth, thing = np.min(hits, axis=0), np.argmin(hits, axis=0).astype(np.int32)
    seen = depth < 4
    depth = np.where(seen, depth, 0).astype(np.float32)
    view = View(COLOURS[thing], depth, INTRINSICS, world_from_camera)
    return Shot(view, np.where(seen, thing, -1).astype(np.int32))


def _hit(rays: npt.NDArray[Any], eye: npt.NDArray[Any], box: npt.NDArray[Any]) -> Any:
    to = (box[:, None, None] - eye) / rays
    near, far = to.min(axis=0).max(axis=-1), to.max(axis=0).min(axis=-1)
    return np.where((near < far) & (near > 0), near, np.inf)


def around(count: int) -> list[Shot]:
    """Shots on a circle about the boxes, looking down at them."""
    shots = []
    for angle in 2 * np.pi * np.arange(count) / count:
        eye = np.array([1.6 * np.cos(angle), 1.6 * np.sin(angle), 1.3])
        shots.append(shoot(look_at(eye, np.array([0, 0, 0.2]))))
    return shots


def recording(shots: list[Shot], path: Path) -> Recording:
    """The shots as a recording that lies at `path`, Z up."""

    def read_view(index: int) -> RawView:
        view = shots[index].view
        return RawView(
            f"view {index}", view.rgb, view.depth_m, view.intrinsics, view.world_from_camera
        )

    return Recording(
        path=path,
        kind="boxes",
        name="boxes",
        num_views=len(shots),
        up=Up.Z,
        read_view=read_view,
        read_pose=lambda index: shots[index].view.world_from_camera,
    )


def thing_of(xyz_m: npt.NDArray[np.floating]) -> npt.NDArray[np.int32]:
    """(N,) which thing each point belongs to: the one whose surface is nearest."""
    away = [np.abs(xyz_m[:, 2])]
    for low, high in BOXES:
        outside = np.maximum(np.maximum(low - xyz_m, xyz_m - high), 0)
        depth = np.minimum(xyz_m - low, high - xyz_m).min(axis=1)
        away.append(np.where(depth > 0, depth, np.linalg.norm(outside, axis=1)))
    return np.argmin(away, axis=0).astype(np.int32)


class Oracle:
    """A `ViewReader` that knows the truth, and lies about some regions of some views.

    Its regions are the things, cut into squares of `side_px`.
    """

    def __init__(self, shots: list[Shot], lies: float = 0.0, side_px: int = 64) -> None:
        self.shots, self.lies, self.side_px = shots, lies, side_px
        self.identity = {"oracle": [lies, side_px]}

    def read(self, index: int, view: View) -> ReadView:
        thing = self.shots[index].thing
        row, column = np.indices(thing.shape) // self.side_px
        piece = np.where(thing < 0, -1, thing + 3 * (row * 64 + column))
        used = np.unique(piece[piece >= 0])
        names = {int(n): ("floor", "red box", "blue box")[n % 3] for n in used}
        rng = np.random.default_rng(index)
        said = np.where(rng.random(len(used)) < self.lies, rng.integers(0, 3, len(used)), used % 3)
        regions = regions_of(piece, names)
        return ReadView(regions, unit_rows(np.eye(3)[said]), sharpness(view.rgb))


def camera_frame(view: View, xyz_m: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """Points (N, 3) of the world in the view's camera."""
    matrix = invert(view.world_from_camera)
    return xyz_m @ matrix[:3, :3].T + matrix[:3, 3]
