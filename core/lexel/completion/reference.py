"""The published schedule, for `--compat reference`: slow, and different for every seed.

For each label and each chunk of 2^20 lattice places the network runs anew on 80,000 points drawn
with replacement. (Facts: visualize.py of real-stanford/semantic-abstraction @ e76495e.)
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from lexel.completion.cloud import NetworkCloud
from lexel.completion.networks import SemAbs3D, SemAbsVOOL
from lexel.geometry.voxels import VoxelGrid
from lexel.progress import Progress, Silent, track
from lexel.scene import Description

CHUNK = 1 << 20


class PublishedSchedule:
    """Asks networks the way the published program does.

    Args:
        cloud: the points inside the box.
        grid: the lattice that is asked.
        random: source of the draws.
        chunk: places asked in one run of the network.
        progress: told of every run; may cancel.
    """

    def __init__(
        self,
        cloud: NetworkCloud,
        grid: VoxelGrid,
        random: np.random.RandomState,
        *,
        chunk: int = CHUNK,
        progress: Progress | None = None,
    ) -> None:
        self._cloud = cloud
        places = torch.from_numpy(grid.lattice().reshape(-1, 3).astype(np.float32))
        self._places = places.to(cloud.xyz.device)
        self._random = random
        self._chunk = chunk
        self._progress = progress or Silent()

    def complete(self, network: SemAbs3D, relevancy: Tensor) -> Tensor:
        """Logits [X·Y·Z] of one label, from its map [H, W]."""
        return self._ask(
            network.config.num_input_pts,
            lambda drawn, places: network(
                drawn.xyz[None], drawn.relevancy(relevancy)[None, None], places
            ),
        )

    def locate(
        self, network: SemAbsVOOL, description: Description, target: Tensor, reference: Tensor
    ) -> Tensor:
        """Logits [X·Y·Z] of one description, from the maps [H, W] of its two parts."""
        return self._ask(
            network.config.num_input_pts,
            lambda drawn, places: network(
                drawn.xyz[None],
                drawn.relevancy(target)[None, None],
                drawn.relevancy(reference)[None, None],
                [[description.relation]],
                places,
            ),
        )

    @torch.inference_mode()
    def _ask(self, points: int, run: Callable[[NetworkCloud, Tensor], Tensor]) -> Tensor:
        logits = []
        chunks = self._places.split(self._chunk)
        for places in track(chunks, "running the published schedule", self._progress):
            drawn = self._cloud[torch.from_numpy(self._random.choice(len(self._cloud), points))]
            logits.append(run(drawn, places[None, None])[0, 0])
        return torch.cat(logits)
