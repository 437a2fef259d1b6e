"""Things that have a place: what a field's codes are pooled over when geometry counts.

Letters: U places, N points, K codes, M pairs of a place and a code.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lexel.errors import SceneError
from lexel.geometry.sparse_tsdf import pack
from lexel.scene import FieldPoints, Instance
from lexel.scene.field import Floats

NOWHERE = -1


@dataclass(frozen=True, eq=False)
class Places:
    """Boxes in the world frame, metres, and which codes their points have.

    Attributes:
        ids: (U,) int32; what a point's column holds that belongs to a place.
        lower, upper: (U, 3) float32 corners.
        place, code: (M,) int32, pairs that occur.
        share: (M,) float32, of the place's points that have the code; 1 in total for a place.
    """

    ids: npt.NDArray[np.int32]
    lower: Floats
    upper: Floats
    place: npt.NDArray[np.int32]
    code: npt.NDArray[np.int32]
    share: Floats

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def centre(self) -> Floats:
        """(U, 3)."""
        return np.asarray((self.lower + self.upper) / 2, np.float32)

    def pool(self, values: Floats) -> Floats:
        """The mean over each place's points of (K,) values of their codes, (U,)."""
        parts = self.share * values[self.code]
        return np.bincount(self.place, parts, len(self)).astype(np.float32)


def places_of_instances(instances: Sequence[Instance], counts: npt.NDArray[np.integer]) -> Places:
    """A field's objects.

    Args:
        counts: (K,) points that have each code. An instance does not tell how many of its points
            have which of its codes; it is taken to share them as the whole field does.
    """
    if not instances:
        raise SceneError("the field has no objects", do="Use `places_of_points`.")
    place = np.repeat(np.arange(len(instances)), [len(i.codes) for i in instances])
    code = np.array([c for i in instances for c in i.codes], np.int32)
    boxes = np.array([i.aabb for i in instances], np.float32)
    ids = np.array([i.id for i in instances], np.int32)
    return _places(ids, boxes[:, 0], boxes[:, 1], place, code, np.maximum(counts[code], 1))


def places_of_points(
    points: FieldPoints, cell_m: float = 0.2
) -> tuple[Places, npt.NDArray[np.int32]]:
    """Cells of a regular grid that hold points, where a field has no objects.

    Returns:
        The cells, and (N,) the id of each point's cell.
    """
    cells = np.floor(points.xyz_m / np.float32(cell_m)).astype(np.int64)
    _, cell = np.unique(pack(cells), return_inverse=True)
    num_cells = int(cell.max()) + 1
    lower, upper = np.full((2, num_cells, 3), np.inf, np.float32)
    upper *= -1
    np.minimum.at(lower, cell, points.xyz_m)
    np.maximum.at(upper, cell, points.xyz_m)
    pair, times = np.unique(cell * (int(points.code.max()) + 1) + points.code, return_counts=True)
    place, code = np.divmod(pair, int(points.code.max()) + 1)
    ids = np.arange(num_cells, dtype=np.int32)
    return _places(ids, lower, upper, place, code, times), cell.astype(np.int32)


def table_over_ids(places: Places, values: Floats) -> Floats:
    """Values (U,) by id, (largest id + 2,), for `lexel.query.colour.expand`.

    The last row is for `NOWHERE`, which indexes it from the end; it and unused ids hold zeros.
    """
    table = np.zeros(int(places.ids.max()) + 2, np.float32)
    table[places.ids] = values
    return table


def _places(
    ids: npt.NDArray[np.int32],
    lower: Floats,
    upper: Floats,
    place: npt.NDArray[np.integer],
    code: npt.NDArray[np.integer],
    times: npt.NDArray[np.integer],
) -> Places:
    total = np.bincount(place, times, len(ids))
    share = (times / total[place]).astype(np.float32)
    return Places(ids, lower, upper, place.astype(np.int32), code.astype(np.int32), share)
