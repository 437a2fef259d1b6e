"""Scores of all cells of the box for a question about a view: a network's, and a baseline's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from lexel.completion.checkpoints import Network
from lexel.io.room_views import CELLS, RoomDescription, RoomView
from lexel.pipelines.room_inputs import TRUTH_GRID, in_box, relevancy_at, surface_points
from lexel.pipelines.room_questions import Inputs, Question, answer, read_inputs

_QUESTIONS_AT_ONCE = 4


class Answerer(Protocol):
    """Answers questions about a view: one score [64³] for each, in C order of the truth's cells."""

    colour: bool
    sentences: bool

    def scores(
        self, view: RoomView, source: str, questions: Sequence[Question], cells: Tensor
    ) -> Tensor:
        """[P, 64³] float32 at the cells' centres [64³, 3]; higher is surer."""


class NetworkAnswerer:
    """A trained network. Its points are drawn by the seed, the same for all questions of a view.

    Args:
        network: of any kind.
        device: where it runs.
        seed: of the points.
    """

    def __init__(self, network: Network, device: str = "cpu", seed: int = 0) -> None:
        self.network = network.to(device).eval()
        self.colour = network.config.network_inputs == ("rgb",)
        self.sentences = type(network).__name__ == "ClipSpatialVOOL"
        self._device, self._seed = torch.device(device), seed

    @torch.inference_mode()
    def scores(
        self, view: RoomView, source: str, questions: Sequence[Question], cells: Tensor
    ) -> Tensor:
        xyz, pixel = surface_points(view)
        inside = np.flatnonzero(in_box(xyz))
        wanted = min(self.network.config.num_input_pts, len(inside))
        chosen = np.random.default_rng(self._seed).choice(inside, wanted, replace=False)
        kind = type(self.network)
        found = []
        for start in range(0, len(questions), _QUESTIONS_AT_ONCE):
            some = questions[start : start + _QUESTIONS_AT_ONCE]
            inputs = read_inputs(kind, view, source, some, xyz[chosen], pixel[chosen])
            found.append(self._decoded(inputs.to(self._device), len(some), cells))
        return torch.cat(found)

    def _decoded(self, inputs: Inputs, count: int, cells: Tensor) -> Tensor:
        queries = cells.to(self._device).expand(1, count, -1, -1)
        return answer(self.network, [inputs], queries)[0].float().cpu()


class SurfaceAnswerer:
    """Baseline: the observed surface only, with the relevancy of the label (target) as score."""

    colour = sentences = False

    def scores(
        self, view: RoomView, source: str, questions: Sequence[Question], cells: Tensor
    ) -> Tensor:
        xyz, pixel = surface_points(view)
        inside = in_box(xyz)
        phrases = [q.target_label if isinstance(q, RoomDescription) else q for q in questions]
        relevancy = relevancy_at(view, source, phrases, pixel[inside])[..., 0]
        cell = torch.from_numpy(cell_of(xyz[inside])).expand(len(phrases), -1)
        empty = torch.full((len(phrases), len(cells)), -torch.inf)
        return empty.scatter_reduce_(1, cell, relevancy, "amax")


def cell_of(xyz: NDArray[np.float32]) -> NDArray[np.int64]:
    """[N] the truth's cell, in C order, of each point [N, 3] in the box."""
    ijk = np.floor((xyz - np.array(TRUTH_GRID.lower_m)) / TRUTH_GRID.voxel_size_m).astype(int)
    i, j, k = np.clip(ijk, 0, CELLS - 1).T
    return np.asarray((i * CELLS + j) * CELLS + k, np.int64)


def near_surface(view: RoomView) -> NDArray[np.bool_]:
    """[64³] bool: cells that hold an observed surface point, or touch one that does."""
    xyz, _ = surface_points(view)
    occupied = torch.zeros(CELLS**3)
    occupied[torch.from_numpy(cell_of(xyz[in_box(xyz)]))] = 1
    grown = F.max_pool3d(occupied.view(1, 1, CELLS, CELLS, CELLS), 3, 1, 1)
    return np.asarray(grown.flatten().numpy() > 0)
