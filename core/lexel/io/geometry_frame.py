"""Meshes and clouds brought home: finite, in metres, Z up, near the origin; aloud.

Which way is up, in this order: what the format fixes (glTF: +y); a comment in the file ("up: z",
"Z up", "vertical axis: z"); the custom (.ply, .pcd, .xyz and .stl: +z; 3D Gaussians: -y). `.obj`
has no custom that all keep: something at least 2 m long that is clearly thinner along y or z than
along the other stands on that axis, as rooms are wider than high; else +y, as most programs export.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from lexel.errors import SceneError
from lexel.geometry.transforms import apply, translation
from lexel.io.notes import Notes
from lexel.io.placing import Z_UP_FROM
from lexel.io.raw_geometry import MAX_POINTS, RawGeometry
from lexel.io.recording import Up
from lexel.scene import Geometry, Texture

_MILLIMETRES_ABOVE_M = 1000.0  # no scan of rooms is a kilometre long: such numbers are millimetres
_LARGE_M, _SMALL_M = 100.0, 0.05
_FAR_M = 10_000.0  # float32 still tells millimetres apart up to here
_ROOM_M, _THINNER = 2.0, 0.75
_SAID_UP = re.compile(
    r"\b(?:up|vertical)[\s_-]*(?:axis)?\s*[:=]?\s*\+?([yz])\b|(?<!-)\b([yz])[\s_-]?(?:axis[\s_-]?)?up\b",
    re.IGNORECASE,
)


def bring_home(raw: RawGeometry, name: str, suffix: str, where: str, notes: Notes) -> Geometry:
    """The geometry in core's world frame, with what was done to it among its findings."""
    raw = _finite(raw, where, notes)
    if raw.faces is not None and not len(raw.faces):
        raw = replace(raw, kind="point cloud", faces=None, texture=None)
    if not len(raw.points):
        raise SceneError("holds no points", where=where, do="Export it again.")
    if len(raw.points) > MAX_POINTS:
        raise SceneError(
            f"has more than {MAX_POINTS:,} points",
            where=where,
            got=f"{len(raw.points):,}",
            do="Make it coarser.",
        )
    points = _in_metres(raw.points.astype(np.float64), where, notes)
    world_from_source = _upright(raw, points, where, notes)
    world_from_source = _near_origin(points, world_from_source, where, notes)
    if raw.rgb is None:
        notes.warn(where, "has no colours", "Answers by words will rest on shape alone.")
    return Geometry(
        name=name,
        kind=f"{raw.kind} ({suffix})",
        points_m=apply(world_from_source, points).astype(np.float32),
        rgb=raw.rgb,
        normals=_unit(raw.normals, world_from_source),
        faces=raw.faces,
        texture=raw.texture,
        world_from_source=world_from_source,
        findings=tuple(notes.findings),
    )


def _finite(raw: RawGeometry, where: str, notes: Notes) -> RawGeometry:
    """Without points that are no numbers, and without the faces that stand on them."""
    good = np.isfinite(raw.points).all(axis=1) & (np.abs(raw.points) < 1e30).all(axis=1)
    if good.all():
        return raw
    notes.repaired(where, f"{int((~good).sum()):,} points that are no numbers were left out")
    faces, texture = raw.faces, raw.texture
    if faces is not None:
        whole = good[faces].all(axis=1)
        faces = (np.cumsum(good) - 1)[faces[whole]].astype(np.int32)
        texture = None if texture is None else _some_faces(texture, whole)
    return replace(
        raw,
        points=raw.points[good],
        rgb=None if raw.rgb is None else raw.rgb[good],
        normals=None if raw.normals is None else raw.normals[good],
        faces=faces,
        texture=texture,
    )


def _some_faces(texture: Texture, chosen: npt.NDArray[np.bool_]) -> Texture:
    return Texture(texture.uv[chosen], texture.picture[chosen], texture.pictures)


def _in_metres(
    points: npt.NDArray[np.float64], where: str, notes: Notes
) -> npt.NDArray[np.float64]:
    size = float(np.ptp(points, axis=0).max())
    if size > _MILLIMETRES_ABOVE_M:
        notes.repaired(
            where,
            f"it is {size:.0f} units long, which was taken for millimetres: {size / 1000:.2f} m",
        )
        return points / 1000
    if size > _LARGE_M:
        notes.warn(where, f"it is {size:.0f} m long", "Is its unit the metre? Scale it if not.")
    elif size < _SMALL_M:
        notes.warn(where, f"it is {size:.3g} m long", "Is its unit the metre? Scale it if not.")
    return points


def _upright(
    raw: RawGeometry, points: npt.NDArray[np.float64], where: str, notes: Notes
) -> npt.NDArray[np.float64]:
    """(4, 4) rotation that turns the file's up to +z."""
    if (said := said_up(raw.comments)) is not None:
        up = said
    elif raw.up is not Up.UNKNOWN:
        up = raw.up
    else:
        up, why = _up_by_shape(points)
        notes.repaired(
            where,
            f"it does not say which way is up; +{up} was taken, {why}",
            f'If that is wrong, write "# up: {"z" if up is Up.Y else "y"}" into its first line.',
        )
    if up is not Up.Z:
        notes.note(where, f"it is {up.upper()} up and was turned Z up")
    return Z_UP_FROM[up].copy()


def said_up(comments: Iterable[str]) -> Up | None:
    """The up axis that a comment names, if any does."""
    for comment in comments:
        if found := _SAID_UP.search(comment):
            return Up((found.group(1) or found.group(2)).lower())
    return None


def _up_by_shape(points: npt.NDArray[np.float64]) -> tuple[Up, str]:
    size = np.ptp(points, axis=0)
    if size.max() >= _ROOM_M and size[2] < _THINNER * size[1]:
        return Up.Z, "along which it is thinnest"
    if size.max() >= _ROOM_M and size[1] < _THINNER * size[2]:
        return Up.Y, "along which it is thinnest"
    return Up.Y, "as most programs export"


def _near_origin(
    points: npt.NDArray[np.float64],
    world_from_source: npt.NDArray[np.float64],
    where: str,
    notes: Notes,
) -> npt.NDArray[np.float64]:
    """World coordinates of surveys are brought to where float32 is fine enough."""
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    if np.abs(middle).max() < _FAR_M:
        return world_from_source
    away = np.round(apply(world_from_source, middle))
    notes.repaired(
        where, f"it lies {np.abs(away).max() / 1000:.0f} km from its origin; it was moved there"
    )
    moved: npt.NDArray[Any] = translation(-away) @ world_from_source
    return moved


def _unit(
    normals: npt.NDArray[np.floating] | None, world_from_source: npt.NDArray[np.float64]
) -> npt.NDArray[np.float32] | None:
    """Unit normals in the world; None when some have no direction."""
    if normals is None:
        return None
    with np.errstate(all="ignore"):
        turned = normals.astype(np.float64) @ world_from_source[:3, :3].T
        unit = turned / np.linalg.norm(turned, axis=1, keepdims=True)
    return unit.astype(np.float32) if np.isfinite(unit).all() else None
