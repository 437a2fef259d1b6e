"""Which codes of a field the things have that whoever uploaded its views had numbered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from lexel.errors import SceneError
from lexel.fields.visibility import Seen, see_points
from lexel.io.fields import StoredField
from lexel.io.nerfstudio import open_nerfstudio
from lexel.io.nerfstudio_writing import load_ids
from lexel.pipelines.posed_views import pose_views
from lexel.progress import Progress, track

Ints = npt.NDArray[np.int32]

_NOTHING = -1


@dataclass(frozen=True)
class ObjectCodes:
    """A numbered thing.

    Attributes:
        id: the uploader's number.
        num_points: that show it.
        codes: rows of the codebook, the commonest first.
        shares: of its points, how many have each of these codes.
    """

    id: int
    num_points: int
    codes: tuple[int, ...]
    shares: tuple[float, ...]


class Majority:
    """For each of N points the number that most of the views' weight is for.

    Boyer and Moore's vote, weighted: one candidate and its lead for each point, whatever the
    number of views. If a number has more than half of the weight, it wins.
    """

    def __init__(self, num_points: int) -> None:
        self.number = np.full(num_points, _NOTHING, np.int32)
        self._lead = np.zeros(num_points, np.float32)

    def add(self, seen: Seen, ids: Ints) -> None:
        """Take in a view: what it sees of the points, and (H, W) what its pixels show."""
        said = ids.reshape(-1)[seen.pixel]
        for_it = said == self.number[seen.index]
        lead = self._lead[seen.index] + np.where(for_it, seen.weight, -seen.weight)
        fallen = lead < 0
        self.number[seen.index[fallen]] = said[fallen]
        self._lead[seen.index] = np.abs(lead)


def codes_of_objects(
    field: StoredField,
    folder: Path,
    numbers: Sequence[int],
    voxel_size_m: float,
    progress: Progress,
) -> tuple[ObjectCodes, ...]:
    """The codes of each numbered thing that has points.

    Args:
        field: built from the views in `folder`.
        numbers: of the views, in the order of `transforms.json`.
        voxel_size_m: of the field.
    """
    points = field.points
    if points.normals is None:
        raise SceneError("the field has no normals, so it was not built from views")
    views = pose_views(open_nerfstudio(folder), progress)
    xyz, normals = np.ascontiguousarray(points.xyz_m), np.ascontiguousarray(points.normals)
    majority = Majority(len(xyz))
    for index, number in enumerate(track(numbers, "finding whose codes are whose", progress)):
        view, ids = views.get(index), load_ids(folder, number)
        if view is not None and ids is not None:
            majority.add(see_points(view, xyz, normals, voxel_size_m), ids)
    return _counted(majority.number, field.code)


def _counted(number: Ints, code: Ints) -> tuple[ObjectCodes, ...]:
    """The codes of each number, from those of (N,) points; negative numbers are nothing."""
    thing = number >= 0
    pairs = np.stack([number[thing], code[thing]], axis=1)
    found, count = np.unique(pairs, axis=0, return_counts=True)
    things = []
    for one in np.unique(found[:, 0]):
        own = found[:, 0] == one
        order = np.argsort(-count[own], kind="stable")
        codes, counts = found[own, 1][order], count[own][order]
        shares = (counts / counts.sum()).round(5)
        things.append(
            ObjectCodes(int(one), int(counts.sum()), tuple(codes.tolist()), tuple(shares.tolist()))
        )
    return tuple(things)
