"""The id pass: which point is seen in each pixel, and how deep it lies.

Every point is written into one pixel of a z-buffer whose entries hold depth and id in 64 bits, so
that one `minimum` keeps the nearest. Only then are the pixels grown to discs. That costs pixels,
not points, and nothing is lost: of two points in one pixel the nearer has the greater disc.

Discs are paraboloids: deeper towards their rim. Where they overlap, each pixel goes to the point
that is nearest to it, so that a surface looks like one and not like scales.
"""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lexel.viewer.drawing.camera import Camera
from lexel.viewer.drawing.cloud import Cloud
from lexel.viewer.drawing.grow import NOTHING, Discs, Growth, grow

Floats = npt.NDArray[np.float32]
NEAR_M = 0.02
_BLOCK = 1 << 16  # points
FIRST_S = 0.045  # the first picture of a moving camera; then twice as long each time
_MOST_THINNED = 3.0  # how much a thin picture's discs grow


@dataclass(frozen=True, eq=False)
class IdPass:
    """What is seen.

    Attributes:
        camera: from where.
        ids: (H, W) int32, -1 where nothing is.
        depth_m: (H, W) float32, z-depth, infinite where nothing is.
        share: of the points that were drawn; 1 when the picture is final.
    """

    camera: Camera
    ids: npt.NDArray[np.int32]
    depth_m: Floats
    share: float = 1.0


@dataclass(frozen=True, eq=False)
class Shown:
    """Which points are drawn.

    Attributes:
        hidden: (M,) flags in drawing order (`Cloud.in_drawing_order`); None: none.
        clip_m: (2, 3) lower and upper corner, world frame; None: no clipping.
    """

    hidden: npt.NDArray[np.bool_] | None = None
    clip_m: npt.NDArray[np.float64] | None = None


POINTS = Discs()
ALL = Shown()


def id_pass(cloud: Cloud, camera: Camera, discs: Discs = POINTS, shown: Shown = ALL) -> IdPass:
    """The final picture, in one go."""
    *_, last = id_passes(cloud, camera, discs, shown, first_s=math.inf)
    return last


def id_passes(
    cloud: Cloud,
    camera: Camera,
    discs: Discs = POINTS,
    shown: Shown = ALL,
    *,
    first_s: float = FIRST_S,
    check: Callable[[], None] = lambda: None,
) -> Iterator[IdPass]:
    """Ever finer pictures; the first after about `first_s` seconds, the last with all points.

    `check` is called every millisecond or so after the first, and may raise to stop the work: a
    camera that moves without a pause must be seen all the same. Where `first_s` is infinite there
    is one picture only, and that may be stopped at any time.
    """
    border_px = discs.border_px
    width, height = camera.size_px
    nearest = np.full((height + 2 * border_px, width + 2 * border_px), NOTHING, np.int64)
    begun, patience_s = time.monotonic(), first_s
    for first, end in itertools.pairwise((0, *cloud.ends)):
        for start in range(first, end, _BLOCK):
            if patience_s > first_s or math.isinf(first_s):
                check()
            part = slice(start, min(start + _BLOCK, end))
            _draw(nearest, cloud, part, camera, shown, border_px)
        if time.monotonic() - begun > patience_s and end < len(cloud):
            yield _seen(nearest, camera, discs, len(cloud), end / len(cloud))
            patience_s = 2 * (time.monotonic() - begun)
    yield _seen(nearest, camera, discs, len(cloud), 1.0)


def _draw(
    nearest: npt.NDArray[np.int64],
    cloud: Cloud,
    part: slice,
    camera: Camera,
    shown: Shown,
    border_px: int,
) -> None:
    """Write a block of points into the z-buffer, one pixel each."""
    height, width = nearest.shape
    u, v, depth_m, ids = project_block(cloud, part, camera, shown, (width, height), border_px)
    pixel = v.astype(np.intp) * width + u.astype(np.intp)
    np.minimum.at(nearest.reshape(-1), pixel, keys(depth_m, ids))


def project_block(
    cloud: Cloud,
    part: slice,
    camera: Camera,
    shown: Shown,
    size_px: tuple[int, int],
    border_px: int = 0,
) -> tuple[Floats, Floats, Floats, npt.NDArray[np.int32]]:
    """Column, row, depth and id of those of some points that fall into the image.

    Args:
        size_px: width and height of the image, its border included.
    """
    local_m, ids = cloud.local_m[:, part], cloud.ids[part]
    kept = _kept(cloud, part, shown)
    if kept is not None:
        local_m, ids = local_m[:, kept], ids[kept]
    u, v, depth_m = _project(local_m, cloud, camera, border_px)
    width, height = size_px
    inside = (depth_m > NEAR_M) & (u >= 0) & (u < width) & (v >= 0) & (v < height)
    if inside.all():
        return u, v, depth_m, ids
    rows = np.flatnonzero(inside)
    return u[rows], v[rows], depth_m[rows], ids[rows]


def keys(depth_m: Floats, ids: npt.NDArray[np.int32]) -> npt.NDArray[np.int64]:
    """(M,) depth in the high half, id in the low one; positive floats sort as their bits do."""
    key = np.empty(len(ids), np.int64)
    halves = key.view(np.int32).reshape(-1, 2)
    halves[:, 0] = ids
    halves[:, 1] = depth_m.view(np.int32)
    return key


def _kept(cloud: Cloud, part: slice, shown: Shown) -> npt.NDArray[np.intp] | None:
    keep = None if shown.hidden is None else ~shown.hidden[part]
    if shown.clip_m is not None:
        lower, upper = (shown.clip_m - cloud.middle_m).astype(np.float32)[..., None]
        local_m = cloud.local_m[:, part]
        within = ((local_m >= lower) & (local_m <= upper)).all(axis=0)
        keep = within if keep is None else keep & within
    return None if keep is None else np.flatnonzero(keep)


def _project(local_m: Floats, cloud: Cloud, camera: Camera, border_px: int) -> Floats:
    """(3, B): column and row in the bordered image, and depth, of a block of points."""
    matrix = camera.image_from_world()
    offset = matrix[:, :3] @ cloud.middle_m + matrix[:, 3]
    image: Floats = matrix[:, :3].astype(np.float32) @ local_m
    image += offset.astype(np.float32)[:, None]
    if not camera.orthographic:
        with np.errstate(divide="ignore", invalid="ignore"):  # in the plane of the eye: left out
            image[:2] /= image[2]
    image[:2] += border_px
    return image


def _seen(
    nearest: npt.NDArray[np.int64], camera: Camera, discs: Discs, num_points: int, share: float
) -> IdPass:
    wider = _wider(share, share * num_points, camera)
    key = grow(nearest, Growth.of(discs, camera, wider), discs.border_px, camera.size_px)
    halves = key.view(np.int32).reshape(*key.shape, 2)
    ids, depth = np.ascontiguousarray(halves[..., 0]), np.ascontiguousarray(halves[..., 1])
    return IdPass(camera, ids, depth.view(np.float32), share)


def _wider(share: float, drawn: float, camera: Camera) -> float:
    """How much discs grow so that a thin picture covers about as much as the whole would.

    More points than pixels cover them anyhow, and great discs take long.
    """
    enough = math.sqrt(math.prod(camera.size_px) / max(drawn, 1.0))
    return max(1.0, min(1 / math.sqrt(share), enough, _MOST_THINNED))
