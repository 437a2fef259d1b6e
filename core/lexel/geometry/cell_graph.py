"""Which points of a surface lie beside each other: those in touching voxels."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lexel.geometry.sparse_tsdf import pack

# Half of the 26 neighbours: the other half sees the same pairs from the other side.
_HALF = [step for step in np.ndindex(3, 3, 3) if step > (1, 1, 1)]


def neighbour_pairs(cell: npt.NDArray[np.int64]) -> npt.NDArray[np.int32]:
    """(E, 2) indices of points whose cells (N, 3) touch, each pair once.

    No two points have the same cell.
    """
    keys = pack(cell)
    order = np.argsort(keys, kind="stable")
    listed = keys[order]
    pairs = []
    for step in _HALF:
        beside = pack(cell + (np.array(step) - 1))
        place = np.searchsorted(listed, beside).clip(0, max(0, len(listed) - 1))
        here = np.flatnonzero(listed[place] == beside) if len(listed) else np.empty(0, np.int64)
        pairs.append(np.stack([here, order[place[here]]], axis=1))
    return np.concatenate(pairs).astype(np.int32)
