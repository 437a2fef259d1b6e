"""What a completion network reads of a dataset's view, in training and in evaluation alike.

Letters in shapes: N points, P phrases, Q positions; positions are in the networks' box.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from torch import Tensor

from lexel.errors import InputError
from lexel.geometry.cameras import back_project, in_frustum
from lexel.geometry.transforms import apply
from lexel.geometry.voxels import BOX_LOWER_M, BOX_UPPER_M, VoxelGrid
from lexel.io.room_views import CELLS, RoomView
from lexel.relevancy.scale import normalised

TRUTH_GRID = VoxelGrid(shape=(CELLS, CELLS, CELLS))
_MM = 1000.0


def surface_points(view: RoomView) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int64]]:
    """All pixels with depth as points [N, 3] in the box's frame, and their pixels [N].

    Points outside the box are among them: an augmentation may bring them in.
    """
    pixel = np.flatnonzero(view.depth_mm)
    camera = back_project(view.depth_mm / np.float32(_MM), view.intrinsics).reshape(-1, 3)
    return apply(view.box_from_camera, camera[pixel]).astype(np.float32), pixel


def in_box(points: npt.NDArray[np.floating]) -> npt.NDArray[np.bool_]:
    """Whether points [..., 3] are inside the networks' box."""
    lower, upper = np.array(BOX_LOWER_M, np.float32), np.array(BOX_UPPER_M, np.float32)
    inside: npt.NDArray[np.bool_] = ((points >= lower) & (points <= upper)).all(-1)
    return inside


def cell_centres() -> npt.NDArray[np.float32]:
    """[64³, 3] centres of the truth's cells, C order."""
    axes = [
        low + (np.arange(n) + 0.5) * step
        for low, n, step in zip(
            TRUTH_GRID.lower_m, TRUTH_GRID.shape, TRUTH_GRID.voxel_size_m, strict=True
        )
    ]
    return np.stack(np.meshgrid(*axes, indexing="ij"), -1).reshape(-1, 3).astype(np.float32)


def cells_in_frustum(view: RoomView, centres: npt.NDArray[np.float32]) -> npt.NDArray[np.bool_]:
    """Which cells [Q, 3] the camera looks at, seen or hidden: [Q] bool."""
    height, width = view.depth_mm.shape
    return in_frustum(centres, view.intrinsics, view.box_from_camera, (width, height))


def relevancy_at(
    view: RoomView, source: str, phrases: Sequence[str], pixel: npt.NDArray[np.int64]
) -> Tensor:
    """Normalised relevancy of phrases at pixels [N]: [P, N, 1] float32.

    Raises:
        InputError: the source has no relevancy of a phrase.
    """
    stored = view.relevancies[source]
    rows = [_row(view, source, phrase) for phrase in phrases]
    peculiar = torch.from_numpy(stored.maps[rows]).float() - torch.from_numpy(stored.mean).float()
    wanted = normalised(peculiar, stored.scale)
    full = F.interpolate(wanted[None], size=view.depth_mm.shape, mode="bilinear")[0]
    return full.flatten(1)[:, torch.from_numpy(pixel), None]


def text_of(view: RoomView, source: str, phrases: Sequence[str]) -> Tensor:
    """Text features of phrases, of unit length: [P, D] float32."""
    rows = [_row(view, source, phrase) for phrase in phrases]
    features = torch.from_numpy(view.relevancies[source].features[rows]).float()
    return F.normalize(features, dim=-1)


def colour_at(view: RoomView, pixel: npt.NDArray[np.int64]) -> Tensor:
    """Colour 0..1 at pixels [N]: [N, 3] float32."""
    if view.rgb is None:
        raise InputError("the views were read without colour", where=view.where)
    return torch.from_numpy(view.rgb.reshape(-1, 3)[pixel].astype(np.float32) / 255.0)


def _row(view: RoomView, source: str, phrase: str) -> int:
    try:
        return view.relevancies[source].phrases.index(phrase)
    except ValueError:
        raise InputError(
            f"{source} has no relevancy of a phrase",
            where=view.where,
            got=phrase,
            do="Compute the relevancies of this dataset again.",
        ) from None
