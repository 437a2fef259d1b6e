"""Meshes, clouds and 3D Gaussians in `.ply` files of any program."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from lexel.errors import SceneError
from lexel.io.gaussians import gaussian_cloud, is_gaussians
from lexel.io.notes import Notes
from lexel.io.ply_columns import colours_of, faces_of, stacked
from lexel.io.ply_elements import read_ply_elements
from lexel.io.ply_rows import Columns, Lists
from lexel.io.raw_geometry import (
    RawGeometry,
    checked_faces,
    fan_corners,
)
from lexel.io.textures import corner_colours, finite_uv, read_pictures
from lexel.scene import Texture

_TEXTURE_FILE = "TextureFile"


def read_ply_geometry(file: Path, notes: Notes) -> RawGeometry:
    """What a `.ply` holds, in its own frame."""
    ply = read_ply_elements(file)
    vertices = ply.elements.get("vertex", {})
    if "chunk" in ply.elements and "packed_position" in vertices:
        raise SceneError(
            "holds compressed Gaussians", where=file, do="Export them as uncompressed .ply."
        )
    points = stacked(vertices, tuple("xyz"))
    if points is None:
        raise SceneError("has no vertices with x, y and z", where=file, do="Export it again.")
    if is_gaussians(vertices):
        return gaussian_cloud(points, vertices, ply.comments, file, notes)
    rgb = colours_of(vertices)
    normals = stacked(vertices, ("nx", "ny", "nz"))
    faces = ply.elements.get("face", {})
    listed = faces_of(faces)
    if listed is None:
        return RawGeometry("point cloud", points, rgb, normals, comments=ply.comments)
    corners = fan_corners(listed.counts)
    triangles = checked_faces(listed.values[corners].astype(np.int64), len(points), file)
    mesh = RawGeometry("mesh", points, rgb, normals, triangles, comments=ply.comments)
    return _with_face_colours(_with_texture(mesh, faces, listed, file, notes), faces, listed)


def _with_face_colours(mesh: RawGeometry, faces: Columns, listed: Lists) -> RawGeometry:
    """Faces with colours of their own get corners of their own, where vertices have no colours."""
    colours = colours_of(faces)
    if colours is None or mesh.rgb is not None:
        return mesh
    assert mesh.faces is not None
    of_triangle = np.repeat(colours, np.maximum(listed.counts - 2, 0), axis=0)
    corners = mesh.faces.ravel()
    return replace(
        mesh,
        points=mesh.points[corners],
        rgb=np.repeat(of_triangle, 3, axis=0),
        normals=None if mesh.normals is None else mesh.normals[corners],
        faces=np.arange(len(corners), dtype=np.int32).reshape(-1, 3),
    )


def _with_texture(
    mesh: RawGeometry, faces: Columns, listed: Lists, file: Path, notes: Notes
) -> RawGeometry:
    """MeshLab's and COLMAP's textures: files in comments, `texcoord` lists of u, v (v upwards)."""
    names = [c.partition(" ")[2].strip() for c in mesh.comments if c.startswith(_TEXTURE_FILE)]
    places = faces.get("texcoord")
    if not names or not isinstance(places, Lists) or mesh.faces is None:
        return mesh
    if (places.counts != 2 * listed.counts).any():
        notes.warn(str(file), "its texture does not lie on every face, and was left out")
        return mesh
    pictures = read_pictures(names, file, notes)
    pairs = places.values.astype(np.float64).reshape(-1, 2)
    uv = finite_uv(pairs[fan_corners(listed.counts)])
    uv[..., 1] = 1 - uv[..., 1]
    number = faces.get("texnumber")
    chosen = np.zeros(len(listed.counts)) if not isinstance(number, np.ndarray) else number
    known = np.isin(chosen, [i for i, p in enumerate(pictures) if p is not None])
    of_face = np.where(known, chosen, -1).astype(np.int32)
    picture = np.repeat(of_face, np.maximum(listed.counts - 2, 0))
    if (picture < 0).all():
        return mesh
    shown = tuple(np.zeros((1, 1, 3), np.uint8) if p is None else p for p in pictures)
    texture = Texture(uv, picture, shown)
    rgb = corner_colours(mesh.rgb, mesh.faces, texture, len(mesh.points))
    return replace(mesh, rgb=rgb, texture=texture)
