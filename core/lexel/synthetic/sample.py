"""One view of a room with all that is known about it: what datasets are made of."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lexel.geometry.transforms import invert
from lexel.geometry.voxels import VoxelGrid
from lexel.synthetic.cameras import SIZE_PX, Shot
from lexel.synthetic.catalogue import NOVEL_CLASSES, SYNONYMS
from lexel.synthetic.relations import relations
from lexel.synthetic.render import Photograph, Studio

GRID = VoxelGrid(shape=(64, 64, 64))


@dataclass(frozen=True, eq=False)
class Sample:
    """A photograph, its camera, and the truth.

    Attributes:
        truth: [64, 64, 64] uint8, id of the object that fills each cell of the box; 0 for none.
        facts: room, objects and descriptions, as JSON writes them.
    """

    photograph: Photograph
    shot: Shot
    truth: NDArray[np.uint8]
    facts: dict[str, Any]


def take(studio: Studio, shot: Shot, *, synonyms: bool = False) -> Sample:
    """Photograph a room and write down what is in the box; `synonyms` renames what has one."""
    photograph = studio.photograph(shot.intrinsics, shot.world_from_camera, SIZE_PX)
    truth = _truth(studio, shot)
    return Sample(photograph, shot, truth, _facts(studio, shot, photograph, truth, synonyms))


def cell_centres() -> NDArray[np.float64]:
    """[64³, 3] centres of the cells in the box's frame, C order."""
    axes = [
        low + (np.arange(n) + 0.5) * step
        for low, n, step in zip(GRID.lower_m, GRID.shape, GRID.voxel_size_m, strict=True)
    ]
    return np.stack(np.meshgrid(*axes, indexing="ij"), -1).reshape(-1, 3)


def _truth(studio: Studio, shot: Shot) -> NDArray[np.uint8]:
    world_from_box = invert(shot.box_from_world)
    points = cell_centres() @ world_from_box[:3, :3].T + world_from_box[:3, 3]
    cell_m = GRID.voxel_size_m[0] * np.cbrt(np.linalg.det(world_from_box[:3, :3]))
    return studio.occupancy(points, cell_m / 2).reshape(GRID.shape)


def _facts(
    studio: Studio, shot: Shot, photograph: Photograph, truth: NDArray[np.uint8], synonyms: bool
) -> dict[str, Any]:
    room = studio.room
    pixels = Counter(photograph.instance.ravel().tolist())
    cells = Counter(truth.ravel().tolist())
    labels = {
        p.id: SYNONYMS.get(p.kind.name, p.kind.name) if synonyms else p.kind.name
        for p in room.objects
    }
    objects = [
        {
            "id": p.id,
            "name": p.kind.name,
            "label": labels[p.id],
            "colour": p.colour,
            "material": p.material,
            "pixels": pixels[p.id],
            "cells": cells[p.id],
            "novel": p.kind.name in NOVEL_CLASSES,
        }
        for p in room.objects
    ]
    told = [
        {
            "target": r.target,
            "relation": r.relation,
            "reference": r.reference,
            "target_label": labels[r.target],
            "reference_label": labels[r.reference],
        }
        for r in relations(room, shot.box_from_world)
        if cells[r.target] and pixels[r.reference] and labels[r.target] != labels[r.reference]
    ]
    return {"room": room.name, "kind": room.kind, "objects": objects, "descriptions": told}
