"""Wavefront `.obj` with its `.mtl`: polygons, vertex colours, materials and their pictures.

Colours are taken for sRGB in 0..1, as Lexel and most programs write them. A material's picture goes
before the vertices' colours, and those before its plain colour. Lines, curves, normals and groups
are passed over.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from lexel.io.mtl_files import Material, pictures_of, read_materials
from lexel.io.notes import Notes
from lexel.io.obj_listing import ObjListing, read_obj_listing
from lexel.io.raw_geometry import RawGeometry, checked_faces, fan_corners
from lexel.io.recording import Up
from lexel.io.textures import corner_colours, finite_uv
from lexel.scene import Texture


def read_obj_geometry(file: Path, notes: Notes) -> RawGeometry:
    """The mesh of a file, or the cloud when it has no faces."""
    listing = read_obj_listing(file)
    vertices = np.concatenate(listing.vertices) if listing.vertices else np.empty((0, 3))
    points, rgb = vertices[:, :3], None
    if vertices.shape[1] == 6:
        rgb = np.rint(np.nan_to_num(vertices[:, 3:]).clip(0, 1) * 255).astype(np.uint8)
    comments, up = tuple(listing.comments), Up.UNKNOWN
    if not listing.counts:
        return RawGeometry("point cloud", points, rgb, up=up, comments=comments)
    corners, fans = np.concatenate(listing.corners), fan_corners(np.array(listing.counts))
    faces = checked_faces(corners[fans, 0], len(points), file)
    texture = _texture(listing, corners[fans, 1], rgb is not None, file, notes)
    if texture is not None:
        rgb = corner_colours(rgb, faces, texture, len(points))
    return RawGeometry("mesh", points, rgb, None, faces, texture, up, comments)


def _texture(
    listing: ObjListing, places: npt.NDArray[np.int64], coloured: bool, file: Path, notes: Notes
) -> Texture | None:
    """Pictures and plain colours of the materials over the triangles; `places` (T, 3).

    Faces of a plain colour have none when the vertices are `coloured`.
    """
    if not listing.materials:
        return None
    known = read_materials(file, listing.libraries, notes)
    materials = [known.get(name, Material()) for name in listing.materials]
    pictures, of_material = pictures_of(materials, file, notes)
    material = np.repeat(listing.material_of, np.array(listing.counts) - 2)
    picture = np.where(material < 0, -1, np.array([*of_material, -1])[material])
    uv = np.concatenate([*listing.places, np.zeros((1, 2))])
    missing = (places < 0) | (places >= len(uv) - 1)
    uv_of = finite_uv(uv[np.where(missing, len(uv) - 1, places)])
    uv_of[..., 1] = 1 - uv_of[..., 1]
    plain = np.array([p.size == 3 for p in pictures] + [True])[picture]
    picture = np.where((missing.any(axis=1) & ~plain) | (plain & coloured), -1, picture)
    if (picture < 0).all():
        return None
    return Texture(uv_of, picture.astype(np.int32), tuple(pictures))
