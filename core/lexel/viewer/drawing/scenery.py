"""What is drawn and how it looks, and the pictures that come of it, step by step.

    Scenery ── id pass, mesh pass ──▶ Seen ── with a Dress ──▶ Drawn ── with a table ──▶ image
    (camera)        0.1 s             ids      20 ms         rows, light    3 ms          RGBA

The same steps make the picture in the window and the one in a file.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from lexel.query.paint import Paint
from lexel.scene import Colour
from lexel.viewer.drawing.camera import Camera
from lexel.viewer.drawing.cloud import Cloud
from lexel.viewer.drawing.grow import Discs
from lexel.viewer.drawing.meshes import MeshPass, MeshScene
from lexel.viewer.drawing.overlay import Layer, hatching, overlay_of, selection
from lexel.viewer.drawing.shade import Drawn, Image, prepare
from lexel.viewer.drawing.splat import FIRST_S, IdPass, Shown, id_passes

# With the picture itself four samples a pixel, none above or beside another; their mean is 0.
_NUDGES_PX = ((0.14, 0.39), (-0.41, -0.07), (0.27, -0.32))
_COARSE_PX = 4  # one ray for so many pixels each way, while the camera moves
_IN_FRONT = 1.002  # points lie on the very surfaces that meshes complete, and would flicker
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Scenery:
    """What decides which point a pixel shows. Compared by `key`.

    Attributes:
        cloud: the points.
        camera: who looks.
        discs: how large points are.
        hidden: (N,) points that are not drawn; None: none.
        clip_m: (2, 3) box outside which nothing is drawn, world frame; None: no box.
        meshes: drawn with the points; None: none.
    """

    cloud: Cloud
    camera: Camera
    discs: Discs = field(default_factory=Discs)
    hidden: Flags | None = None
    clip_m: npt.NDArray[np.float64] | None = None
    meshes: MeshScene | None = None

    @property
    def key(self) -> tuple[object, ...]:
        """Equal for sceneries that look the same; arrays count by identity."""
        clip = None if self.clip_m is None else self.clip_m.tobytes()
        held = (id(self.cloud), id(self.hidden), id(self.meshes))
        return self.camera.key, self.discs, clip, held


@dataclass(frozen=True, eq=False)
class Seen:
    """The ids of a scenery.

    Attributes:
        mesh: None while it has none yet.
        final: whether nothing is left out.
        nudged: the same, each a fraction of a pixel aside: their mean has smooth edges. Made at
            rest (`smooth`).
    """

    scenery: Scenery
    points: IdPass
    mesh: MeshPass | None = None
    final: bool = True
    nudged: tuple[Seen, ...] = ()


@dataclass(frozen=True, eq=False)
class Dress:
    """How ids look, but for the table of colours.

    Attributes:
        background: None: transparent.
        eye_dome: strength of the light from the depths; 0: none.
        inferred: (N,) points that are hatched; None: none.
        selected: (N,) points that are highlighted; None: none.
    """

    background: Colour | None = (0, 0, 0)
    eye_dome: float = 1.0
    inferred: Flags | None = None
    selected: Flags | None = None


def look(
    scenery: Scenery, *, first_s: float = FIRST_S, check: Callable[[], None] = lambda: None
) -> Iterator[Seen]:
    """Ever finer ids; the first after about `first_s` seconds, whatever `check` says."""
    shown = Shown(scenery.cloud.in_drawing_order(scenery.hidden), scenery.clip_m)
    meshes, mesh = scenery.meshes, None
    if meshes is not None and meshes.built:
        mesh = meshes.cast(scenery.camera, _COARSE_PX)
    passes = id_passes(
        scenery.cloud, scenery.camera, scenery.discs, shown, first_s=first_s, check=check
    )
    for points in passes:
        done = points.share == 1.0
        yield Seen(scenery, points, mesh, final=done and meshes is None)
    if meshes is not None:
        yield Seen(scenery, points, meshes.cast(scenery.camera, check=check))


def smooth(seen: Seen, check: Callable[[], None]) -> Seen:
    """Final ids with what their picture is averaged with; `check` may raise to stop it."""
    nudged = []
    for nudge_px in _NUDGES_PX:
        moved = replace(seen.scenery, camera=seen.scenery.camera.nudged(nudge_px))
        *_, other = look(moved, first_s=math.inf, check=check)
        nudged.append(other)
    return replace(seen, nudged=tuple(nudged))


def dress(seen: Seen, paint: Paint, dressed: Dress) -> Drawn:
    """Ids to all that colours need."""
    layers = [*_hatched(seen, dressed), *_meshes(seen), *_selected(seen, dressed)]
    overlay = overlay_of(layers, seen.points.ids.size)
    return prepare(seen.points, paint, dressed.background, dressed.eye_dome, overlay)


def picture(scenery: Scenery, paint: Paint, dressed: Dress, finer: int = 2) -> Image:
    """(H, W, 4) uint8, sRGB and opacity: the window's picture without a window.

    Args:
        finer: drawn so many times larger and averaged, for smooth edges.
    """
    size_px = scenery.camera.size_px
    larger = scenery.camera.resized((size_px[0] * finer, size_px[1] * finer))
    discs = replace(scenery.discs, radius_px=scenery.discs.radius_px * finer)
    *_, seen = look(replace(scenery, camera=larger, discs=discs), first_s=math.inf)
    return _averaged(dress(seen, paint, dressed).colours(paint), finer)


def _averaged(image: Image, factor: int) -> Image:
    """Squares of pixels to one; colours count by their opacity."""
    height, width, channels = image.shape
    squares = image.reshape(height // factor, factor, width // factor, factor, channels)
    opacity = squares[..., 3:].astype(np.float32)
    colour = (squares[..., :3] * opacity).sum(axis=(1, 3))
    total = opacity.sum(axis=(1, 3))
    rgb = colour / np.maximum(total, 1)
    whole = np.concatenate([rgb, total / factor**2], axis=-1)
    return np.rint(whole).astype(np.uint8)


def _hatched(seen: Seen, dressed: Dress) -> list[Layer]:
    marked = _pixels_of(dressed.inferred, seen.points)
    return [] if marked is None else [hatching(marked)]


def _selected(seen: Seen, dressed: Dress) -> list[Layer]:
    marked = _pixels_of(dressed.selected, seen.points)
    return [] if marked is None else selection(marked)


def _pixels_of(flags: Flags | None, points: IdPass) -> Flags | None:
    """(H, W) the pixels that show flagged points."""
    if flags is None or not flags.any():
        return None
    return flags.take(np.maximum(points.ids, 0)) & (points.ids >= 0)


def _meshes(seen: Seen) -> list[Layer]:
    mesh = seen.mesh
    if mesh is None:
        return []
    front = (mesh.opacity > 0) & (mesh.depth_m <= seen.points.depth_m * _IN_FRONT)
    pixel = np.flatnonzero(front)
    layers = [Layer(pixel, mesh.rgb.reshape(-1, 3)[pixel], mesh.opacity.reshape(-1)[pixel])]
    if mesh.inferred.any():
        layers.append(hatching(front & mesh.inferred))
    return layers
