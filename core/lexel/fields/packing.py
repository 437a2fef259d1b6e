"""A field's codes from anybody's features of its points.

Letters: N points, D numbers of an image-text model, S of a sentence model, K codes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from lexel.fields.codebook import Rows, quantise
from lexel.fields.growing import Closeness, measure
from lexel.fields.spherical import Floats, Ints
from lexel.geometry.vectors import unit_rows
from lexel.progress import Progress
from lexel.scene import Codebook, Modality

_ROWS_AT_ONCE = 1 << 15
_TRACE = 1e-6  # a shorter row points nowhere


@dataclass(frozen=True, eq=False)
class Packed:
    """Features as what a field keeps of them.

    Attributes:
        code: (N,) int32. A point without features has the code of the nearest that has some.
        codebook: its `background` is empty.
        closeness: of the codes to the features, by their names in the codebook.
    """

    code: Ints
    codebook: Codebook
    closeness: dict[str, Closeness]


def find_features(features: Rows, progress: Progress) -> npt.NDArray[np.bool_]:
    """(N,) whether each row is a direction: finite, and not all zeros."""
    num_rows = int(features.shape[0])
    good = np.empty(num_rows, bool)
    progress.begin("reading features", num_rows)
    for block in _blocks(num_rows):
        good[block] = _directions(features[block]).any(axis=1)
        progress.advance(block.stop - block.start)
    return good


def pack_features(
    xyz_m: Floats,
    features: Rows,
    sentence_features: Rows | None,
    good: npt.NDArray[np.bool_],
    *,
    target: Closeness,
    seed: int,
    progress: Progress,
) -> Packed:
    """Codes for points from their features.

    Args:
        xyz_m: (N, 3).
        features: (N, D), of any lengths.
        sentence_features: (N, S), of any lengths, rows of zeros where there are none; or None.
        good: (N,) which points have features, at least one.
        target: how close codes are to be; where there are two kinds, to both of them together.
    """
    joint = JointRows(np.flatnonzero(good), features, sentence_features)
    found = quantise(joint, target=target, seed=seed, progress=progress)
    dim = int(features.shape[1])
    parts = {"clip": unit_rows(found.rows[:, :dim])}
    if sentence_features is not None:
        parts["sentence"] = _directions(found.rows[:, dim:])
    code = _spread(found.code, good, xyz_m)
    closeness = {"clip": found.closeness}
    if len(parts) > 1:
        closeness = _closeness_of_parts(joint, found.code, parts, target.percentile, progress)
    return Packed(code, _codebook(parts, code, found.agreement), closeness)


@dataclass(frozen=True, eq=False)
class JointRows:
    """Rows with both kinds of features side by side, each at length 1: `quantise` sees one kind.

    Attributes:
        index: (M,) points that have features, in order.
    """

    index: npt.NDArray[np.intp]
    features: Rows
    sentence: Rows | None

    @property
    def shape(self) -> tuple[int, ...]:
        kinds = [self.features, *([] if self.sentence is None else [self.sentence])]
        return len(self.index), sum(int(kind.shape[1]) for kind in kinds)

    def __getitem__(self, key: Any) -> Floats:
        where: Any = self.index[key]
        if len(where) and (np.diff(where) == 1).all():
            where = slice(int(where[0]), int(where[-1]) + 1)  # a file is read in one piece
        clip = _directions(self.features[where])
        if self.sentence is None:
            return clip
        return np.concatenate([clip, _directions(self.sentence[where])], axis=1)


def _blocks(num_rows: int) -> Iterator[slice]:
    for begin in range(0, num_rows, _ROWS_AT_ONCE):
        yield slice(begin, min(begin + _ROWS_AT_ONCE, num_rows))


def _directions(rows: npt.NDArray[np.floating]) -> Floats:
    """Unit rows; zeros for those that point nowhere or hold what is no number."""
    with np.errstate(all="ignore"):
        narrow = rows.astype(np.float32)
        norm = np.linalg.norm(narrow, axis=1, keepdims=True)
        fine = np.isfinite(norm) & (norm > _TRACE)
        return np.where(fine, narrow / norm, np.float32(0))


def _spread(code: Ints, good: npt.NDArray[np.bool_], xyz_m: Floats) -> Ints:
    """A code for every point: that of the nearest with features, where there are none."""
    if good.all():
        return code
    from scipy.spatial import cKDTree

    _, nearest = cKDTree(xyz_m[good]).query(xyz_m[~good])
    everywhere = np.empty(len(good), np.int32)
    everywhere[good], everywhere[~good] = code, code[nearest]
    return everywhere


def _codebook(parts: dict[str, Floats], code: Ints, agreement: Floats) -> Codebook:
    return Codebook(
        clip=parts["clip"].astype(np.float16),
        modality=np.full(len(agreement), Modality.IMAGE, np.uint8),
        count=np.bincount(code, minlength=len(agreement)).astype(np.int32),
        agreement=agreement,
        background=np.zeros((len(Modality), 0), np.float32),
        sentence=parts["sentence"].astype(np.float16) if "sentence" in parts else None,
    )


def _closeness_of_parts(
    joint: JointRows, code: Ints, parts: dict[str, Floats], percentile: float, progress: Progress
) -> dict[str, Closeness]:
    """How close each kind came; points that have none of a kind do not count for it."""
    edges = np.cumsum([rows.shape[1] for rows in parts.values()])[:-1]
    cosines = {name: np.empty(len(code), np.float32) for name in parts}
    progress.begin("measuring", len(code))
    for block in _blocks(len(code)):
        kinds = np.split(joint[block], edges, axis=1)
        for (name, codes), rows in zip(parts.items(), kinds, strict=True):
            cosine = np.einsum("md,md->m", rows, codes[code[block]])
            cosines[name][block] = np.where(rows.any(axis=1), cosine, np.nan)
        progress.advance(block.stop - block.start)
    known = {name: cosine[~np.isnan(cosine)] for name, cosine in cosines.items()}
    return {name: measure(c, np.ones_like(c), percentile) for name, c in known.items() if len(c)}
