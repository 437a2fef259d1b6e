"""A recipe: what a figure shows, so that every client shows the same (`spec/formats.md`)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from lexel.scene.colour_ramp import DEFAULT_RAMP

TRANSPARENT = "transparent"


class Mode(StrEnum):
    """What the colours of points tell."""

    RGB = "rgb"
    HEAT = "heat"
    LABEL = "label"
    AGREEMENT = "agreement"
    NORMALS = "normals"


class Projection(StrEnum):
    PERSPECTIVE = "perspective"
    ORTHOGRAPHIC = "orthographic"


@dataclass(frozen=True, eq=False)
class RecipeCamera:
    """Who looks.

    Attributes:
        world_from_camera: (4, 4), OpenCV axes.
        intrinsics: (3, 3) pixels of the recipe's size, pixel centres at +0.5; of a perspective.
        scale_m: width of what is seen; of an orthographic view.
    """

    world_from_camera: npt.NDArray[np.float64]
    intrinsics: npt.NDArray[np.float64] | None = None
    scale_m: float | None = None

    @property
    def projection(self) -> Projection:
        return Projection.ORTHOGRAPHIC if self.intrinsics is None else Projection.PERSPECTIVE


@dataclass(frozen=True)
class Look:
    """How an answer is turned into colours.

    Attributes:
        mode: see `Mode`.
        layer: a layer of the field whose scores are shown as heat, in place of an answer's.
        range: scores where colours begin and end; None: the answer's own. In label mode a point
            needs the first of the two to be coloured; None: the suggested threshold.
        colour_map: one of `lexel.scene.colour_ramp.RAMPS`.
        over_rgb: how much the colours cover those of the points, 0..1.
    """

    mode: Mode = Mode.HEAT
    layer: str | None = None
    range: tuple[float, float] | None = None
    colour_map: str = DEFAULT_RAMP
    over_rgb: float = 0.8


@dataclass(frozen=True, eq=False)
class Recipe:
    """A figure in words.

    Attributes:
        field: path of a field, from where the recipe lies.
        field_sha256: of its `field.json`; empty where it does not matter which version it is.
        queries: as typed, one each; those with a leading `-` hold for all.
        negatives: in place of the field's own; None: the field's own.
        balance: 0 visual … 1 sentence.
        look: how the answer is coloured; heat is that of the first query.
        background: "transparent" or "#rrggbb".
        camera: None: the whole field is seen.
        size_px: width, height.
        point_radius_m: None: by the distance of the points.
        legend: whether a legend or a colour bar is drawn.
        overlays: names of layers, drawn as things of their own.
    """

    field: str
    field_sha256: str = ""
    queries: tuple[str, ...] = ()
    negatives: tuple[str, ...] | None = None
    balance: float = 0.0
    look: Look = Look()
    background: str = TRANSPARENT
    camera: RecipeCamera | None = None
    size_px: tuple[int, int] = (1280, 800)
    point_radius_m: float | None = None
    legend: bool = True
    overlays: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The queries as one text of the query language."""
        return "; ".join(self.queries)
