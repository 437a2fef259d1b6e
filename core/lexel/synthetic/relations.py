"""Which thing is where, seen from the camera: the ground truth of descriptions.

Source: the data generation of Ha & Song, "Semantic Abstraction" (CoRL 2022).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lexel.synthetic.room import Placed, Room

_MIN_COSINE = 0.6
# From the target to the reference, in a frame whose x points away from the camera and y left.
_DIRECTIONS = {
    "behind": (-1.0, 0.0, 0.0),
    "in front of": (1.0, 0.0, 0.0),
    "on the left of": (0.0, -1.0, 0.0),
    "on the right of": (0.0, 1.0, 0.0),
}


@dataclass(frozen=True)
class Related:
    """`target` is in this `relation` to `reference`; both are ids of objects."""

    target: int
    relation: str
    reference: int


def relations(room: Room, box_from_world: NDArray[np.float64]) -> list[Related]:
    """All six relations between objects of a room, for a camera that looks along the box's x."""
    turn = box_from_world[:3, :3]
    centres = np.array([np.mean(p.bounds, axis=0) for p in room.objects]).reshape(-1, 3) @ turn.T
    scale = np.cbrt(np.linalg.det(turn))
    found = []
    for target, at in zip(room.objects, centres, strict=True):
        if target.support:
            found.append(Related(target.id, target.relation, target.support))
        for reference, there in zip(room.objects, centres, strict=True):
            if reference is not target and target.support != reference.id:
                relation = _direction(there - at, _reach(reference) * scale)
                if relation:
                    found.append(Related(target.id, relation, reference.id))
    return found


def _reach(reference: Placed) -> float:
    """How far from it things still count as beside it, metres."""
    lower, upper = reference.bounds
    return float(min(max(2 * max(upper[:2] - lower[:2]), 0.1), 1.0))


def _direction(displacement: NDArray[np.float64], reach: float) -> str | None:
    distance = np.linalg.norm(displacement)
    if not 0 < distance <= reach:
        return None
    for relation, direction in _DIRECTIONS.items():
        if displacement @ np.array(direction) / distance > _MIN_COSINE:
            return relation
    return None
