"""What completion and localisation answer: voxels, meshes and scores in the scene's world."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt

Colour = tuple[int, int, int]


class AnswerKind(StrEnum):
    COMPLETION = "completion"
    LOCALISATION = "localisation"


@dataclass(frozen=True, eq=False)
class Mesh:
    """A triangle mesh: `vertices_m` (V, 3) float32 in the world frame, `faces` (F, 3) int32."""

    vertices_m: npt.NDArray[np.float32]
    faces: npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Found:
    """Where one label or description was found.

    Attributes:
        text: the label, or the whole description ("the A behind the B").
        colour: its sRGB colour in every picture and file.
        points_m: (N, 3) float32, centres of the voxels it was found in, world frame; N = 0 when
            nothing was found.
        score: (N,) float32, the network's logit there.
        mesh: the surface around those voxels; None for localisations and when nothing was found.
    """

    text: str
    colour: Colour
    points_m: npt.NDArray[np.float32]
    score: npt.NDArray[np.float32]
    mesh: Mesh | None = None

    @property
    def empty(self) -> bool:
        return len(self.points_m) == 0


@dataclass(frozen=True, eq=False)
class Answer:
    """The whole answer of one run of `complete` or `locate`.

    Attributes:
        kind: which of the two.
        scene_name: name of the scene it answers.
        found: one entry per label or description, in the order asked.
        scene_points_m, scene_rgb: (M, 3) float32 and (M, 3) uint8, the observed cloud, world frame.
        voxel_size_m: edge of the voxels behind `Found.points_m`.
        world_from_source: (4, 4), leads from the file's frame to this one.
        forward: unit vector, world frame, that "in front of" and "behind" refer to.
        relevancy_labels, relevancies: (L,) and (L, h, w) float32, relevancy less the mean over the
            label set: what the networks read, shrunk for a picture.
        rgb: (H, W, 3) uint8, the image the maps lie over.
        provenance: encoder, network, sha256 sums, seed and parameters, as JSON-able values;
            `"meaningless": true` when the weights are untrained.
    """

    kind: AnswerKind
    scene_name: str
    found: tuple[Found, ...]
    scene_points_m: npt.NDArray[np.float32]
    scene_rgb: npt.NDArray[np.uint8]
    voxel_size_m: float
    world_from_source: npt.NDArray[np.float64]
    forward: npt.NDArray[np.float64]
    relevancy_labels: tuple[str, ...]
    relevancies: npt.NDArray[np.float32]
    rgb: npt.NDArray[np.uint8]
    provenance: Mapping[str, Any] = field(default_factory=dict)

    @property
    def meaningless(self) -> bool:
        """True when untrained weights made it: every output must say so."""
        return bool(self.provenance.get("meaningless", False))
