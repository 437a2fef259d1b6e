"""Furnish a room: everything stands on something, and nothing stands in anything else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lexel.synthetic.catalogue import classes
from lexel.synthetic.model import ROOMS, Model, ObjectClass, Shelf
from lexel.synthetic.room import Placed, Room
from lexel.synthetic.style import Style

_TRIES = 12
_GAP_M = 0.02  # between neighbours
_FEET_M = 1e-3  # things stand a hair above what carries them, so that surfaces stay apart
_ON_FLOOR_SHARE = 0.2  # small things that lie on the floor: behind, beside, under
Matrix = NDArray[np.float64]


def furnish(
    seed: int, kind: str | None = None, *, look: str = "seen", without: Sequence[str] = ()
) -> Room:
    """A room of one kind (drawn when None), the same for the same arguments.

    Args:
        seed: of everything that is drawn.
        kind: one of `lexel.synthetic.model.ROOMS`.
        look: see `lexel.synthetic.style.Style`. Layout and shapes do not depend on it.
        without: names of classes that must not appear.
    """
    layout = np.random.default_rng([seed, 1])
    style = Style(np.random.default_rng([seed, 2]), look)
    kind = kind or str(layout.choice(ROOMS))
    width, depth = layout.uniform(3.0, 4.6, 2)
    size = (float(width), float(depth), float(layout.uniform(2.4, 2.9)))
    furniture = _Furniture(size, layout, style)
    home = [k for k in classes().values() if kind in k.rooms and k.name not in without]
    small = [k for k in classes().values() if k.stands == "surface" and k.name not in without]
    for stands, count in (("wall side", (3, 6)), ("floor", (2, 6)), ("wall", (0, 3))):
        furniture.add_some([k for k in home if k.stands == stands], layout.integers(*count))
    local = [k for k in home if k.stands == "surface"]
    for _ in range(int(layout.integers(7, 16))):
        furniture.add_some(local if local and layout.random() < 0.75 else small, 1)
    furniture.add_some([k for k in home if k.stands == "rug"], layout.integers(0, 2))
    return Room(
        name=f"{kind}-{seed:07d}",
        kind=kind,
        size=size,
        objects=tuple(furniture.placed),
        wall=style.wall(kind),
        floor=style.floor(kind),
        light=style.light(size),
    )


@dataclass(eq=False)
class _Furniture:
    """What stands in the room so far, and the rules for what may be added."""

    size: tuple[float, float, float]
    rng: np.random.Generator
    style: Style
    placed: list[Placed] = field(default_factory=list)
    _taken: list[tuple[Matrix, Matrix]] = field(default_factory=list)

    def add_some(self, kinds: Sequence[ObjectClass], count: int) -> None:
        """Try to add `count` objects, of different classes as far as there are enough."""
        if not kinds:
            return
        order = self.rng.permutation(len(kinds))
        for n in range(int(count)):
            self._add(kinds[order[n % len(kinds)]])

    def _add(self, kind: ObjectClass) -> None:
        model = kind.build(self.rng)
        for _ in range(_TRIES):
            place, support, shelf = self._propose(kind, model)
            if place is not None and self._accept(kind, model, place, support, shelf):
                return

    def _propose(
        self, kind: ObjectClass, model: Model
    ) -> tuple[Matrix | None, Placed | None, Shelf | None]:
        if kind.stands == "wall side":
            return self._against_wall(model, 0.0), None, None
        if kind.stands == "wall":
            return self._against_wall(model, float(self.rng.uniform(*kind.height_m))), None, None
        carriers = [p for p in self.placed if p.model.shelves]
        if kind.stands == "surface" and carriers and self.rng.random() > _ON_FLOOR_SHARE:
            support = carriers[self.rng.integers(len(carriers))]
            shelf = support.model.shelves[self.rng.integers(len(support.model.shelves))]
            return self._on_shelf(model, support, shelf), support, shelf
        return self._on_floor(model), None, None

    def _against_wall(self, model: Model, height: float) -> Matrix | None:
        lower, upper = model.bounds
        side = int(self.rng.integers(4))
        along_room = self.size[1] if side % 2 == 0 else self.size[0]
        across_room = self.size[0] if side % 2 == 0 else self.size[1]
        slack = along_room / 2 - (upper[1] - lower[1]) / 2 - _GAP_M
        if slack <= 0:
            return None
        # Furniture often stands off the wall, and small things hide behind it.
        off = _FEET_M if height else float(self.rng.choice([0.03, 0.05, 0.35], p=[0.5, 0.3, 0.2]))
        along = self.rng.uniform(-slack, slack)
        centre = np.array([-across_room / 2 + off - lower[0], along, height])
        turn = _turned(side * 90.0)
        return _pose(turn, turn @ centre + [0, 0, 0 if height else _FEET_M])

    def _on_floor(self, model: Model) -> Matrix:
        turn = _turned(float(self.rng.integers(4) * 90 + self.rng.uniform(-25, 25)))
        half = np.array(self.size[:2]) / 2 - 0.1
        return _pose(turn, np.array([*self.rng.uniform(-half, half), _FEET_M]))

    def _on_shelf(self, model: Model, support: Placed, shelf: Shelf) -> Matrix | None:
        turn = _turned(float(self.rng.uniform(-50, 50)))
        corners = np.concatenate([part.vertices for part in model.parts]) @ turn.T
        low, high = corners.min(0), corners.max(0)
        start = np.array(shelf.lower) - low[:2] + 0.005
        stop = np.array(shelf.upper) - high[:2] - 0.005
        tall = shelf.clearance is not None and high[2] + 2 * _FEET_M > shelf.clearance
        if tall or np.any(stop < start):
            return None
        here = _pose(turn, np.array([*self.rng.uniform(start, stop), shelf.z + _FEET_M]))
        return support.world_from_object @ here

    def _accept(
        self,
        kind: ObjectClass,
        model: Model,
        place: Matrix,
        support: Placed | None,
        shelf: Shelf | None,
    ) -> bool:
        colour = self.style.colour_of(kind)
        new = Placed(
            id=len(self.placed) + 1,
            kind=kind,
            model=model,
            colour=colour,
            rgb=self.style.shade(colour),
            material=self.style.material_of(kind),
            world_from_object=place,
            support=support.id if support else 0,
            relation=shelf.relation if support and shelf else "",
        )
        lower, upper = new.bounds
        half = np.array(self.size[:2]) / 2
        if np.any(lower[:2] < -half) or np.any(upper[:2] > half) or upper[2] > self.size[2]:
            return False
        carriers = self._carriers_of(new)
        for other, (low, high) in zip(self.placed, self._taken, strict=True):
            if other.id in carriers:
                continue
            if np.all(lower - _GAP_M < high) and np.all(low < upper + _GAP_M):
                return False
        self.placed.append(new)
        self._taken.append((lower, upper))
        return True

    def _carriers_of(self, new: Placed) -> set[int]:
        """Ids of what `new` stands on or in, and what that stands on or in, and so on."""
        found, support = set(), new.support
        while support:
            found.add(support)
            support = self.placed[support - 1].support
        return found


def _turned(degrees: float) -> Matrix:
    a = np.radians(degrees)
    return np.array([[np.cos(a), -np.sin(a), 0], [np.sin(a), np.cos(a), 0], [0, 0, 1.0]])


def _pose(turn: Matrix, shift: Matrix) -> Matrix:
    pose = np.eye(4)
    pose[:3, :3], pose[:3, 3] = turn, shift
    return pose
