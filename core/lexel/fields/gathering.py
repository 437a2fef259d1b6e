"""The views' meaning gathered on superpoints: memory follows the scene, not its recording.

A view gives each superpoint the mean of the regions its visible points fall into, weighted by how
well they are seen. What is kept are sums: S superpoints × D, whatever the number of views.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from lexel.fields.reading import ReadView
from lexel.fields.visibility import Seen

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]

EVIDENCE_KEPT = 4  # regions remembered behind each superpoint


class Gathered:
    """Sums over views.

    Attributes:
        total: (S, D) float32, weighted sum of unit vectors.
        weight: (S,) float64, sum of weights; 0 where no view saw anything.
        views: (S,) int32, how many views saw it.
        named: (S, L) float32, weight behind each of `names`.
        names: what regions were called.
        view, box, strength: (S, 4), (S, 4, 4), (S, 4): the regions that weigh most; view -1: none.
    """

    def __init__(self, num_superpoints: int, dim: int) -> None:
        s, e = num_superpoints, EVIDENCE_KEPT
        self.total = np.zeros((s, dim), np.float32)
        self.weight = np.zeros(s)
        self.views = np.zeros(s, np.int32)
        self.names: list[str] = []
        self.named = np.zeros((s, 0), np.float32)
        self.view = np.full((s, e), -1, np.int32)
        self.box = np.zeros((s, e, 4), np.int32)
        self.strength = np.zeros((s, e), np.float32)

    @classmethod
    def from_state(cls, state: Mapping[str, npt.NDArray[Any]]) -> Gathered:
        """What `state` told."""
        gathered = cls(0, 0)
        for name in _ARRAYS:
            setattr(gathered, name, state[name])
        gathered.names = state["names"].tolist()
        return gathered

    def state(self) -> dict[str, npt.NDArray[Any]]:
        """Everything it knows, as arrays."""
        arrays = {name: getattr(self, name) for name in _ARRAYS}
        return {**arrays, "names": np.array(self.names, dtype=np.str_)}

    def add(self, index: int, read: ReadView, seen: Seen, superpoint: Ints, quality: float) -> None:
        """Take in view `index`: what it means, which points it sees, and how good it is."""
        region = read.regions.label.reshape(-1)[seen.pixel]
        inside = region >= 0
        pair = superpoint[seen.index[inside]].astype(np.int64) * len(read.regions) + region[inside]
        pairs, number = np.unique(pair, return_inverse=True)
        if not len(pairs):
            return
        weight = np.bincount(number, seen.weight[inside]) * quality
        piece, region = np.divmod(pairs, len(read.regions))
        self._add_meaning(piece, region, weight, read.feature)
        self._add_names(piece, region, weight, read)
        self._keep_evidence(index, piece, weight, read.regions.box[region])

    def _add_meaning(
        self, piece: npt.NDArray[np.int64], region: npt.NDArray[np.int64], weight: Any, feature: Any
    ) -> None:
        from scipy.sparse import csr_array

        pieces, row = np.unique(piece, return_inverse=True)
        shares = csr_array((weight, (row, region)), (len(pieces), len(feature)))
        self.total[pieces] += (shares @ feature.astype(np.float64)).astype(np.float32)
        self.weight[pieces] += np.bincount(row, weight)
        self.views[pieces] += 1

    def _add_names(
        self, piece: npt.NDArray[np.int64], region: npt.NDArray[np.int64], weight: Any, read: Any
    ) -> None:
        if not any(read.regions.name):
            return
        known = set(self.names)
        new = [name for name in dict.fromkeys(read.regions.name) if name and name not in known]
        self.names += new
        self.named = np.pad(self.named, ((0, 0), (0, len(new))))
        column = np.array([self.names.index(n) if n else -1 for n in read.regions.name])[region]
        at = column >= 0
        sure = weight[at] * read.regions.score[region[at]]
        np.add.at(self.named, (piece[at], column[at]), sure.astype(np.float32))

    def _keep_evidence(
        self, index: int, piece: npt.NDArray[np.int64], weight: Any, box: Ints
    ) -> None:
        """A view's heaviest region of each superpoint takes the place of the lightest kept."""
        order = np.lexsort((-weight, piece))
        pieces, first = np.unique(piece[order], return_index=True)
        best = order[first]
        slot = self.strength[pieces].argmin(axis=1)
        stronger = weight[best] > self.strength[pieces, slot]
        at, best = (pieces[stronger], slot[stronger]), best[stronger]
        self.view[at], self.box[at], self.strength[at] = index, box[best], weight[best]


_ARRAYS = ("total", "weight", "views", "named", "view", "box", "strength")


def border_votes(
    read: ReadView, seen: Seen, pairs: Ints, num_points: int, counts: npt.NDArray[np.float32]
) -> None:
    """Add to `counts` (E, 2): of each pair of points, how much it was seen to differ, and seen."""
    region = np.full(num_points, -2, np.int32)
    region[seen.index] = read.regions.label.reshape(-1)[seen.pixel]
    weight = np.zeros(num_points, np.float32)
    weight[seen.index] = seen.weight
    a, b = region[pairs[:, 0]], region[pairs[:, 1]]
    both = np.flatnonzero((a >= 0) & (b >= 0))
    amount = np.minimum(weight[pairs[both, 0]], weight[pairs[both, 1]])
    counts[both, 1] += amount
    counts[both, 0] += amount * (a[both] != b[both])
