"""What the user chose: one frozen value, replaced whole; undone, stored and drawn from it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from lexel.errors import InputError
from lexel.scene.colour_ramp import DEFAULT_RAMP, RAMPS
from lexel.scene.recipe import Look, Mode
from lexel.viewer.drawing.camera import Camera

MIN_POINT_SIZE, MAX_POINT_SIZE = 0.25, 4.0
_UNIT = ("balance", "over_rgb")


@dataclass(frozen=True)
class PickedCodes:
    """An example: points that were picked, as the codes they have.

    Attributes:
        name: for the legend.
        codes: rows of the codebook, each once.
        counts: of the picked points that have them.
    """

    name: str
    codes: tuple[int, ...]
    counts: tuple[int, ...]


@dataclass(frozen=True)
class PictureVector:
    """An example: a picture, as the field's image tower read it.

    Attributes:
        name: for the legend.
        visual: (D,) unit vector.
    """

    name: str
    visual: tuple[float, ...]


ExampleChoice: TypeAlias = PickedCodes | PictureVector


@dataclass(frozen=True)
class ClipBox:
    """Only points inside are drawn: corners in metres, world frame."""

    lower: tuple[float, float, float]
    upper: tuple[float, float, float]


@dataclass(frozen=True, eq=False)
class Selection:
    """Points that were picked.

    Attributes:
        ids: (M,) int64, increasing, each once.
        name: what they are, for display.
    """

    ids: npt.NDArray[np.int64]
    name: str = ""

    @classmethod
    def of(cls, ids: npt.ArrayLike, name: str = "") -> Selection:
        """Any ids, in any order; millions that are in order already take no sorting."""
        some = np.asarray(ids, np.int64)
        ordered = bool((some[1:] > some[:-1]).all())
        return cls(some if ordered else np.unique(some), name)

    def __len__(self) -> int:
        return len(self.ids)


NOTHING = Selection(np.zeros(0, np.int64))


@dataclass(frozen=True)
class Choices:
    """All that a user set for the open field.

    Attributes:
        text: what was typed, in the query language.
        compare: another text, shown side by side; None: one picture only.
        examples: asked besides the text.
        negatives: in place of the field's own; None: the field's own.
        balance: 0 visual … 1 sentence.
        query: which of the queries heat shows.
        mode: what colours tell.
        layer: a layer that heat shows in place of an answer.
        tier: the highest tier of answers that is shown; None: the highest there is.
        threshold: score from which on a point is found; None: the suggested one.
        heat_range: scores where heat begins and ends; None: the answer's own.
        colour_map: one of `lexel.scene.colour_ramp.RAMPS`.
        over_rgb: how much colours cover those of the points, 0..1.
        point_size: of drawn points; 1 is as large as they are apart.
        clip: None: everything is drawn.
        camera: None: the whole field is seen. Not undone.
        selection: points that were picked.
        isolated: whether only the selection is drawn.
        show_inferred: whether points are drawn that no camera saw.
        see_inside: whether surfaces are left out that are seen from behind.
        overlays: names of layers that are drawn as things of their own.
    """

    text: str = ""
    compare: str | None = None
    examples: tuple[ExampleChoice, ...] = ()
    negatives: tuple[str, ...] | None = None
    balance: float = 0.0
    query: int = 0
    mode: Mode = Mode.HEAT
    layer: str | None = None
    tier: int | None = None
    threshold: float | None = None
    heat_range: tuple[float, float] | None = None
    colour_map: str = DEFAULT_RAMP
    over_rgb: float = 0.8
    point_size: float = 1.0
    clip: ClipBox | None = None
    camera: Camera | None = None
    selection: Selection = NOTHING
    isolated: bool = False
    show_inferred: bool = True
    see_inside: bool = False
    overlays: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in _UNIT:
            if not 0 <= getattr(self, name) <= 1:
                raise InputError(f"{name} lies between 0 and 1", got=getattr(self, name))
        if not MIN_POINT_SIZE <= self.point_size <= MAX_POINT_SIZE:
            limits = f"{MIN_POINT_SIZE:g} and {MAX_POINT_SIZE:g}"
            raise InputError(f"the size of points lies between {limits}", got=self.point_size)
        if self.colour_map not in RAMPS:
            known = ", ".join(RAMPS)
            raise InputError("there is no such colour map", got=self.colour_map, do=f"Use {known}.")
        if self.query < 0:
            raise InputError("queries are counted from 0", got=self.query)
        if self.isolated and not len(self.selection):
            raise InputError("nothing is selected that could be isolated")

    @property
    def look(self) -> Look:
        """As painters and recipes take it."""
        least = None if self.threshold is None else (self.threshold, 1.0)
        return Look(
            mode=self.mode,
            layer=self.layer,
            range=least if self.mode is Mode.LABEL else self.heat_range,
            colour_map=self.colour_map,
            over_rgb=self.over_rgb,
        )

    def for_another_field(self) -> Choices:
        """What stays when another field is opened: how things look."""
        mode = self.mode if self.mode in (Mode.HEAT, Mode.LABEL) else Mode.HEAT
        fresh = Choices(mode=mode, show_inferred=self.show_inferred)
        kept = {name: getattr(self, name) for name in ("colour_map", "over_rgb", "point_size")}
        return replace(fresh, **kept)
