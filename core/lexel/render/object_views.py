"""An object from all around: azimuths × elevations, as studies of consistency between views need.

The pictures are clear around the object, and `views.json` tells their cameras, in the form that
fields keep theirs in.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from lexel.errors import InputError
from lexel.geometry.cameras import look_at
from lexel.geometry.spacing import radius_that_closes
from lexel.io.atomic import replacing_folder
from lexel.io.geometry_files import load_geometry
from lexel.io.json_files import write_json
from lexel.progress import Progress, Silent
from lexel.render.blender import check_blender
from lexel.render.stage import Cloud, PaintedMesh, Shot, Stage, Style
from lexel.render.stage_process import draw_stage
from lexel.scene import Geometry

VIEWS = "views.json"
_FIELD_OF_VIEW_RAD = np.deg2rad(40.0)
_MARGIN = 1.08
_LOWEST_DEG, _HIGHEST_DEG = 0.0, 60.0
_ONLY_DEG = 30.0  # where there is one elevation
_GREY = 190  # of what has no colours
_CELLS = 160  # along the object's diagonal: how finely pictures on faces are read
_MAX_TRIANGLES = 3_000_000


@dataclass(frozen=True)
class ObjectViews:
    """Which views of an object.

    Attributes:
        azimuths: all around, the first from +y.
        elevations: from level to 60 degrees above; one alone is 30 degrees.
        side_px: of the square pictures.
    """

    azimuths: int = 12
    elevations: int = 3
    side_px: int = 512


def draw_object(
    mesh: Path,
    out: Path,
    views: ObjectViews | None = None,
    style: Style | None = None,
    progress: Progress | None = None,
) -> list[Path]:
    """Draw the views of a mesh or cloud into the folder `out`, whole or not at all.

    Raises:
        InputError: with what is wrong and what to do.
    """
    views, progress = views or ObjectViews(), progress or Silent()
    style = replace(style or Style(), shadow=False)
    check_blender()
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise InputError("there is something already", where=out, do="Name another folder.")
    stage = _stage(load_geometry(mesh, progress=progress), views, style)
    names = [name for name, _ in _directions(views)]
    with replacing_folder(out) as folder:
        for name, picture in zip(names, draw_stage(stage, progress), strict=True):
            _save(folder / name, picture)
        write_json(folder / VIEWS, [_told(n, s) for n, s in zip(names, stage.shots, strict=True)])
    return [out / name for name in names]


def _stage(geometry: Geometry, views: ObjectViews, style: Style) -> Stage:
    low, high = geometry.points_m.min(axis=0), geometry.points_m.max(axis=0)
    centre = ((low + high) / 2).astype(np.float64)
    radius = max(float(np.linalg.norm(geometry.points_m - centre, axis=1).max()), 1e-6)
    distance = _MARGIN * radius / np.sin(_FIELD_OF_VIEW_RAD / 2)
    focal = views.side_px / 2 / np.tan(_FIELD_OF_VIEW_RAD / 2)
    middle = views.side_px / 2
    intrinsics = np.array([[focal, 0, middle], [0, focal, middle], [0, 0, 1]])
    shots = tuple(
        Shot(look_at(centre + distance * way, centre), (views.side_px,) * 2, intrinsics)
        for _, way in _directions(views)
    )
    if geometry.faces is None:
        return Stage(shots, _cloud(geometry), style=style)
    return Stage(shots, meshes=(painted_mesh(geometry),), style=style)


def _directions(views: ObjectViews) -> list[tuple[str, npt.NDArray[np.float64]]]:
    """Names of the files, and unit vectors from the object to the camera."""
    heights = np.deg2rad(
        [_ONLY_DEG]
        if views.elevations == 1
        else np.linspace(_LOWEST_DEG, _HIGHEST_DEG, views.elevations)
    )
    around = np.pi / 2 + 2 * np.pi * np.arange(views.azimuths) / views.azimuths
    return [
        (
            f"elevation-{e:02}-azimuth-{a:02}.png",
            np.array([np.cos(up) * np.cos(turn), np.cos(up) * np.sin(turn), np.sin(up)]),
        )
        for e, up in enumerate(heights)
        for a, turn in enumerate(around)
    ]


def _cloud(geometry: Geometry) -> Cloud:
    radius_m = radius_that_closes(geometry.points_m)
    return Cloud(geometry.points_m, _colours(geometry), radius_m, geometry.normals)


def _colours(geometry: Geometry) -> npt.NDArray[np.uint8]:
    if geometry.rgb is not None:
        return geometry.rgb
    return np.full((len(geometry.points_m), 3), _GREY, np.uint8)


def painted_mesh(geometry: Geometry) -> PaintedMesh:
    """A mesh with its colours at vertices; faces with pictures are cut until that is enough."""
    assert geometry.faces is not None, "a cloud is no mesh"
    if geometry.texture is None:
        seen = np.zeros(len(geometry.points_m), np.float32)
        return PaintedMesh(geometry.points_m, geometry.faces, _colours(geometry), seen)
    coloured = replace(geometry, rgb=_colours(geometry))
    corners = geometry.points_m[geometry.faces]
    cell_m = float(np.linalg.norm(np.ptp(geometry.points_m, axis=0))) / _CELLS
    longest = np.linalg.norm(corners - np.roll(corners, 1, axis=1), axis=2).max(axis=1)
    wanted = np.maximum(np.ceil(longest / cell_m), 1)
    fewer = min(1.0, (_MAX_TRIANGLES / float((wanted**2).sum())) ** 0.5)
    cuts = np.maximum(fewer * wanted, 1).astype(int)
    parts = [_cut(coloured, np.flatnonzero(cuts == n), int(n)) for n in np.unique(cuts)]
    starts = np.cumsum([0, *(len(part.vertices_m) for part in parts)])
    return PaintedMesh(
        np.concatenate([part.vertices_m for part in parts]),
        np.concatenate([p.faces + s for p, s in zip(parts, starts, strict=False)]).astype(np.int32),
        np.concatenate([part.rgb for part in parts]),
        np.zeros(starts[-1], np.float32),
    )


def _cut(geometry: Geometry, faces: npt.NDArray[np.intp], count: int) -> PaintedMesh:
    """Faces cut into `count`² each, by a lattice along their edges."""
    assert geometry.faces is not None
    steps = [(i, j) for i in range(count + 1) for j in range(count + 1 - i)]
    number = {step: n for n, step in enumerate(steps)}
    weights = np.array([(count - i - j, i, j) for i, j in steps]) / count
    inner = [(number[i, j], number[i + 1, j], number[i, j + 1])
             for i in range(count) for j in range(count - i)]  # fmt: skip
    inner += [(number[i + 1, j], number[i + 1, j + 1], number[i, j + 1])
              for i in range(count) for j in range(count - 1 - i)]  # fmt: skip
    corners = geometry.points_m[geometry.faces[faces]]
    vertices_m = np.einsum("wk,fkc->fwc", weights, corners).reshape(-1, 3).astype(np.float32)
    # Just inside the face, so that the edge of a picture does not take the other side's colour.
    inside = 0.98 * weights + 0.02 / 3
    rgb = geometry.rgb_at(faces.repeat(len(weights)), np.tile(inside, (len(faces), 1)))
    offsets = len(weights) * np.arange(len(faces))[:, None, None]
    triangles = (np.array(inner)[None] + offsets).reshape(-1, 3).astype(np.int32)
    return PaintedMesh(vertices_m, triangles, rgb, np.zeros(len(vertices_m), np.float32))


def _save(path: Path, picture: npt.NDArray[np.uint8]) -> None:
    from PIL import Image

    Image.fromarray(picture).save(path, format="png")


def _told(name: str, shot: Shot) -> dict[str, object]:
    return {
        "image": name,
        "world_from_camera": shot.world_from_camera,
        "K": shot.intrinsics,
        "size": list(shot.size_px),
    }
