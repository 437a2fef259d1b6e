"""How many metres COLMAP's unit is: its points, seen in images that have depth of a sensor."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt

from lexel.errors import SceneError
from lexel.geometry.transforms import apply, invert
from lexel.io.colmap_model import ModelImage, read_points
from lexel.io.depth_files import read_depth
from lexel.io.posed_frames import Frame

_MAX_VIEWS = 12
_MAX_POINTS = 200_000
_MIN_SAMPLES = 50
_MAX_SPREAD = 0.25  # of the ratios' middle half, to trust their median


def measure_scale(frames: Sequence[tuple[Frame, ModelImage]], model: Path) -> float | None:
    """Metres of one unit of the model: the median of depth over distance; None when unclear.

    Args:
        frames: those with depth in metres, and what the model says of each.
        model: the folder of the model.
    """
    chosen = [frames[i] for i in np.unique(np.linspace(0, len(frames) - 1, _MAX_VIEWS).astype(int))]
    seen: dict[int, list[npt.NDArray[np.float64]]] = {image.number: [] for _, image in chosen}
    for point in islice(read_points(model), _MAX_POINTS):
        for number in set(point.seen_in) & seen.keys():
            seen[number].append(point.xyz)
    ratios = [ratio for frame, image in chosen for ratio in _ratios(frame, image, seen)]
    if len(ratios) < _MIN_SAMPLES:
        return None
    low, middle, high = np.percentile(ratios, (25, 50, 75))
    return float(middle) if high - low < _MAX_SPREAD * middle else None


def _ratios(
    frame: Frame, image: ModelImage, seen: dict[int, list[npt.NDArray[np.float64]]]
) -> Iterator[float]:
    """Depth in metres over depth in the model's unit, for the points an image saw."""
    assert frame.depth is not None
    if not seen[image.number] or not np.isfinite(image.world_from_camera).all():
        return
    try:
        depth_m = read_depth(frame.depth)
    except SceneError:  # said when the view is read
        return
    points = apply(invert(image.world_from_camera), np.array(seen[image.number]))
    points = points[(points[:, 2] > 0) & np.isfinite(points).all(axis=1)]
    camera = image.camera
    assert camera.size_px is not None
    bent = camera.lens.bend(points[:, :2] / points[:, 2:])
    uv = (bent * camera.intrinsics[[0, 1], [0, 1]] + camera.intrinsics[:2, 2]) / camera.size_px
    size = np.array(depth_m.shape[::-1])
    inside = ((uv >= 0) & (uv < 1)).all(axis=1)
    column, row = (uv[inside] * size).astype(np.intp).T
    measured = depth_m[row, column]
    valid = (measured > 0) & np.isfinite(measured)
    yield from (measured[valid] / points[inside, 2][valid]).tolist()
