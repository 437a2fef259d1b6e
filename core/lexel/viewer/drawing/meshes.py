"""Triangle meshes over the points: what each pixel's ray meets first, how deep, and how lit."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from lexel.scene import Colour
from lexel.viewer.drawing.camera import Camera
from lexel.viewer.drawing.splat import NEAR_M

_ROWS = 64  # cast at a time, between two looks at whether it is still wanted
_AMBIENT = 0.45  # the rest of the light comes from the eye


@dataclass(frozen=True, eq=False)
class Mesh:
    """A mesh to draw over the points.

    Attributes:
        vertices_m: (V, 3) float32, world frame.
        faces: (F, 3) int32.
        rgb: one colour, or (F, 3) uint8.
        opacity: 0..1.
        inferred: whether it is hatched as inferred points are.
    """

    vertices_m: npt.NDArray[np.float32]
    faces: npt.NDArray[np.int32]
    rgb: Colour | npt.NDArray[np.uint8] = (200, 200, 200)
    opacity: float = 1.0
    inferred: bool = False


@dataclass(frozen=True, eq=False)
class MeshPass:
    """What a camera sees of meshes.

    Attributes:
        depth_m: (H, W) float32, z-depth, infinite where no mesh is.
        rgb: (H, W, 3) uint8, lit.
        opacity: (H, W) float32, 0 where no mesh is.
        inferred: (H, W) bool.
    """

    depth_m: npt.NDArray[np.float32]
    rgb: npt.NDArray[np.uint8]
    opacity: npt.NDArray[np.float32]
    inferred: npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class MeshScene:
    """Meshes that rays are cast at. The tree for that is built at the first cast."""

    meshes: tuple[Mesh, ...]
    _built: list[Any] = field(default_factory=list, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @property
    def built(self) -> bool:
        return bool(self._built)

    def cast(
        self, camera: Camera, step_px: int = 1, check: Callable[[], None] = lambda: None
    ) -> MeshPass:
        """One ray for every `step_px`-th pixel of every such row; the others take its answer."""
        tree, faces = self._tree()
        width, height = (-(-size // step_px) for size in camera.size_px)
        out = MeshPass(
            np.full((height, width), np.inf, np.float32),
            np.zeros((height, width, 3), np.uint8),
            np.zeros((height, width), np.float32),
            np.zeros((height, width), np.bool_),
        )
        for first in range(0, height, _ROWS):
            check()
            _cast_rows(out, slice(first, min(first + _ROWS, height)), tree, faces, camera, step_px)
        return _enlarged(out, camera.size_px, step_px)

    def _tree(self) -> tuple[Any, _Faces]:
        with self._lock:
            if not self._built:
                self._built.extend(_build(self.meshes))
            return self._built[0], self._built[1]


@dataclass(frozen=True, eq=False)
class _Faces:
    """Of all meshes' faces, one after the other: (F, 3) uint8, (F,) float32, (F,) bool."""

    rgb: npt.NDArray[np.uint8]
    opacity: npt.NDArray[np.float32]
    inferred: npt.NDArray[np.bool_]


def _build(meshes: Sequence[Mesh]) -> tuple[Any, _Faces]:
    import open3d

    tree = open3d.t.geometry.RaycastingScene()
    counts = [len(mesh.faces) for mesh in meshes]
    starts = np.cumsum([0, *(len(mesh.vertices_m) for mesh in meshes)])
    vertices = np.concatenate([mesh.vertices_m for mesh in meshes]).astype(np.float32)
    faces = np.concatenate([m.faces + start for m, start in zip(meshes, starts, strict=False)])
    tree.add_triangles(
        open3d.core.Tensor.from_numpy(vertices),
        open3d.core.Tensor.from_numpy(faces.astype(np.uint32)),
    )
    colours = [np.broadcast_to(np.array(m.rgb, np.uint8), (len(m.faces), 3)) for m in meshes]
    opacity = np.repeat([np.float32(mesh.opacity) for mesh in meshes], counts)
    inferred = np.repeat([mesh.inferred for mesh in meshes], counts)
    return tree, _Faces(np.concatenate(colours), opacity.astype(np.float32), inferred)


def _cast_rows(
    out: MeshPass, rows: slice, tree: Any, faces: _Faces, camera: Camera, step_px: int
) -> None:
    import open3d

    rays = _rays(camera, rows, out.depth_m.shape[1], step_px)
    answer = tree.cast_rays(open3d.core.Tensor.from_numpy(rays))
    depth_m = answer["t_hit"].numpy()  # directions have unit z-depth
    hit = np.isfinite(depth_m) & (depth_m > NEAR_M)
    face = answer["primitive_ids"].numpy()[hit].astype(np.intp)
    normal, along = answer["primitive_normals"].numpy()[hit], rays[hit, 3:]
    facing = np.abs(np.einsum("nd,nd->n", normal, along)) / np.linalg.norm(along, axis=1)
    light = _AMBIENT + (1 - _AMBIENT) * facing
    out.depth_m[rows][hit] = depth_m[hit]
    out.rgb[rows][hit] = np.rint(faces.rgb[face] * light[:, None])
    out.opacity[rows][hit] = faces.opacity[face]
    out.inferred[rows][hit] = faces.inferred[face]


def _rays(camera: Camera, rows: slice, num_columns: int, step_px: int) -> npt.NDArray[np.float32]:
    """(h, w, 6) float32: where rays begin, and their directions of unit z-depth."""
    row = (np.arange(rows.start, rows.stop) + 0.5) * step_px
    column = (np.arange(num_columns) + 0.5) * step_px
    pixels = np.stack(np.broadcast_arrays(column, row[:, None]), axis=-1)
    rays = np.empty((*pixels.shape[:2], 6), np.float32)
    rays[..., :3], rays[..., 3:] = camera.rays(pixels)
    return rays


def _enlarged(small: MeshPass, size_px: tuple[int, int], step_px: int) -> MeshPass:
    if step_px == 1:
        return small
    width, height = size_px

    def enlarge(image: npt.NDArray[Any]) -> npt.NDArray[Any]:
        return image.repeat(step_px, 0)[:height].repeat(step_px, 1)[:, :width]

    return MeshPass(
        enlarge(small.depth_m), enlarge(small.rgb), enlarge(small.opacity), enlarge(small.inferred)
    )
