"""Which points lie under the mouse, and within a lasso."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lexel.viewer.drawing.camera import Camera
from lexel.viewer.drawing.cloud import Cloud
from lexel.viewer.drawing.splat import ALL, IdPass, Shown, project_block

Ids = npt.NDArray[np.int32]
_BLOCK = 1 << 18  # points


def id_at(seen: IdPass, pixel: tuple[float, float], search_px: int = 4) -> int:
    """The point at a place (u, v), else the nearest one drawn around it; -1 if there is none."""
    found = nearest_drawn(seen, pixel, search_px)
    return -1 if found is None else int(seen.ids[found])


def place_at(
    seen: IdPass, pixel: tuple[float, float], search_px: int = 12
) -> npt.NDArray[np.float64] | None:
    """(3,) metres, world frame: what lies under a place (u, v), as deep as what is drawn there
    or nearest to it; None if there is nothing."""
    found = nearest_drawn(seen, pixel, search_px)
    return None if found is None else seen.camera.at(pixel, float(seen.depth_m[found]))


def nearest_drawn(
    seen: IdPass, pixel: tuple[float, float], search_px: int
) -> tuple[int, int] | None:
    """(row, column) of the pixel nearest to a place (u, v) that shows a point."""
    column, row = (int(np.floor(place)) for place in pixel)
    top, left = max(row - search_px, 0), max(column - search_px, 0)
    around = seen.ids[top : max(row + search_px + 1, 0), left : max(column + search_px + 1, 0)]
    rows, columns = (
        axis + start for axis, start in zip(np.nonzero(around >= 0), (top, left), strict=True)
    )
    squared = (rows - row) ** 2 + (columns - column) ** 2
    if not len(rows) or squared.min() > search_px**2:
        return None
    nearest = int(np.argmin(squared))
    return int(rows[nearest]), int(columns[nearest])


def within(polygon: npt.ArrayLike, size_px: tuple[int, int]) -> npt.NDArray[np.bool_]:
    """(H, W) the pixels whose centres lie in a polygon (M, 2) of places (u, v); even-odd rule."""
    corners = np.asarray(polygon, np.float64)
    width, height = size_px
    crossings = np.zeros((height, width + 1), np.int32)
    rows = np.arange(height) + 0.5
    for (u0, v0), (u1, v1) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        crossed = np.flatnonzero((rows >= min(v0, v1)) & (rows < max(v0, v1)))
        if len(crossed):
            u = u0 + (rows[crossed] - v0) * (u1 - u0) / (v1 - v0)
            first = np.clip(np.ceil(u - 0.5), 0, width).astype(np.intp)  # the first pixel beyond
            np.add.at(crossings, (crossed, first), 1)
    return np.asarray(np.cumsum(crossings[:, :-1], axis=1) % 2 == 1)


def ids_seen(seen: IdPass, mask: npt.NDArray[np.bool_]) -> Ids:
    """(M,) ascending, the points that show in a mask (H, W)."""
    ids = np.unique(seen.ids[mask])
    return ids[ids >= 0]


def ids_inside(
    cloud: Cloud, camera: Camera, mask: npt.NDArray[np.bool_], shown: Shown = ALL
) -> Ids:
    """(M,) ascending, the points that lie in a mask (H, W), hidden behind others or not."""
    found = [np.zeros(0, np.int32)]
    for start in range(0, len(cloud), _BLOCK):
        column, row, _, ids = project_block(
            cloud, slice(start, start + _BLOCK), camera, shown, camera.size_px
        )
        found.append(ids[mask[row.astype(np.intp), column.astype(np.intp)]])
    return np.sort(np.concatenate(found))
