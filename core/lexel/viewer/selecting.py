"""What can be picked, and what is asked with it. Without Qt."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lexel.errors import InputError
from lexel.pipelines.ask import AskableField
from lexel.scene import Origin
from lexel.viewer.choices import NOTHING, Choices, PickedCodes, Selection

_ROOM, _LEAST_ROOM_M = 0.3, 0.2  # around what is framed: a share of its length, metres


def points_of_object(field: AskableField, number: int, label: str = "") -> Selection:
    """All points of an object."""
    instance = field.points.instance
    if instance is None:
        raise InputError("the points of this field do not tell which object they belong to")
    return Selection.of(np.flatnonzero(instance == number), label)


def points_like(field: AskableField, point: int) -> Selection:
    """The object that a point belongs to, else the points of its code; nothing for -1."""
    if point < 0:
        return NOTHING
    instance = field.points.instance
    if instance is not None and (number := int(instance[point])) >= 0:
        names = {thing.id: thing.label for thing in field.stored.instances}
        return points_of_object(field, number, names.get(number, ""))
    code = field.stored.code[point]
    return Selection.of(np.flatnonzero(field.stored.code == code), f"code {code}")


def box_of(field: AskableField, selection: Selection) -> npt.NDArray[np.float64]:
    """(2, 3) corners around the selected points and some room about them, metres.

    Around all points where none is selected.
    """
    if not len(selection):
        return field.bounds_m
    xyz_m = field.points.xyz_m[selection.ids].astype(np.float64)
    lower, upper = xyz_m.min(axis=0), xyz_m.max(axis=0)
    room_m = max(_ROOM * float((upper - lower).max()), _LEAST_ROOM_M)
    return np.stack([lower - room_m, upper + room_m])


def example_of(field: AskableField, selection: Selection) -> PickedCodes:
    """The selected points as an example to ask with.

    Raises:
        InputError: nothing is selected.
    """
    if not len(selection):
        raise InputError("nothing is selected")
    codes, counts = np.unique(field.stored.code[selection.ids], return_counts=True)
    return PickedCodes(selection.name or "what was picked", _plain(codes), _plain(counts))


def hidden_points(field: AskableField, choices: Choices) -> npt.NDArray[np.bool_] | None:
    """(N,) points that are not drawn, besides those outside the clip box; None: all are."""
    hidden: npt.NDArray[np.bool_] | None = None
    origin = field.points.origin
    if not choices.show_inferred and origin is not None:
        hidden = np.asarray(origin == Origin.INFERRED)
    if choices.isolated:
        others = np.ones(field.stored.num_points, bool)
        others[choices.selection.ids] = False
        hidden = others if hidden is None else hidden | others
    return hidden


def distance_m(field: AskableField, first: int, second: int) -> float:
    """Between two points."""
    return float(np.linalg.norm(field.points.xyz_m[first] - field.points.xyz_m[second]))


def _plain(values: npt.NDArray[np.integer]) -> tuple[int, ...]:
    return tuple(int(value) for value in values)
