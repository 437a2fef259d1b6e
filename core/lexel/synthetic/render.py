"""Photographs of a room by ray casting: colour, depth and ids, and which cells things fill."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lexel.geometry.transforms import invert
from lexel.synthetic.materials import GLOSS, MATERIALS, SURFACES
from lexel.synthetic.room import Room
from lexel.synthetic.shapes import box

if TYPE_CHECKING:
    import open3d

Float32 = NDArray[np.float32]
_WALL_M = 0.1
_GAMMA = 2.2
_SHADOW_BIAS_M = 2e-3


@dataclass(frozen=True, eq=False)
class Photograph:
    """What a camera sees.

    Attributes:
        rgb: [H, W, 3] uint8.
        depth_m: [H, W] float32, distance along the camera's axis; 0 where nothing was hit.
        instance: [H, W] uint8, id of the object; 0 is the room itself.
    """

    rgb: NDArray[np.uint8]
    depth_m: Float32
    instance: NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Surfaces:
    """Triangles of many things as one mesh, with look-up tables by triangle.

    Attributes:
        vertices: [V, 3] metres, in the world.
        triangles: [T, 3] rows of `vertices`.
        instance: [T] id of the object; 0 is the room itself.
        rgb: [T, 3] plain colour, linear.
        material: [T] place in `lexel.synthetic.materials.MATERIALS`.
        part: [T] number of the closed piece; faces of two pieces may lie in each other.
    """

    vertices: Float32
    triangles: NDArray[np.uint32]
    instance: NDArray[np.uint8]
    rgb: Float32
    material: NDArray[np.int64]
    part: NDArray[np.int64]

    @cached_property
    def caster(self) -> open3d.t.geometry.RaycastingScene:
        import open3d

        scene = open3d.t.geometry.RaycastingScene()
        scene.add_triangles(_tensor(self.vertices), _tensor(self.triangles))
        return scene


_MATERIAL_NAMES = tuple(MATERIALS)


class Studio:
    """A room ready to be photographed from any place."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self._objects = _gather(room, shell=False)
        self._all = _gather(room, shell=True)
        frames = [np.eye(4), *(invert(p.world_from_object) for p in room.objects)]
        self._object_from_world = np.stack(frames).astype(np.float32)

    @property
    def surfaces(self) -> Surfaces:
        """The furnished room with its walls, floor and ceiling."""
        return self._all

    def photograph(
        self,
        intrinsics: NDArray[np.float64],
        world_from_camera: NDArray[np.float64],
        size_px: tuple[int, int],
        samples: int = 1,
    ) -> Photograph:
        """Through a camera (OpenCV axes, pixel centres at +0.5) of `size_px` (width, height).

        `samples` × `samples` rays a pixel smooth the colours; depth and ids are of its centre.
        """
        rays = _rays(intrinsics, world_from_camera, size_px, 1)
        hits = self._cast(rays)
        if samples > 1:
            fine = _rays(intrinsics, world_from_camera, size_px, samples)
            light = self._shade(fine, self._cast(fine))
            width, height = size_px
            light = light.reshape(height, samples, width, samples, 3).mean((1, 3)).reshape(-1, 3)
        else:
            light = self._shade(rays, hits)
        shape = (size_px[1], size_px[0])
        t = np.where(hits["hit"], hits["t"], 0)
        rgb = np.clip(light, 0, 1) ** np.float32(1 / _GAMMA)
        return Photograph(
            (rgb * 255 + 0.5).astype(np.uint8).reshape(*shape, 3),
            t.reshape(shape).astype(np.float32),
            hits["instance"].reshape(shape),
        )

    def patterns(
        self,
        intrinsics: NDArray[np.float64],
        world_from_camera: NDArray[np.float64],
        size_px: tuple[int, int],
        samples: int,
    ) -> Float32:
        """By what textures multiply the plain colour (linear) of what is seen through a camera.

        [H · samples, W · samples], for renderers that light the room in their own way.
        """
        rays = _rays(intrinsics, world_from_camera, size_px, samples)
        hits = self._cast(rays)
        material = self._all.material[hits["triangle"]]
        texture = self._texture(*_touched(rays, hits), hits["instance"], material)
        return texture.reshape(size_px[1] * samples, size_px[0] * samples)

    def coloured_mesh(self) -> tuple[Float32, NDArray[np.int64], Float32]:
        """The furnished room without its ceiling: vertices, triangles, linear colours by vertex.

        Corners are not shared between triangles: each keeps its own surface's colour.
        """
        corners = self._all.vertices[self._all.triangles]
        low = corners[:, :, 2].min(1) < self.room.size[2] - 1e-3
        vertices = corners[low].reshape(-1, 3)
        triangles = np.arange(len(vertices)).reshape(-1, 3)
        return vertices, triangles, np.repeat(self._all.rgb[low], 3, 0)

    def occupancy(self, points: NDArray[np.floating], reach_m: float) -> NDArray[np.uint8]:
        """Id of the object that fills each point [N, 3] of the world; 0 where none does.

        A point is filled inside an object, and within `reach_m` of its surface (so that thin
        things fill the cells they pass through).
        """

        found = np.zeros(len(points), np.uint8)
        near = np.zeros(len(points), bool)
        for placed in self.room.objects:
            lower, upper = placed.bounds
            near |= np.all((points > lower - reach_m) & (points < upper + reach_m), axis=1)
        if not near.any():
            return found
        p = points[near].astype(np.float32)
        answer = self._objects.caster.compute_closest_points(_tensor(p))
        away = p - answer["points"].numpy()
        triangle = answer["primitive_ids"].numpy()
        inside = (away * answer["primitive_normals"].numpy()).sum(1) < 0
        filled = inside | ((away * away).sum(1) < reach_m**2)
        found[near] = np.where(filled, self._objects.instance[triangle], 0)
        return found

    def _cast(self, rays: Float32) -> dict[str, NDArray[Any]]:

        answer = self._all.caster.cast_rays(_tensor(rays))
        t = answer["t_hit"].numpy()
        hit = np.isfinite(t)
        triangle = np.where(hit, answer["primitive_ids"].numpy(), 0).astype(np.int64)
        return {
            "t": t,
            "hit": hit,
            "triangle": triangle,
            "normal": answer["primitive_normals"].numpy(),
            "instance": np.where(hit, self._all.instance[triangle], 0).astype(np.uint8),
        }

    def _shade(self, rays: Float32, hits: dict[str, NDArray[Any]]) -> Float32:
        """Linear light [N, 3]: ambient, a shadowed lamp and shadowed daylight, and gloss."""
        light, triangle = self.room.light, hits["triangle"]
        view = rays[:, 3:] / np.linalg.norm(rays[:, 3:], axis=1, keepdims=True)
        point, normal = _touched(rays, hits)
        start = point + normal * np.float32(_SHADOW_BIAS_M)
        to_lamp = np.asarray(light.lamp, np.float32) - start
        distance = np.linalg.norm(to_lamp, axis=1, keepdims=True)
        sun = np.broadcast_to(np.asarray(light.sun, np.float32), point.shape)
        # Daylight is not stopped by the room's own walls: they would shut all of it out.
        lamp_open = ~self._blocked(self._all, start, to_lamp, 1.0)
        sun_open = ~self._blocked(self._objects, start, sun, np.inf)
        material = self._all.material[triangle]
        sky = np.asarray(0.75 + 0.25 * normal[:, 2:], np.float32)
        total = np.asarray(light.ambient_rgb, np.float32) * sky
        gloss = np.zeros((len(point), 1), np.float32)
        strength = np.asarray([GLOSS.get(name, 0.0) for name in _MATERIAL_NAMES], np.float32)[
            material
        ]
        for direction, is_open, rgb, fade in (
            (to_lamp / distance, lamp_open, light.lamp_rgb, 6 / (2 + distance**2)),
            (sun, sun_open, light.sun_rgb, 1.0),
        ):
            facing = np.clip((normal * direction).sum(1, keepdims=True), 0, 1) * is_open[:, None]
            total = total + facing * fade * np.asarray(rgb, np.float32)
            half = direction - view
            half /= np.linalg.norm(half, axis=1, keepdims=True) + np.float32(1e-6)
            shine = np.clip((normal * half).sum(1, keepdims=True), 0, 1) ** 40
            gloss += shine * is_open[:, None] * strength[:, None]
        glow = np.array([name == "glow" for name in _MATERIAL_NAMES])[material]
        total = np.where(glow[:, None], np.float32(1.2), total)
        texture = self._texture(point, normal, hits["instance"], material)
        albedo = self._all.rgb[triangle] * texture[:, None]
        return np.asarray(albedo * total + 0.5 * gloss, np.float32)

    def _texture(
        self,
        point: Float32,
        normal: Float32,
        instance: NDArray[np.uint8],
        material: NDArray[np.int64],
    ) -> Float32:
        """By what textures multiply the plain colour at each point [N], linear."""
        # Across a wall the place is constant: half a tile off any joint, whatever the room's size.
        depth = (point * normal).sum(1, keepdims=True) * normal
        point = np.where(instance[:, None] == 0, point - depth + np.abs(normal) * 0.1, point)
        frame = self._object_from_world[instance]
        local = np.einsum("nij,nj->ni", frame[:, :3, :3], point) + frame[:, :3, 3]
        factor = np.ones(len(point), np.float32)
        for index in np.unique(material):
            chosen = material == index
            factor[chosen] = MATERIALS[_MATERIAL_NAMES[index]](local[chosen])
        return factor ** np.float32(_GAMMA)

    @staticmethod
    def _blocked(
        surfaces: Surfaces, start: Float32, direction: Float32, far: float
    ) -> NDArray[np.bool_]:

        rays = np.concatenate([start, direction], 1).astype(np.float32)
        answer = surfaces.caster.test_occlusions(_tensor(rays), tnear=0.0, tfar=float(far))
        return np.asarray(answer.numpy())


def _tensor(array: NDArray[Any]) -> Any:
    import open3d

    return open3d.core.Tensor(array)  # type: ignore[call-overload]


def _rays(
    intrinsics: NDArray[np.float64],
    world_from_camera: NDArray[np.float64],
    size_px: tuple[int, int],
    samples: int,
) -> Float32:
    """[H·s·W·s, 6]: origins, and directions whose length along the camera's axis is 1."""
    width, height = size_px
    u = (np.arange(width * samples) + 0.5) / samples
    v = (np.arange(height * samples) + 0.5) / samples
    x = (u - intrinsics[0, 2]) / intrinsics[0, 0]
    y = (v - intrinsics[1, 2]) / intrinsics[1, 1]
    grid_x, grid_y = np.meshgrid(x, y)
    directions = np.stack([grid_x, grid_y, np.ones_like(grid_x)], -1).reshape(-1, 3)
    rays = np.empty((len(directions), 6), np.float32)
    rays[:, :3] = world_from_camera[:3, 3]
    rays[:, 3:] = directions @ world_from_camera[:3, :3].T
    return rays


def _touched(rays: Float32, hits: dict[str, NDArray[Any]]) -> tuple[Float32, Float32]:
    """Points [N, 3] that rays hit, and the surface's normals there, turned to where rays start."""
    away = (hits["normal"] * rays[:, 3:]).sum(1) > 0
    normal = hits["normal"] * np.where(away, -1, 1)[:, None]
    return rays[:, :3] + np.where(hits["hit"], hits["t"], 0)[:, None] * rays[:, 3:], normal


def _gather(room: Room, shell: bool) -> Surfaces:
    vertices, triangles, instance, rgb, material = [], [], [], [], []
    part_of: list[NDArray[np.int64]] = []
    count = 0

    def add(v: NDArray[Any], t: NDArray[Any], i: int, colour: Any, name: str) -> None:
        nonlocal count
        vertices.append(v)
        triangles.append(t + count)
        count += len(v)
        instance.append(np.full(len(t), i))
        rgb.append(np.repeat([colour], len(t), 0))
        material.append(np.full(len(t), _MATERIAL_NAMES.index(name)))
        part_of.append(np.full(len(t), len(part_of)))

    for placed in room.objects:
        turn, shift = placed.world_from_object[:3, :3], placed.world_from_object[:3, 3]
        for part in placed.model.parts:
            if part.surface == "main":
                colour, name = placed.rgb, placed.material
            else:
                colour, name = SURFACES[part.surface]
            add(part.vertices @ turn.T + shift, part.triangles, placed.id, colour, name)
    if shell or not room.objects:
        for part, finish in _shell(room):
            add(part.vertices, part.triangles, 0, finish.rgb, finish.material)
    return Surfaces(
        np.concatenate(vertices).astype(np.float32),
        np.concatenate(triangles).astype(np.uint32),
        np.concatenate(instance).astype(np.uint8),
        (np.concatenate(rgb) ** _GAMMA).astype(np.float32),
        np.concatenate(material),
        np.concatenate(part_of),
    )


def _shell(room: Room) -> list[tuple[Any, Any]]:
    """Floor, ceiling and four walls as slabs around the room."""
    x, y, z = room.size
    t = _WALL_M
    wide = (x + 2 * t, y + 2 * t, t)
    ceiling = type(room.wall)((0.93, 0.93, 0.92), "paint")
    slabs = [(box(wide, (0, 0, -t)), room.floor), (box(wide, (0, 0, z)), ceiling)]
    for side in (-1, 1):
        slabs.append((box((t, y + 2 * t, z), (side * (x + t) / 2, 0, 0)), room.wall))
        slabs.append((box((x + 2 * t, t, z), (0, side * (y + t) / 2, 0)), room.wall))
    return slabs
