"""*the A relation the B*, computed on places: how well each of them is such an A.

The rule is that of the data the published networks learned from (Ha & Song, "Semantic Abstraction",
CoRL 2022): the direction from target to reference must have a cosine above 0.6 with that of the
relation, and the distance must be within twice the reference's width, at least 0.1 m, at most 1 m.
There *in* and *on* came from the simulator; here they are read from boxes. All are softened to
degrees 0..1, 1/2 where the rule turns. As *and* is the least and *any* the greatest,

    score(t) = min(A(t), max over r ≠ t of min(B(r), degree(t, r))).

Boxes are upright, in the world frame, metres. Letters: U places, T targets, R references.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lexel.errors import InputError
from lexel.geometry.placement import heading_rad
from lexel.query.contrast import logistic
from lexel.query.places import Places
from lexel.query.tree import Node, Spatial, parts_of
from lexel.scene.field import Floats

MIN_COSINE, MIN_REACH_M, MAX_REACH_M = 0.6, 0.1, 1.0
_COSINE_SOFTNESS = 0.05
_REACH_SOFTNESS = 0.1  # of the reach
_REST_M, _REST_SOFTNESS_M = 0.05, 0.015  # the gap between a thing and what it stands on
_SUNK = 0.85  # how well a thing is *on* another whose box reaches higher: a cushion on a sofa
_FOOT = 0.15  # of the other's height; what stands lower does not stand on it
_INSIDE, _INSIDE_SOFTNESS = 0.6, 0.08  # share of a thing's box within another's
_HALF_ON, _HALF_ON_SOFTNESS = 0.4, 0.08  # share of its footprint above the other's
# From target to reference, as multiples of what is ahead and what is to the left.
_DIRECTIONS = {
    "behind": (-1, 0),
    "in front of": (1, 0),
    "on the left of": (0, -1),
    "on the right of": (0, 1),
}
_MOST_REFERENCES = 256  # those most like B; others would add less than the least of these


def forward_of_camera(world_from_camera: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """What is ahead for somebody who looks through a camera: level, a unit vector."""
    angle = heading_rad(world_from_camera)
    return np.array([np.cos(angle), np.sin(angle), 0.0])


def needs_forward(node: Node) -> bool:
    """Whether a relation stands anywhere in a tree that depends on who looks."""
    if isinstance(node, Spatial) and node.relation in _DIRECTIONS:
        return True
    return any(map(needs_forward, parts_of(node)))


def relate(
    places: Places, target: Floats, relation: str, reference: Floats, forward: npt.ArrayLike
) -> Floats:
    """Scores (U,) of the places for *the target relation the reference*.

    Args:
        target, reference: (U,) how much each place is an A, and a B, 0..1.
        relation: one of `lexel.scene.RELATIONS`.
        forward: (3,) what is ahead, world frame.
    """
    likely = np.argsort(-reference, kind="stable")[:_MOST_REFERENCES]
    degrees = degree(places, relation, likely, forward)
    degrees[likely, np.arange(len(likely))] = 0  # nothing is behind itself
    best = np.minimum(degrees, reference[likely]).max(axis=1)
    return np.minimum(target, best)


def degree(
    places: Places, relation: str, references: npt.NDArray[np.integer], forward: npt.ArrayLike
) -> Floats:
    """(U, R) how well each place stands in a relation to each of these, 0..1."""
    if relation == "on":
        return _on(places, references)
    if relation == "in":
        return _in(places, references)
    ahead, left = _DIRECTIONS[relation]
    return _towards(places, references, ahead * _level(forward) + left * _to_the_left(forward))


def _towards(
    places: Places, references: npt.NDArray[np.integer], direction: npt.NDArray[np.float64]
) -> Floats:
    way = places.centre[references][None] - places.centre[:, None]
    distance = np.sqrt((way**2).sum(axis=-1))
    cosine = way @ direction.astype(np.float32) / np.maximum(distance, 1e-6)
    width = (places.upper - places.lower)[references, :2].max(axis=1)
    reach = np.clip(2 * width, MIN_REACH_M, MAX_REACH_M)
    near = logistic((reach - distance) / (_REACH_SOFTNESS * reach))
    return np.minimum(logistic((cosine - MIN_COSINE) / _COSINE_SOFTNESS), near)


def _on(places: Places, references: npt.NDArray[np.integer]) -> Floats:
    """Above it, and resting on its top, or on something within its box that is not its foot."""
    bottom = places.lower[:, None, 2]
    low, high = places.lower[references, 2], places.upper[references, 2]
    rests = logistic((_REST_M - np.abs(bottom - high)) / _REST_SOFTNESS_M)
    foot = low + _FOOT * (high - low)
    sunk = _SUNK * logistic((bottom - foot) / _REST_SOFTNESS_M) * (bottom <= high)
    above = logistic((_shared(places, references, 2) - _HALF_ON) / _HALF_ON_SOFTNESS)
    return np.minimum(above, np.maximum(rests, sunk))


def _in(places: Places, references: npt.NDArray[np.integer]) -> Floats:
    return logistic((_shared(places, references, 3) - _INSIDE) / _INSIDE_SOFTNESS)


def _shared(places: Places, references: npt.NDArray[np.integer], axes: int) -> Floats:
    """(U, R) share of each place's extent along the first axes that lies within the other's."""
    share = np.ones((len(places), len(references)), np.float32)
    for axis in range(axes):
        lower, upper = places.lower[:, None, axis], places.upper[:, None, axis]
        common = np.minimum(upper, places.upper[references, axis])
        common = common - np.maximum(lower, places.lower[references, axis])
        share *= np.clip(common / np.maximum(upper - lower, 1e-3), 0, 1)
    return share


def _level(forward: npt.ArrayLike) -> npt.NDArray[np.float64]:
    x, y = np.asarray(forward, np.float64)[:2]
    length = np.hypot(x, y)
    if not length > 0:
        raise InputError(
            "forward has no level part", got=forward, do="Give a direction that is not vertical."
        )
    return np.array([x, y, 0.0]) / length


def _to_the_left(forward: npt.ArrayLike) -> npt.NDArray[np.float64]:
    x, y, _ = _level(forward)
    return np.array([-y, x, 0.0])
