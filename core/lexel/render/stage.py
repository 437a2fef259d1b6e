"""What Blender draws, as plain arrays: a cloud, meshes, cameras and a style.

A stage is handed to another process by way of a folder, so it knows no field and no Blender.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from lexel.errors import InputError
from lexel.io.json_files import read_json_object, write_json

_ARRAYS, _FACTS = "stage.npz", "stage.json"


class Light(StrEnum):
    """`FLAT`: colours are exactly those given. `SOFT`: daylight, shade in corners."""

    SOFT = "soft"
    FLAT = "flat"


class PointShape(StrEnum):
    """Discs lie on the surface, so they need normals; without one they face up."""

    SPHERES = "spheres"
    DISCS = "discs"


Choice = TypeVar("Choice", bound=StrEnum)


def choice(kind: type[Choice], text: str, where: str) -> Choice:
    """The member of `kind` that the user named.

    Raises:
        InputError: there is no such.
    """
    try:
        return kind(text)
    except ValueError:
        raise InputError(
            "there is no such choice", where=where, got=text, do=f"Use {', '.join(kind)}."
        ) from None


@dataclass(frozen=True)
class Style:
    """How a stage is drawn.

    Attributes:
        light: see `Light`.
        points: see `PointShape`.
        shadow: whether the ground below shows a shadow; of soft light only.
        samples: paths a pixel.
        device: cpu, or gpu.
        seed: of the paths.
    """

    light: Light = Light.SOFT
    points: PointShape = PointShape.SPHERES
    shadow: bool = True
    samples: int = 16
    device: str = "cpu"
    seed: int = 0


@dataclass(frozen=True, eq=False)
class Cloud:
    """Points, all of one size.

    Attributes:
        points_m: (N, 3) float32, world frame.
        rgb: (N, 3) uint8, sRGB.
        radius_m: of a sphere or disc.
        normals: (N, 3) float32 unit vectors, zeros where unknown; they shade the points.
    """

    points_m: npt.NDArray[np.float32]
    rgb: npt.NDArray[np.uint8]
    radius_m: float
    normals: npt.NDArray[np.float32] | None = None

    def some(self, points: npt.NDArray[np.bool_ | np.intp]) -> Cloud:
        """Those of the points."""
        normals = None if self.normals is None else self.normals[points]
        return Cloud(self.points_m[points], self.rgb[points], self.radius_m, normals)


@dataclass(frozen=True, eq=False)
class PaintedMesh:
    """A mesh with colours.

    Attributes:
        vertices_m: (V, 3) float32, world frame.
        faces: (F, 3) int32.
        rgb: (V, 3) uint8, sRGB.
        inferred: (V,) float32, 1 where nobody saw it, which is drawn hatched, else 0.
    """

    vertices_m: npt.NDArray[np.float32]
    faces: npt.NDArray[np.int32]
    rgb: npt.NDArray[np.uint8]
    inferred: npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Shot:
    """One picture of the stage.

    Attributes:
        world_from_camera: (4, 4), OpenCV axes.
        size_px: width, height.
        intrinsics: (3, 3), of a perspective view.
        width_m: of what is seen in an orthographic view, which has no intrinsics.
        cutaway: leave out points whose surface is seen from behind: near walls and ceilings.
        cloud: whether the cloud is in it, and the shadow below.
        meshes: numbers of the meshes that are in it; None: all.
    """

    world_from_camera: npt.NDArray[np.float64]
    size_px: tuple[int, int]
    intrinsics: npt.NDArray[np.float64] | None = None
    width_m: float | None = None
    cutaway: bool = False
    cloud: bool = True
    meshes: tuple[int, ...] | None = None


@dataclass(frozen=True, eq=False)
class Stage:
    """All that is drawn, from all cameras. `hatch_px` is the distance of the hatching's lines."""

    shots: tuple[Shot, ...]
    cloud: Cloud | None = None
    meshes: tuple[PaintedMesh, ...] = ()
    style: Style = Style()
    hatch_px: float = 12.0

    @property
    def floor_m(self) -> float:
        """Height of the ground that shadows fall on: just below all there is."""
        lowest = [float(np.quantile(p[:, 2], _LOWEST)) for p in self.places() if len(p)]
        return min(lowest, default=0.0) - (self.cloud.radius_m if self.cloud else 0.0)

    def places(self) -> list[npt.NDArray[np.float32]]:
        """Points and vertices."""
        clouds = [] if self.cloud is None else [self.cloud.points_m]
        return clouds + [mesh.vertices_m for mesh in self.meshes]


_LOWEST = 0.001  # quantile: stray points below the floor must not lift the scene off its ground


def visible_points(cloud: Cloud, shot: Shot) -> npt.NDArray[np.bool_]:
    """(N,) which points of the cloud are in the picture: with a cutaway, those that face it."""
    if not shot.cutaway or cloud.normals is None:
        return np.ones(len(cloud.points_m), np.bool_)
    return facing_points(cloud.points_m, cloud.normals, shot)


def facing_points(
    points_m: npt.NDArray[np.float32], normals: npt.NDArray[np.float32], shot: Shot
) -> npt.NDArray[np.bool_]:
    """(N,) which points (N, 3) have a normal (N, 3) towards the camera, or none (zeros)."""
    eye, ahead = shot.world_from_camera[:3, 3:].T, shot.world_from_camera[:3, 2]
    towards = -ahead[None] if shot.intrinsics is None else eye - points_m
    facing = (towards.astype(np.float32) * normals).sum(axis=1)
    return np.asarray((facing > 0) | ~normals.any(axis=1))


def save_stage(folder: Path, stage: Stage) -> None:
    """Write the stage into a folder that is there."""
    arrays: dict[str, npt.NDArray[Any]] = {}
    if stage.cloud is not None:
        arrays |= _arrays_of("cloud", stage.cloud)
    for number, mesh in enumerate(stage.meshes):
        arrays |= _arrays_of(f"mesh{number}", mesh)
    with (folder / _ARRAYS).open("wb") as file:
        np.savez(file, **arrays)
    facts = {
        "style": asdict(stage.style),
        "shots": [vars(shot) for shot in stage.shots],
        "radius_m": stage.cloud.radius_m if stage.cloud else None,
        "meshes": len(stage.meshes),
        "hatch_px": stage.hatch_px,
    }
    write_json(folder / _FACTS, facts)


def load_stage(folder: Path) -> Stage:
    """Read what `save_stage` wrote."""
    facts = read_json_object(folder / _FACTS)
    with np.load(folder / _ARRAYS, allow_pickle=False) as stored:
        arrays = dict(stored)
    cloud = None
    if facts["radius_m"] is not None:
        cloud = Cloud(radius_m=facts["radius_m"], **_part(arrays, "cloud"))
    style = facts["style"]
    style |= {"light": Light(style["light"]), "points": PointShape(style["points"])}
    return Stage(
        shots=tuple(_shot(shot) for shot in facts["shots"]),
        cloud=cloud,
        meshes=tuple(PaintedMesh(**_part(arrays, f"mesh{n}")) for n in range(facts["meshes"])),
        style=Style(**style),
        hatch_px=facts["hatch_px"],
    )


def _arrays_of(name: str, value: object) -> dict[str, npt.NDArray[Any]]:
    return {f"{name}.{k}": v for k, v in vars(value).items() if isinstance(v, np.ndarray)}


def _part(arrays: Mapping[str, npt.NDArray[Any]], name: str) -> dict[str, Any]:
    return {k.removeprefix(f"{name}."): v for k, v in arrays.items() if k.startswith(f"{name}.")}


def _shot(facts: dict[str, Any]) -> Shot:
    seen = facts["intrinsics"]
    return Shot(
        **{
            **facts,
            "world_from_camera": np.array(facts["world_from_camera"], np.float64),
            "size_px": tuple(facts["size_px"]),
            "intrinsics": None if seen is None else np.array(seen, np.float64),
            "meshes": None if facts["meshes"] is None else tuple(facts["meshes"]),
        }
    )
