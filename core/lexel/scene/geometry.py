"""A mesh or point cloud that came without images."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from lexel.scene.scene import Finding


@dataclass(frozen=True, eq=False)
class Texture:
    """Pictures laid over the F faces of a mesh.

    Attributes:
        uv: (F, 3, 2) float32, where each face's corners lie in its picture: (0, 0) is the picture's
            upper left corner, (1, 1) the lower right one; beyond, it repeats.
        picture: (F,) int32, which picture; -1 where the vertices' colours count.
        pictures: (H, W, 3) uint8 each, sRGB; one of 1 x 1 is a plain colour.
    """

    uv: npt.NDArray[np.float32]
    picture: npt.NDArray[np.int32]
    pictures: tuple[npt.NDArray[np.uint8], ...]

    def rgb_at(
        self, face: npt.NDArray[np.integer], weights: npt.NDArray[np.floating]
    ) -> npt.NDArray[np.uint8]:
        """(M, 3) the nearest pixel under places on faces (M,); black where `picture` is -1.

        `weights` (M, 3) are those of the face's corners and sum to 1.
        """
        uv = np.einsum("mk,mkc->mc", weights.astype(np.float64), self.uv[face])
        rgb = np.zeros((len(face), 3), np.uint8)
        for number, picture in enumerate(self.pictures):
            here = self.picture[face] == number
            size = np.array(picture.shape[1::-1])
            column, row = np.minimum((uv[here] % 1.0 * size).astype(np.intp), size - 1).T
            rgb[here] = picture[row, column]
        return rgb


@dataclass(frozen=True, eq=False)
class Geometry:
    """A mesh or cloud: world frame, metres, Z up. N points, F faces.

    Attributes:
        name: file stem, for display.
        kind: what it is, for people ("mesh (.glb)").
        points_m: (N, 3) float32; the vertices of a mesh.
        rgb: (N, 3) uint8, sRGB; None when the file has no colours.
        normals: (N, 3) float32 unit vectors, where the file has them.
        faces: (F, 3) int32 into the points; None for a cloud.
        texture: finer colours of a mesh than those of its vertices, where there are.
        world_from_source: (4, 4) rigid, from the file's frame (in metres) to this one.
        findings: what was noted and repaired while reading.
    """

    name: str
    kind: str
    points_m: npt.NDArray[np.float32]
    rgb: npt.NDArray[np.uint8] | None = None
    normals: npt.NDArray[np.float32] | None = None
    faces: npt.NDArray[np.int32] | None = None
    texture: Texture | None = None
    world_from_source: npt.NDArray[np.float64] = field(default_factory=lambda: np.eye(4))
    findings: tuple[Finding, ...] = ()

    def rgb_at(
        self, face: npt.NDArray[np.integer], weights: npt.NDArray[np.floating]
    ) -> npt.NDArray[np.uint8]:
        """(M, 3) the mesh's colour at places on faces (M,), `weights` (M, 3) of their corners."""
        assert self.faces is not None and self.rgb is not None
        corners = self.rgb[self.faces[face]].astype(np.float64)
        rgb = np.rint(np.einsum("mk,mkc->mc", weights.astype(np.float64), corners))
        if self.texture is None:
            return rgb.clip(0, 255).astype(np.uint8)
        textured = (self.texture.picture[face] >= 0)[:, None]
        mixed = np.where(textured, self.texture.rgb_at(face, weights), rgb.clip(0, 255))
        return mixed.astype(np.uint8)
